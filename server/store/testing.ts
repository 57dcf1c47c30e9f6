/** What tests of several parts need of a store. */
import type { Connection } from './sqlite/connection.ts';

/** From now on the database can take no more; what is answered makes room again. */
export async function fillDisk(connection: Connection): Promise<() => Promise<void>> {
  const pragma = async (text: string) =>
    (await connection.request<{ rows: Record<string, number>[] }>({ op: 'query', sql: text, params: [] }))
      .rows[0];
  const pages = (await pragma('PRAGMA page_count'))?.['page_count'] ?? 0;
  await pragma(`PRAGMA max_page_count = ${pages}`);
  return async () => {
    await pragma('PRAGMA max_page_count = 1073741823');
  };
}
