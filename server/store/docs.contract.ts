/** What every store of documents keeps: run against each implementation. */
import { afterEach, beforeEach, expect, test } from 'vitest';
import * as Y from 'yjs';
import { NotNowError, type DocBatch, type DocStore } from './docs.ts';
import { docOf } from './snapshot.ts';

/** A store with the two documents of `report`, `doc` and `other`, its review data, without a log. */
export interface Subject {
  docs: DocStore;
  raiseAccessEpoch(): Promise<void>;
  /** From now on there is no room; what is answered makes room again. */
  fill(): Promise<() => Promise<void>>;
  /** Makes the snapshot at a sequence number unreadable. */
  damage(seq: number): Promise<void>;
  counts(): Promise<{ rows: number; snapshots: number }>;
  close(): Promise<void>;
}

const AT = '2024-03-01T09:00:00.000Z';
const NOTHING = { runs: [], pool: null };

export function docStoreContract(open: () => Promise<Subject>): void {
  let subject: Subject;
  let docs: DocStore;
  beforeEach(async () => {
    subject = await open();
    docs = subject.docs;
  });
  afterEach(() => subject.close());

  const load = async () => {
    const stored = await docs.load('report', 'content');
    if (stored === null) throw new Error('the document is not there');
    return stored;
  };
  const commit = async (bytes: Uint8Array[], change: { epoch?: number; accessEpoch?: number } = {}) => {
    const updates = bytes.map((one) => ({ userId: 'chen', bytes: one, claims: [] }));
    const [done] = await docs.commit([
      { docId: 'doc', epoch: 1, accessEpoch: 1, at: AT, updates, ...change },
    ]);
    return done;
  };
  /** Updates of one writer, each some characters at the end. */
  const typed = (count: number, size = 10): Uint8Array[] => {
    const doc = new Y.Doc();
    doc.clientID = 7;
    const updates: Uint8Array[] = [];
    doc.on('update', (update: Uint8Array) => updates.push(update));
    const text = doc.getText('text');
    for (let i = 0; i < count; i++) text.insert(text.length, String(i % 10).repeat(size));
    return updates;
  };
  const textOf = async () => {
    const { base, rows } = await load();
    return docOf(
      base?.bytes ?? null,
      rows.map(({ bytes }) => bytes),
    )
      .getText('text')
      .toString();
  };

  test('an unknown report has no document', async () => {
    expect(await docs.load('unknown', 'content')).toBeNull();
  });

  test('[R3] commits are numbered without a gap and load in order', async () => {
    const [a, b, c] = typed(3) as [Uint8Array, Uint8Array, Uint8Array];
    expect(await commit([a])).toMatchObject({ state: 'committed', firstSeq: 1, lastSeq: 1 });
    expect(await commit([b, c])).toMatchObject({ state: 'committed', firstSeq: 2, lastSeq: 3 });
    const stored = await load();
    expect(stored.headSeq).toBe(3);
    expect(stored.rows.map(({ seq, userId, at }) => [seq, userId, at])).toEqual([
      [1, 'chen', AT],
      [2, 'chen', AT],
      [3, 'chen', AT],
    ]);
    expect(stored.logBytes).toBe(a.length + b.length + c.length);
  });

  test('[R8] a batch judged under older rights is not written, nor is any part of it', async () => {
    await subject.raiseAccessEpoch();
    expect(await commit(typed(2))).toEqual({ state: 'stale', accessEpoch: 2 });
    expect((await load()).rows).toEqual([]);
    expect(await commit(typed(2), { accessEpoch: 2 })).toMatchObject({ lastSeq: 2 });
  });

  test('a batch for another epoch, or for a document that is not there, is not written', async () => {
    expect(await commit(typed(1), { epoch: 2 })).toEqual({ state: 'gone' });
    const [gone] = await docs.commit([{ docId: 'no', epoch: 1, accessEpoch: 1, at: AT, updates: [] }]);
    expect(gone).toEqual({ state: 'gone' });
  });

  test('one stale batch does not keep others from being written', async () => {
    const [first] = typed(1) as [Uint8Array];
    const batch = { docId: 'doc', epoch: 1, at: AT, updates: [{ userId: 'chen', bytes: first, claims: [] }] };
    const states = await docs.commit([
      { ...batch, accessEpoch: 9 },
      { ...batch, accessEpoch: 1 },
    ]);
    expect(states.map(({ state }) => state)).toEqual(['stale', 'committed']);
  });

  const claiming = (userId: string, bytes: Uint8Array, claims: number[], change: Partial<DocBatch> = {}) =>
    docs.commit([
      { docId: 'doc', epoch: 1, accessEpoch: 1, at: AT, updates: [{ userId, bytes, claims }], ...change },
    ]);

  test('[A9] a batch brings a change of the report’s other document with it, or neither is written', async () => {
    const [a, b] = typed(2) as [Uint8Array, Uint8Array];
    const both = (change: Partial<DocBatch>) =>
      docs.commit([
        {
          docId: 'doc',
          epoch: 1,
          accessEpoch: 1,
          at: AT,
          updates: [{ userId: 'chen', bytes: a, claims: [] }],
          also: { docId: 'other', update: { userId: null, bytes: b, claims: [], key: null } },
          ...change,
        },
      ]);
    expect(await both({ accessEpoch: 9 })).toMatchObject([{ state: 'stale' }]);
    expect(await both({ epoch: 9 })).toMatchObject([{ state: 'gone' }]);
    expect(await docs.load('report', 'review')).toMatchObject({ headSeq: 0 });
    const [written] = await both({});
    expect(written).toMatchObject({ lastSeq: 1, also: { lastSeq: 1, logBytes: b.length } });
    expect(await docs.load('report', 'review')).toMatchObject({ rows: [{ seq: 1, userId: null }] });
    expect((await load()).headSeq).toBe(1);
  });

  test('[A2] a command’s key is its user’s, comes with its commit, and is used once', async () => {
    const [a, b] = typed(2) as [Uint8Array, Uint8Array];
    const send = (userId: string, bytes: Uint8Array, key: string, change: Partial<DocBatch> = {}) =>
      docs.commit([
        {
          docId: 'other',
          epoch: 1,
          accessEpoch: 1,
          at: AT,
          updates: [{ userId, bytes, claims: [], key }],
          ...change,
        },
      ]);
    await send('chen', a, 'k1', { accessEpoch: 9 });
    expect(await docs.hasCommand('other', 'chen', 'k1')).toBe(false);
    await send('chen', a, 'k1');
    expect(await docs.hasCommand('other', 'chen', 'k1')).toBe(true);
    expect(await docs.hasCommand('other', 'wang', 'k1')).toBe(false);
    expect(await docs.hasCommand('doc', 'chen', 'k1')).toBe(false);
    await expect(send('chen', b, 'k1')).rejects.toThrow();
    await send('wang', b, 'k1');
    expect(await docs.load('report', 'review')).toMatchObject({ headSeq: 2 });
  });

  test('[R16] claims come with the commit that brings them, and load by user', async () => {
    const [a, b, c] = typed(3) as [Uint8Array, Uint8Array, Uint8Array];
    await claiming('chen', a, [7, 2 ** 32 - 1]);
    await claiming('wang', b, [8]);
    await claiming('chen', c, [2 ** 53 - 1]);
    const { owners } = await load();
    expect(Object.fromEntries(owners)).toEqual({ chen: [7, 2 ** 32 - 1, 2 ** 53 - 1], wang: [8] });
  });

  test('[R16] a batch that is not written claims nothing', async () => {
    const [a] = typed(1) as [Uint8Array];
    expect(await claiming('chen', a, [7], { accessEpoch: 9 })).toMatchObject([{ state: 'stale' }]);
    expect(await claiming('chen', a, [7], { epoch: 9 })).toMatchObject([{ state: 'gone' }]);
    expect((await load()).owners.size).toBe(0);
  });

  test('[R16] a claim of an id that somebody has throws, and nothing of any batch is written', async () => {
    const [a, b] = typed(2) as [Uint8Array, Uint8Array];
    await claiming('chen', a, [7]);
    await expect(claiming('wang', b, [8, 7])).rejects.toThrow();
    await expect(claiming('wang', b, [9, 9])).rejects.toThrow();
    const { headSeq, owners } = await load();
    expect([headSeq, Object.fromEntries(owners)]).toEqual([1, { chen: [7] }]);
  });

  test('[R17] raised epochs are new each time, say when, refuse the old one, and free all ids', async () => {
    const [a, b] = typed(2) as [Uint8Array, Uint8Array];
    await claiming('chen', a, [7]);
    expect((await load()).restoredAt).toBeNull();
    const epochs: number[] = [];
    for (const at of ['2024-03-02T09:00:00.000Z', '2024-03-02T09:00:00.000Z', '2024-03-03T09:00:00.000Z']) {
      await docs.raiseEpochs(at);
      const stored = await load();
      expect([stored.restoredAt, stored.owners.size]).toEqual([at, 0]);
      epochs.push(stored.epoch);
    }
    // The second it happened in: the same backup restored once more is another epoch.
    expect(epochs).toEqual([1_709_370_000, 1_709_370_001, 1_709_456_400]);
    expect(await claiming('chen', b, [])).toEqual([{ state: 'gone' }]);
    expect(await claiming('wang', b, [7], { epoch: 1_709_456_400 })).toMatchObject([{ lastSeq: 2 }]);
    expect(Object.fromEntries((await load()).owners)).toEqual({ wang: [7] });
  });

  test('[R12] while there is no room it says that it may pass, writes nothing, and goes on afterwards', async () => {
    const [a, b] = typed(2, 100_000) as [Uint8Array, Uint8Array];
    const empty = await subject.fill();
    await expect(commit([a])).rejects.toThrow(NotNowError);
    await expect(docs.probe()).rejects.toThrow(NotNowError);
    expect((await load()).headSeq).toBe(0);
    await empty();
    await docs.probe();
    expect(await commit([a, b])).toMatchObject({ firstSeq: 1, lastSeq: 2 });
    expect((await load()).rows).toHaveLength(2);
  });

  test('[R3] batches of several documents are one transaction, each numbered by itself', async () => {
    const [a, b] = typed(2) as [Uint8Array, Uint8Array];
    const batch = { epoch: 1, accessEpoch: 1, at: AT };
    const review = await docs.load('report', 'review');
    const done = await docs.commit([
      { ...batch, docId: 'doc', updates: [{ userId: 'chen', bytes: a, claims: [7] }] },
      { ...batch, docId: review?.id ?? '', updates: [{ userId: 'wang', bytes: b, claims: [7] }] },
    ]);
    expect(done).toMatchObject([{ lastSeq: 1 }, { lastSeq: 1 }]);
    // An id is owned in one document, and says nothing of another.
    expect(Object.fromEntries((await load()).owners)).toEqual({ chen: [7] });
    expect(Object.fromEntries((await docs.load('report', 'review'))?.owners ?? [])).toEqual({ wang: [7] });
  });

  test('[R6] who loads has what was committed at one moment, whatever is committed meanwhile', async () => {
    const updates = typed(40);
    const loads: Promise<Awaited<ReturnType<typeof load>>>[] = [];
    const commits = updates.map((update) => {
      const committing = commit([update]);
      loads.push(load());
      return committing;
    });
    await Promise.all(commits);
    for (const stored of await Promise.all(loads)) {
      expect(stored.rows.map(({ seq }) => seq)).toEqual(
        Array.from({ length: stored.headSeq }, (_, i) => i + 1),
      );
      expect(stored.logBytes).toBe(stored.rows.reduce((sum, { bytes }) => sum + bytes.length, 0));
    }
  });

  test('[R4] compaction keeps the document and every struct id', async () => {
    const updates = typed(50);
    await commit(updates);
    await docs.project('doc', { seq: 50, title: null, authorship: NOTHING });
    expect(await docs.compact('doc', AT)).toMatchObject({ logBytes: 0 });
    const stored = await load();
    expect(stored.base?.seq).toBe(50);
    expect(stored.rows).toEqual([]);
    const compacted = docOf(stored.base?.bytes ?? null, []);
    expect(Y.encodeStateAsUpdate(compacted)).toEqual(Y.encodeStateAsUpdate(docOf(null, updates)));
    expect(await docs.compact('doc', AT)).toBeNull();
  });

  test('[A2] compaction forgets the keys of commands that are older than thirty days', async () => {
    const send = async (key: string, at: string) => {
      const updates = [{ userId: 'chen', bytes: typed(1)[0] as Uint8Array, claims: [], key }];
      await docs.commit([{ docId: 'doc', epoch: 1, accessEpoch: 1, at, updates }]);
    };
    await send('old', '2024-03-01T08:00:00.000Z');
    await send('kept', '2024-03-01T08:00:00.001Z');
    await docs.project('doc', { seq: 2, title: null, authorship: NOTHING });
    await docs.compact('doc', '2024-03-31T08:00:00.001Z');
    expect(await docs.hasCommand('doc', 'chen', 'old')).toBe(false);
    expect(await docs.hasCommand('doc', 'chen', 'kept')).toBe(true);
  });

  test('[R16] compaction leaves claims and the epoch alone', async () => {
    await claiming('chen', typed(1)[0] as Uint8Array, [7]);
    await docs.raiseEpochs('2024-03-02T09:00:00.000Z');
    const { epoch } = await load();
    await claiming('wang', typed(1)[0] as Uint8Array, [8], { epoch });
    await docs.project('doc', { seq: 2, title: null, authorship: NOTHING });
    await docs.compact('doc', AT);
    const stored = await load();
    expect([stored.base?.seq, stored.epoch, stored.restoredAt]).toEqual([
      2,
      epoch,
      '2024-03-02T09:00:00.000Z',
    ]);
    expect(Object.fromEntries(stored.owners)).toEqual({ wang: [8] });
  });

  test('compaction never passes what a projection has seen', async () => {
    await commit(typed(10));
    expect(await docs.compact('doc', AT)).toBeNull();
    await docs.project('doc', { seq: 4, title: null, authorship: NOTHING });
    await docs.compact('doc', AT);
    const stored = await load();
    expect(stored.base?.seq).toBe(4);
    expect(stored.rows.map(({ seq }) => seq)).toEqual([5, 6, 7, 8, 9, 10]);
  });

  test('rows go only when two snapshots are newer, and a damaged snapshot costs nothing', async () => {
    const updates = typed(30);
    for (const [from, to] of [
      [0, 10],
      [10, 20],
      [20, 30],
    ] as const) {
      await commit(updates.slice(from, to));
      await docs.project('doc', { seq: to, title: null, authorship: NOTHING });
      await docs.compact('doc', AT);
    }
    expect(await subject.counts()).toEqual({ rows: 10, snapshots: 2 });
    const before = await textOf();
    await subject.damage(30);
    expect((await load()).base?.seq).toBe(20);
    expect(await textOf()).toBe(before);
    await subject.damage(20);
    await expect(load()).rejects.toThrow();
  });

  test('the last snapshot of each day stays', async () => {
    const updates = typed(40);
    for (const [index, day] of ['01', '01', '02', '03', '03'].entries()) {
      await commit(updates.slice(index * 5, index * 5 + 5));
      await docs.project('doc', { seq: index * 5 + 5, title: null, authorship: NOTHING });
      await docs.compact('doc', `2024-03-${day}T0${index}:00:00.000Z`);
    }
    // The first of day 01 is gone: another of that day came after it.
    expect((await subject.counts()).snapshots).toBe(4);
  });

  test('projections are replaced by newer ones and loaded with the document', async () => {
    await commit(typed(2));
    const run = { client: 7, clock: 0, length: 10, userId: 'chen', departmentId: 'water', at: AT };
    await docs.project('doc', { seq: 1, title: '标题', authorship: { runs: [run], pool: '[]' } });
    await docs.project('doc', {
      seq: 2,
      title: null,
      authorship: { runs: [{ ...run, length: 20 }], pool: null },
    });
    const stored = await load();
    expect(stored.title).toBe('标题');
    expect(stored.authorship).toEqual({ seq: 2, pool: '[]', runs: [{ ...run, length: 20 }] });
  });

  test('a projection that comes late does not undo a newer one', async () => {
    await commit(typed(3));
    await docs.project('doc', { seq: 3, title: '新', authorship: { runs: [], pool: '[1]' } });
    await docs.project('doc', { seq: 2, title: '旧', authorship: { runs: [], pool: '[0]' } });
    const stored = await load();
    expect([stored.title, stored.authorship.seq, stored.authorship.pool]).toEqual(['新', 3, '[1]']);
  });
}
