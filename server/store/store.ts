import { Kysely } from 'kysely';
import { Connection } from './sqlite/connection.ts';
import { workerDialect } from './sqlite/dialect.ts';
import type { Database } from './tables.ts';

/** Where everything is kept. `db` for people and reports; documents have a port of their own. */
export interface Store {
  db: Kysely<Database>;
  connection: Connection;
  close(): Promise<void>;
}

/** Opens the SQLite store. Throws DatabaseOpenError when the file is damaged or from a newer version. */
export async function openSqliteStore(file: string): Promise<Store> {
  const connection = await Connection.open(file);
  const db = new Kysely<Database>({ dialect: workerDialect(connection) });
  return { db, connection, close: () => connection.close() };
}
