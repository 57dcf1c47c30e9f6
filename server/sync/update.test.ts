import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import * as Y from 'yjs';
import { decodeUpdate, isDeletedIn, judge, Queued, type Known } from './update.ts';

const known = (doc: Y.Doc): Known => ({
  clock: (client) => Y.getState(doc.store, client),
  isDeleted: (client, clock, length) =>
    clock + length <= Y.getState(doc.store, client) && isDeletedIn(doc, client, clock, length),
});

/** A history: each writer types or deletes in their own copy, and sometimes hears the others. */
const history = fc.array(
  fc.record({
    writer: fc.nat(2),
    action: fc.constantFrom('type', 'delete', 'hear'),
    at: fc.nat(30),
    text: fc.string({ minLength: 1, maxLength: 5 }),
  }),
  { minLength: 1, maxLength: 30 },
);

function updatesOf(steps: typeof history extends fc.Arbitrary<infer Steps> ? Steps : never): Uint8Array[] {
  const docs = [1, 2, 3].map((clientID) => Object.assign(new Y.Doc(), { clientID }));
  const updates: Uint8Array[] = [];
  for (const doc of docs) {
    doc.on('update', (update: Uint8Array, origin: unknown) => {
      if (origin !== 'heard') updates.push(update);
    });
  }
  for (const { writer, action, at, text } of steps) {
    const doc = docs[writer];
    if (doc === undefined) continue;
    const content = doc.getText('content');
    const position = at % (content.length + 1);
    if (action === 'type') content.insert(position, text);
    else if (action === 'delete') content.delete(position, Math.min(3, content.length - position));
    else for (const update of updates) Y.applyUpdate(doc, update, 'heard');
  }
  return updates;
}

test('an update is judged as Yjs takes it: missing when something would wait, no-op when nothing changes', () => {
  fc.assert(
    fc.property(history, fc.infiniteStream(fc.nat(1000)), (steps, random) => {
      const updates = updatesOf(steps);
      const server = new Y.Doc();
      const drawn = random[Symbol.iterator]();
      for (let round = 0; round < updates.length * 2; round++) {
        const bytes = updates[drawn.next().value % updates.length];
        if (bytes === undefined) continue;
        const update = decodeUpdate(bytes);
        if (update === null) throw new Error('an honest update was taken for malformed');
        const verdict = judge(update, known(server));
        const trial = new Y.Doc();
        Y.applyUpdate(trial, Y.encodeStateAsUpdate(server));
        let changes = 0;
        trial.on('update', () => changes++);
        Y.applyUpdate(trial, bytes);
        const waits = trial.store.pendingStructs !== null || trial.store.pendingDs !== null;
        expect(verdict).toBe(waits ? 'missing' : changes > 0 ? 'new' : 'noop');
        if (verdict === 'new') Y.applyUpdate(server, bytes);
      }
    }),
    { numRuns: 150 },
  );
});

test('what is queued counts as known', () => {
  const [first, second] = updatesOf([
    { writer: 0, action: 'type', at: 0, text: '一' },
    { writer: 0, action: 'type', at: 1, text: '二' },
  ]).map((bytes) => decodeUpdate(bytes));
  if (!first || !second) throw new Error('two updates are made');
  const queued = new Queued();
  expect(judge(second, queued)).toBe('missing');
  queued.add(first, 'chen', []);
  expect(judge(second, queued)).toBe('new');
  expect(judge(first, queued)).toBe('noop');
  queued.clear();
  expect(judge(second, queued)).toBe('missing');
});

test('[R9] no bytes make it throw, or are taken for an update that makes Yjs throw', () => {
  const honest = updatesOf([
    { writer: 0, action: 'type', at: 0, text: '县里' },
    { writer: 1, action: 'type', at: 0, text: '乡里' },
    { writer: 0, action: 'delete', at: 0, text: '-' },
  ]);
  const mutated = fc
    .record({ which: fc.nat(honest.length - 1), at: fc.nat(100), byte: fc.nat(255), cut: fc.nat(5) })
    .map(({ which, at, byte, cut }) => {
      const bytes = (honest[which] ?? new Uint8Array()).slice();
      bytes[at % bytes.length] = byte;
      return bytes.slice(0, bytes.length - cut);
    });
  fc.assert(
    fc.property(fc.oneof(mutated, fc.uint8Array({ maxLength: 40 })), (bytes) => {
      const doc = new Y.Doc();
      for (const update of honest) Y.applyUpdate(doc, update);
      const update = decodeUpdate(bytes.slice());
      if (update === null || judge(update, known(doc)) === 'missing') return;
      Y.applyUpdate(doc, bytes);
      expect(doc.store.pendingStructs).toBeNull();
      expect(doc.store.pendingDs).toBeNull();
    }),
    { numRuns: 3000 },
  );
});

test('what is queued is found by its id, also where updates overlap', () => {
  const doc = Object.assign(new Y.Doc(), { clientID: 7 });
  const updates: Uint8Array[] = [];
  doc.on('update', (update: Uint8Array) => updates.push(update));
  for (const text of ['春耕', '备耕', '秋收'])
    doc.getText('content').insert(doc.getText('content').length, text);
  const queued = new Queued();
  for (const bytes of [...updates.slice(0, 2), Y.encodeStateAsUpdate(doc)]) {
    const update = decodeUpdate(new Uint8Array(bytes));
    if (update === null) throw new Error('an update of Yjs cannot be read');
    queued.add(update, 'wang', []);
  }
  for (let clock = 0; clock < 6; clock++) {
    const struct = queued.find(7, clock);
    const { id, length } = struct ?? { id: { clock: Infinity }, length: 0 };
    expect(id.clock <= clock && clock < id.clock + length).toBe(true);
  }
  expect(queued.find(7, 6)).toBeNull();
  expect(queued.find(8, 0)).toBeNull();
  queued.clear();
  expect(queued.find(7, 0)).toBeNull();
});

test('[R25] deletions out of order or on top of each other are no update: peers that put them aside change them', () => {
  const ranges = (...pairs: [number, number][]) => Uint8Array.from([0, 1, 7, pairs.length, ...pairs.flat()]);
  expect(decodeUpdate(ranges([0, 2], [2, 1], [5, 1]))).not.toBeNull();
  expect(decodeUpdate(ranges([5, 1], [0, 2]))).toBeNull();
  expect(decodeUpdate(ranges([0, 5], [3, 4]))).toBeNull();
});
