/**
 * A thread that takes one snapshot and ends. It reads through a connection of its own, so that commits
 * go on meanwhile; switching to the snapshot is left to the thread that owns the database.
 */
import SqliteDatabase from 'better-sqlite3';
import { parentPort, workerData } from 'node:worker_threads';
import { placeOf } from '../place.ts';
import { takeSnapshot, type Snapshot } from '../snapshot.ts';

export interface CompactorTask {
  file: string;
  docId: string;
}
/** Null: no snapshot newer than the last one can be taken. */
export type CompactorAnswer = { epoch: number; seq: number; snapshot: Snapshot } | null;

const port = parentPort;
if (port === null) throw new Error('server/store/sqlite/compactor.ts runs as a worker thread only');

function compact({ file, docId }: CompactorTask): CompactorAnswer {
  const db = new SqliteDatabase(file, { readonly: true });
  try {
    // One read transaction: the row and its log belong to the same moment.
    return db.transaction(() => {
      const doc = db
        .prepare(
          `SELECT number, kind, headSeq, snapSeq, epoch, coalesce((SELECT seq FROM docProjection
             WHERE docId = doc.id AND name = 'authorship'), 0) AS seen FROM doc WHERE id = ?`,
        )
        .get(docId) as
        | { number: number; kind: string; headSeq: number; snapSeq: number; epoch: number; seen: number }
        | undefined;
      if (doc === undefined) return null;
      // A projection that is behind still needs the rows one by one.
      const seq = doc.kind === 'content' ? Math.min(doc.headSeq, doc.seen) : doc.headSeq;
      if (seq <= doc.snapSeq) return null;
      const base = db
        .prepare('SELECT bytes FROM docSnapshot WHERE docId = ? AND seq = ?')
        .pluck()
        .get(docId, doc.snapSeq) as Uint8Array | undefined;
      if (base === undefined && doc.snapSeq > 0) throw new Error(`document ${docId} lacks its snapshot`);
      const rows = db
        .prepare('SELECT bytes FROM docUpdate WHERE place > ? AND place <= ? ORDER BY place')
        .pluck()
        .all(placeOf(doc.number, doc.snapSeq), placeOf(doc.number, seq)) as Uint8Array[];
      if (rows.length !== seq - doc.snapSeq) throw new Error(`document ${docId}: its log has a gap`);
      return { epoch: doc.epoch, seq, snapshot: takeSnapshot(base ?? null, rows) };
    })();
  } finally {
    db.close();
  }
}

port.postMessage(compact(workerData as CompactorTask));
