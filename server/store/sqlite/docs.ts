/** Documents in SQLite: the part that runs in the database's thread, in plain SQL. */
import type { Database, Statement } from 'better-sqlite3';
import type { AuthorshipRun } from '#lib/review/authorship.ts';
import { sha256 } from '../digest.ts';
import {
  epochAfter,
  keysKeptFrom,
  superfluousSnapshots,
  type DocBatch,
  type CommittedSizes,
  type DocCommit,
  type DocKind,
  type LoggedUpdate,
  type NewUpdate,
  type Projection,
  type StoredDoc,
} from '../docs.ts';
import { placeOf } from '../place.ts';
import type { Snapshot } from '../snapshot.ts';
import type { DocRequest } from './messages.ts';

interface DocRow {
  number: number;
  id: string;
  reportId: string;
  kind: DocKind;
  headSeq: number;
  snapSeq: number;
  logBytes: number;
  snapBytes: number;
  epoch: number;
  restoredAt: string | null;
  accessEpoch: number;
}
type Sizes = Pick<DocRow, 'number' | 'headSeq' | 'logBytes' | 'snapBytes'>;
type Written = CommittedSizes & { firstSeq: number };
type SnapshotRow = { seq: number; at: string; sha256: string; bytes: Uint8Array };

/** Where the rows of a document end. */
const endOf = (number: number) => placeOf(number + 1, 0);

/** What is written to see whether anything can be: a row of its own, large enough to need new pages. */
const PROBE_KEY = 'store.probe';
const PROBE_LENGTH = 64 * 1024;

/** Answers the requests about documents on an open database. */
export function documents(db: Database): (request: DocRequest) => unknown {
  const sql = (text: string): Statement => db.prepare(text);
  const findDoc = sql('SELECT * FROM doc WHERE reportId = ? AND kind = ?');
  const docById = sql('SELECT * FROM doc WHERE id = ?');
  const reportById = sql('SELECT title, titleSeq FROM report WHERE id = ?');
  const projectionOf = sql(`SELECT seq, state FROM docProjection WHERE docId = ? AND name = 'authorship'`);
  const runsOf = sql(
    'SELECT client, clock, length, userId, departmentId, at FROM authorshipRun WHERE docId = ? ORDER BY client, clock',
  );
  const snapshotsOf = sql(
    'SELECT seq, at, sha256, bytes FROM docSnapshot WHERE docId = ? AND seq <= ? ORDER BY seq DESC',
  );
  const rowsAfter = sql(
    `SELECT u.seq, u.userId, p.departmentId, u.at, u.bytes FROM docUpdate u LEFT JOIN user p ON p.id = u.userId
     WHERE u.place > ? AND u.place < ? ORDER BY u.place`,
  );
  const advance = sql(
    `UPDATE doc SET headSeq = headSeq + ?, logBytes = logBytes + ? WHERE id = ? AND epoch = ? AND accessEpoch = ?
     RETURNING number, headSeq, logBytes, snapBytes`,
  );
  const advanceAlso = sql(
    `UPDATE doc SET headSeq = headSeq + ?, logBytes = logBytes + ? WHERE id = ?
     RETURNING number, headSeq, logBytes, snapBytes`,
  );
  const putCommand = sql('INSERT INTO docCommand (docId, userId, key, seq, at) VALUES (?, ?, ?, ?, ?)');
  const findCommand = sql('SELECT seq FROM docCommand WHERE docId = ? AND userId = ? AND key = ?');
  const dropCommands = sql('DELETE FROM docCommand WHERE docId = ? AND at < ?');
  const append = sql('INSERT INTO docUpdate (place, userId, at, bytes) VALUES (?, ?, ?, ?)');
  const touch = sql(
    // A report is as old as its text, whatever is said about it.
    `UPDATE report SET updatedAt = ?, updatedBy = ?
     WHERE id = (SELECT reportId FROM doc WHERE id = ? AND kind = 'content')`,
  );
  const setTitle = sql(
    'UPDATE report SET title = ?, titleSeq = ? WHERE titleSeq < ? AND id = (SELECT reportId FROM doc WHERE id = ?)',
  );
  const setSeen = sql(
    `INSERT INTO docProjection (docId, name, seq, state) VALUES (?, 'authorship', ?, ?)
     ON CONFLICT (docId, name) DO UPDATE SET seq = excluded.seq, state = coalesce(excluded.state, state)
     WHERE excluded.seq >= seq`,
  );
  const putRun = sql(
    `INSERT INTO authorshipRun (docId, client, clock, length, userId, departmentId, at) VALUES (?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT (docId, client, clock) DO UPDATE SET length = excluded.length`,
  );
  const putSnapshot = sql(
    'INSERT OR REPLACE INTO docSnapshot (docId, seq, at, sha256, bytes) VALUES (?, ?, ?, ?, ?)',
  );
  const setSnapshot = sql(
    `UPDATE doc SET snapSeq = :seq, snapBytes = :bytes, logBytes =
       (SELECT coalesce(sum(length(bytes)), 0) FROM docUpdate WHERE place > :last AND place < :end)
     WHERE number = :number RETURNING number, headSeq, logBytes, snapBytes`,
  );
  const dropSnapshot = sql('DELETE FROM docSnapshot WHERE docId = ? AND seq = ?');
  const ownersOf = sql('SELECT userId, clientId FROM clientOwner WHERE docId = ? ORDER BY clientId').raw();
  const claim = sql('INSERT INTO clientOwner (docId, clientId, userId, firstSeq) VALUES (?, ?, ?, ?)');
  const epochs = sql('SELECT id, epoch FROM doc');
  const setEpoch = sql('UPDATE doc SET epoch = ?, restoredAt = ? WHERE id = ?');
  const putProbe = sql(`INSERT OR REPLACE INTO setting (key, value) VALUES ('${PROBE_KEY}', ?)`);
  const dropProbe = sql(`DELETE FROM setting WHERE key = '${PROBE_KEY}'`);
  const dropOwners = sql('DELETE FROM clientOwner');
  const dropRows = sql('DELETE FROM docUpdate WHERE place >= ? AND place <= ?');

  function load(reportId: string, kind: DocKind): StoredDoc | null {
    const doc = findDoc.get(reportId, kind) as DocRow | undefined;
    if (doc === undefined) return null;
    const report = reportById.get(reportId) as { title: string; titleSeq: number };
    const seen = projectionOf.get(doc.id) as { seq: number; state: string | null } | undefined;
    const isProjected = kind === 'content';
    const base = newestReadable(doc.id, isProjected ? (seen?.seq ?? 0) : doc.headSeq);
    const rows = rowsAfter.all(placeOf(doc.number, base?.seq ?? 0), endOf(doc.number)) as LoggedUpdate[];
    const first = (base?.seq ?? 0) + 1;
    const broken = rows.findIndex(({ seq }, index) => seq !== first + index);
    if (broken >= 0 || first + rows.length - 1 !== doc.headSeq) {
      throw new Error(`document ${doc.id}: its log has a gap after ${base?.seq ?? 0}`);
    }
    return {
      ...doc,
      ...report,
      base,
      rows,
      authorship: {
        seq: seen?.seq ?? 0,
        pool: seen?.state ?? null,
        runs: runsOf.all(doc.id) as AuthorshipRun[],
      },
      owners: owners(doc.id),
    };
  }

  function owners(docId: string): Map<string, number[]> {
    const clients = new Map<string, number[]>();
    for (const [userId, client] of ownersOf.iterate(docId) as IterableIterator<[string, number]>) {
      const list = clients.get(userId);
      if (list === undefined) clients.set(userId, [client]);
      else list.push(client);
    }
    return clients;
  }

  /** The newest snapshot up to a sequence number whose bytes are what they were when it was taken. */
  function newestReadable(docId: string, upTo: number): StoredDoc['base'] {
    for (const row of snapshotsOf.iterate(docId, upTo) as IterableIterator<SnapshotRow>) {
      if (sha256(row.bytes) === row.sha256) return { seq: row.seq, bytes: row.bytes };
    }
    return null;
  }

  function commitOne({ docId, epoch, accessEpoch, at, updates, also = null }: DocBatch): DocCommit {
    const sizes = advance.get(updates.length, bytesOf(updates), docId, epoch, accessEpoch);
    if (sizes === undefined) {
      const doc = docById.get(docId) as DocRow | undefined;
      if (doc === undefined || doc.epoch !== epoch) return { state: 'gone' };
      return { state: 'stale', accessEpoch: doc.accessEpoch };
    }
    const written = write(docId, sizes as Sizes, updates, at);
    const last = updates.at(-1);
    if (last !== undefined) touch.run(at, last.userId, docId);
    return { state: 'committed', ...written, also: also === null ? null : commitAlso(also, at) };
  }

  /** Rights and epochs are a report's: they were asked for with the other document. */
  function commitAlso({ docId, update }: NonNullable<DocBatch['also']>, at: string): CommittedSizes {
    const sizes = advanceAlso.get(1, update.bytes.length, docId) as Sizes | undefined;
    if (sizes === undefined) throw new Error(`document ${docId}: not there, but the report's other one is`);
    return write(docId, sizes, [update], at);
  }

  function write(docId: string, sizes: Sizes, updates: readonly NewUpdate[], at: string): Written {
    const { number, headSeq: lastSeq, logBytes, snapBytes } = sizes;
    const firstSeq = lastSeq - updates.length + 1;
    for (const [index, { userId, bytes, claims, key = null }] of updates.entries()) {
      append.run(placeOf(number, firstSeq + index), userId, at, bytes);
      for (const client of claims) claim.run(docId, client, userId, firstSeq + index);
      if (key !== null) putCommand.run(docId, userId, key, firstSeq + index, at);
    }
    return { firstSeq, lastSeq, logBytes, snapBytes };
  }

  /** Two transactions, each on disk when it returns. */
  function probe(): void {
    putProbe.run('0'.repeat(PROBE_LENGTH));
    dropProbe.run();
  }

  function project(docId: string, { seq, title, authorship }: Projection): void {
    if (title !== null) setTitle.run(title, seq, seq, docId);
    setSeen.run(docId, seq, authorship.pool);
    for (const { client, clock, length, userId, departmentId, at } of authorship.runs) {
      putRun.run(docId, client, clock, length, userId, departmentId, at);
    }
  }

  function switchTo(docId: string, epoch: number, seq: number, at: string, snapshot: Snapshot) {
    const doc = docById.get(docId) as DocRow | undefined;
    if (doc === undefined || doc.epoch !== epoch || doc.snapSeq >= seq) return null;
    putSnapshot.run(docId, seq, at, snapshot.sha256, snapshot.bytes);
    const { number } = doc;
    const { logBytes, snapBytes } = setSnapshot.get({
      number,
      seq,
      bytes: snapshot.bytes.length,
      last: placeOf(number, seq),
      end: endOf(number),
    }) as Sizes;
    const kept = db.prepare('SELECT seq, at FROM docSnapshot WHERE docId = ? ORDER BY seq').all(docId) as {
      seq: number;
      at: string;
    }[];
    for (const old of superfluousSnapshots(kept)) dropSnapshot.run(docId, old);
    const older = kept.at(-2);
    const seen = projectionOf.get(docId) as { seq: number } | undefined;
    const behind = doc.kind === 'content' ? (seen?.seq ?? 0) : doc.headSeq;
    if (older !== undefined) dropRows.run(placeOf(number, 0), placeOf(number, Math.min(older.seq, behind)));
    dropCommands.run(docId, keysKeptFrom(at));
    return { logBytes, snapBytes };
  }

  function raiseEpochs(at: string): void {
    for (const { id, epoch } of epochs.all() as Pick<DocRow, 'id' | 'epoch'>[]) {
      setEpoch.run(epochAfter(epoch, at), at, id);
    }
    dropOwners.run();
  }

  /** What can be derived again need not wait for the disk: the next commit's fsync takes it along. */
  function withoutSync(write: () => void): void {
    db.pragma('synchronous = NORMAL');
    try {
      write();
    } finally {
      db.pragma('synchronous = FULL');
    }
  }

  const commit = db.transaction((batches: readonly DocBatch[]) => batches.map(commitOne));
  const projectAll = db.transaction(project);
  const switchAll = db.transaction(switchTo);
  const raiseAll = db.transaction(raiseEpochs);

  return (request) => {
    switch (request.op) {
      case 'doc.load':
        return load(request.reportId, request.kind);
      case 'doc.commit':
        return commit.immediate(request.batches);
      case 'doc.probe':
        return probe();
      case 'doc.hasCommand':
        return findCommand.get(request.docId, request.userId, request.key) !== undefined;
      case 'doc.project':
        return withoutSync(() => projectAll.immediate(request.docId, request.projection));
      case 'doc.switch':
        return switchAll.immediate(request.docId, request.epoch, request.seq, request.at, request.snapshot);
      case 'doc.raiseEpochs':
        return raiseAll.immediate(request.at);
      default:
        return request satisfies never;
    }
  };
}

function bytesOf(updates: readonly NewUpdate[]): number {
  return updates.reduce((sum, { bytes }) => sum + bytes.length, 0);
}
