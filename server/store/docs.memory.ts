/** Documents in memory: for tests, and to keep the port honest. Nothing survives it. */
import type { AuthorshipRun } from '#lib/review/authorship.ts';
import { sha256 } from './digest.ts';
import {
  epochAfter,
  NotNowError,
  keysKeptFrom,
  superfluousSnapshots,
  type DocBatch,
  type CommittedSizes,
  type DocCommit,
  type DocKind,
  type DocStore,
  type LoggedUpdate,
  type NewUpdate,
} from './docs.ts';
import { takeSnapshot } from './snapshot.ts';

interface Kept {
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
  owners: Map<number, string>;
  log: LoggedUpdate[];
  /** When each was carried out, by user and key. */
  commands: Map<string, string>;
  snapshots: { seq: number; at: string; sha256: string; bytes: Uint8Array }[];
  seen: { seq: number; pool: string | null };
  runs: Map<string, AuthorshipRun>;
  title: string;
  titleSeq: number;
}

export interface MemoryDocStore extends DocStore {
  /** Puts a new, empty document there. */
  create(id: string, reportId: string, kind: DocKind): void;
  raiseAccessEpoch(id: string): void;
  /** Whether there is no room for anything any more. */
  isFull: boolean;
  /** Damages a snapshot. */
  damage(id: string, seq: number): void;
  counts(id: string): { rows: number; snapshots: number };
}

export function memoryDocStore(): MemoryDocStore {
  const docs = new Map<string, Kept>();
  const byId = (id: string): Kept => {
    const doc = docs.get(id);
    if (doc === undefined) throw new Error(`no document ${id}`);
    return doc;
  };
  const lowest = (doc: Kept) => (doc.kind === 'content' ? doc.seen.seq : doc.headSeq);

  function assertFree({ docId, epoch, accessEpoch, updates }: DocBatch): void {
    const doc = docs.get(docId);
    if (doc?.epoch !== epoch || doc.accessEpoch !== accessEpoch) return;
    const claims = updates.flatMap((update) => update.claims);
    const isFree = claims.every(
      (client, index) => !doc.owners.has(client) && claims.indexOf(client) === index,
    );
    if (!isFree) throw new Error(`document ${docId}: somebody has one of ${claims.join(', ')}`);
  }

  function assertNew(docId: string, updates: readonly NewUpdate[]): void {
    for (const { userId, key = null } of updates) {
      if (key !== null && docs.get(docId)?.commands.has(`${userId}/${key}`) === true) {
        throw new Error(`document ${docId}: the command ${key} was carried out`);
      }
    }
  }

  function commitOne({ docId, epoch, accessEpoch, at, updates, also = null }: DocBatch): DocCommit {
    const doc = docs.get(docId);
    if (doc === undefined || doc.epoch !== epoch) return { state: 'gone' };
    if (doc.accessEpoch !== accessEpoch) return { state: 'stale', accessEpoch: doc.accessEpoch };
    const firstSeq = doc.headSeq + 1;
    const sizes = write(doc, updates, at);
    return {
      state: 'committed',
      firstSeq,
      ...sizes,
      also: also === null ? null : write(byId(also.docId), [also.update], at),
    };
  }

  function write(doc: Kept, updates: readonly NewUpdate[], at: string): CommittedSizes {
    for (const { userId, bytes, claims, key = null } of updates) {
      for (const client of claims) doc.owners.set(client, userId ?? '');
      if (key !== null) doc.commands.set(`${userId}/${key}`, at);
      doc.headSeq++;
      doc.logBytes += bytes.length;
      doc.log.push({ seq: doc.headSeq, userId, departmentId: null, at, bytes });
    }
    const { headSeq: lastSeq, logBytes, snapBytes } = doc;
    return { lastSeq, logBytes, snapBytes };
  }

  const assertRoom = () => {
    if (store.isFull) throw new NotNowError(null);
  };

  const store: MemoryDocStore = {
    isFull: false,
    create(id, reportId, kind) {
      docs.set(id, {
        id,
        reportId,
        kind,
        headSeq: 0,
        snapSeq: 0,
        logBytes: 0,
        snapBytes: 0,
        epoch: 1,
        restoredAt: null,
        accessEpoch: 1,
        owners: new Map(),
        log: [],
        commands: new Map(),
        snapshots: [],
        seen: { seq: 0, pool: null },
        runs: new Map(),
        title: '',
        titleSeq: 0,
      });
    },
    raiseAccessEpoch: (id) => void byId(id).accessEpoch++,
    damage(id, seq) {
      const snapshot = byId(id).snapshots.find((one) => one.seq === seq);
      if (snapshot !== undefined) snapshot.sha256 = '';
    },
    counts: (id) => ({ rows: byId(id).log.length, snapshots: byId(id).snapshots.length }),
    async load(reportId, kind) {
      const doc = [...docs.values()].find((one) => one.reportId === reportId && one.kind === kind);
      if (doc === undefined) return null;
      const base =
        doc.snapshots.findLast((one) => one.seq <= lowest(doc) && sha256(one.bytes) === one.sha256) ?? null;
      const rows = doc.log.filter(({ seq }) => seq > (base?.seq ?? 0));
      if (rows.length !== doc.headSeq - (base?.seq ?? 0)) throw new Error(`document ${doc.id}: a gap`);
      return {
        ...doc,
        base: base === null ? null : { seq: base.seq, bytes: base.bytes },
        rows,
        authorship: { ...doc.seen, runs: [...doc.runs.values()] },
        owners: clientsOf(doc.owners),
      };
    },
    async commit(batches) {
      assertRoom();
      for (const batch of batches) assertFree(batch);
      for (const { docId, updates, also } of batches) {
        assertNew(docId, updates);
        if (also !== undefined && also !== null) assertNew(also.docId, [also.update]);
      }
      return batches.map(commitOne);
    },
    probe: async () => assertRoom(),
    hasCommand: async (docId, userId, key) => byId(docId).commands.has(`${userId}/${key}`),
    async project(docId, { seq, title, authorship }) {
      const doc = byId(docId);
      if (title !== null && doc.titleSeq < seq) [doc.title, doc.titleSeq] = [title, seq];
      if (seq >= doc.seen.seq) doc.seen = { seq, pool: authorship.pool ?? doc.seen.pool };
      for (const run of authorship.runs) doc.runs.set(`${run.client}/${run.clock}`, run);
    },
    async compact(docId, at) {
      const doc = byId(docId);
      const seq = lowest(doc);
      if (seq <= doc.snapSeq) return null;
      const rows = doc.log.filter((row) => row.seq > doc.snapSeq && row.seq <= seq);
      const base = doc.snapshots.at(-1)?.bytes ?? null;
      const { bytes, sha256: digest } = takeSnapshot(
        base,
        rows.map((row) => row.bytes),
      );
      doc.snapshots.push({ seq, at, sha256: digest, bytes });
      const superfluous = superfluousSnapshots(doc.snapshots);
      doc.snapshots = doc.snapshots.filter((one) => !superfluous.includes(one.seq));
      const older = doc.snapshots.at(-2);
      if (older !== undefined) doc.log = doc.log.filter((row) => row.seq > older.seq);
      for (const [key, done] of doc.commands) if (done < keysKeptFrom(at)) doc.commands.delete(key);
      doc.snapSeq = seq;
      doc.snapBytes = bytes.length;
      doc.logBytes = doc.log.reduce((sum, row) => sum + (row.seq > seq ? row.bytes.length : 0), 0);
      return { logBytes: doc.logBytes, snapBytes: doc.snapBytes };
    },
    async raiseEpochs(at) {
      for (const doc of docs.values()) {
        doc.epoch = epochAfter(doc.epoch, at);
        doc.restoredAt = at;
        doc.owners.clear();
      }
    },
  };
  return store;
}

function clientsOf(owners: ReadonlyMap<number, string>): Map<string, number[]> {
  const clients = new Map<string, number[]>();
  for (const [client, userId] of owners) {
    const list = clients.get(userId);
    if (list === undefined) clients.set(userId, [client]);
    else list.push(client);
  }
  return clients;
}
