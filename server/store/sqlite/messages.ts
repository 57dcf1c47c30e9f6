/** What the process and the database's thread say to each other. */
import type { Snapshot } from '../snapshot.ts';
import type { DocBatch, DocKind, Projection } from '../docs.ts';

export interface QueryResult {
  rows: unknown[];
  changes: number;
}

/** What documents need of the thread: see `docs.ts` beside it. */
export type DocRequest =
  | { op: 'doc.load'; reportId: string; kind: DocKind }
  | { op: 'doc.commit'; batches: readonly DocBatch[] }
  | { op: 'doc.probe' }
  | { op: 'doc.hasCommand'; docId: string; userId: string; key: string }
  | { op: 'doc.project'; docId: string; projection: Projection }
  | { op: 'doc.switch'; docId: string; epoch: number; seq: number; at: string; snapshot: Snapshot }
  | { op: 'doc.raiseEpochs'; at: string };

export type Request =
  | { op: 'query'; sql: string; params: readonly unknown[] }
  | DocRequest
  | { op: 'rollback' }
  | { op: 'close' };

export type Response =
  { id: number; ok: true; value: unknown } | { id: number; ok: false; code: string; message: string };

/** Why a database could not be opened. Nothing was changed in its file. */
export interface OpenFailure {
  kind: 'corrupt' | 'newer' | 'failed';
  detail: string;
}
