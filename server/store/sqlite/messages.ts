/** What the process and the database's thread say to each other. */

export interface QueryResult {
  rows: unknown[];
  changes: number;
}

export type Request =
  { op: 'query'; sql: string; params: readonly unknown[] } | { op: 'checkpoint' } | { op: 'close' };

export type Response =
  { id: number; ok: true; value: unknown } | { id: number; ok: false; code: string; message: string };

/** Why a database could not be opened. Nothing was changed in its file. */
export interface OpenFailure {
  kind: 'corrupt' | 'newer' | 'failed';
  detail: string;
}
