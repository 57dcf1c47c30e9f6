/** What tests of several parts need of a store. */
import SqliteDatabase from 'better-sqlite3';
import type { Connection } from './sqlite/connection.ts';

async function pragma(connection: Connection, text: string): Promise<Record<string, number> | undefined> {
  const { rows } = await connection.request<{ rows: Record<string, number>[] }>({
    op: 'query',
    sql: `PRAGMA ${text}`,
    params: [],
  });
  return rows[0];
}

/** From now on the database can take no more; what is answered makes room again. */
export async function fillDisk(connection: Connection): Promise<() => Promise<void>> {
  const pages = (await pragma(connection, 'page_count'))?.['page_count'] ?? 0;
  await pragma(connection, `max_page_count = ${pages}`);
  return async () => {
    await pragma(connection, 'max_page_count = 1073741823');
  };
}

/** From now on somebody else writes in the database, for longer than anyone waits; what is answered ends it. */
export async function lockDatabase(connection: Connection, file: string): Promise<() => Promise<void>> {
  const before = (await pragma(connection, 'busy_timeout'))?.['timeout'] ?? 0;
  await pragma(connection, 'busy_timeout = 10');
  const other = new SqliteDatabase(file);
  other.exec('BEGIN IMMEDIATE');
  return async () => {
    other.exec('ROLLBACK');
    other.close();
    await pragma(connection, `busy_timeout = ${before}`);
  };
}
