import { Kysely } from 'kysely';
import type { DocStore } from './docs.ts';
import { Connection } from './sqlite/connection.ts';
import { workerDialect } from './sqlite/dialect.ts';
import { sqliteDocStore } from './sqlite/doc-store.ts';
import type { Database } from './tables.ts';

/** Where everything is kept. `db` for people and reports; documents have a port of their own. */
export interface Store {
  db: Kysely<Database>;
  docs: DocStore;
  connection: Connection;
  close(): Promise<void>;
}

/** Opens the SQLite store. Throws DatabaseOpenError when the file is damaged or from a newer version. */
export async function openSqliteStore(file: string): Promise<Store> {
  const connection = await Connection.open(file);
  const db = new Kysely<Database>({ dialect: workerDialect(connection) });
  return { db, docs: sqliteDocStore(connection, file), connection, close: () => connection.close() };
}
