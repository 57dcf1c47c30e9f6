import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import * as Y from 'yjs';
import { mergeUpdates } from './merge.ts';
import { decodeUpdate, type Update } from './update.ts';

/** What people do to a text: who, where (as a share of its length), and what. */
const act = fc.record({
  who: fc.nat({ max: 3 }),
  at: fc.double({ min: 0, max: 1, noNaN: true }),
  what: fc.constantFrom('type', 'delete', 'format', 'paragraph'),
});

/** Four people who see each other's edits after each act, and the updates of it, in order. */
function write(acts: readonly { who: number; at: number; what: string }[]): Uint8Array[] {
  const docs = Array.from({ length: 4 }, (_, who) => Object.assign(new Y.Doc(), { clientID: who + 1 }));
  const updates: Uint8Array[] = [];
  for (const { who, at, what } of acts) {
    const doc = docs[who];
    if (doc === undefined) throw new Error(`nobody is number ${who}`);
    const note = (update: Uint8Array) => updates.push(update);
    doc.on('update', note);
    const text = doc.getText('content');
    const place = Math.floor(at * text.length);
    doc.transact(() => {
      if (what === 'type') text.insert(place, '春耕');
      else if (what === 'delete') text.delete(place, Math.min(3, text.length - place));
      else if (what === 'format') text.format(place, Math.min(4, text.length - place), { strong: true });
      else doc.getXmlFragment('blocks').insert(0, [new Y.XmlElement('paragraph')]);
    });
    doc.off('update', note);
    for (const other of docs) for (const update of updates.slice(-1)) Y.applyUpdate(other, update);
  }
  return updates;
}

function decoded(bytes: Uint8Array): Update {
  const update = decodeUpdate(new Uint8Array(bytes));
  if (update === null) throw new Error('an update of Yjs cannot be read');
  return update;
}

function stateOf(updates: readonly Uint8Array[]): Uint8Array {
  const doc = new Y.Doc();
  for (const update of updates) Y.applyUpdate(doc, update);
  expect(doc.store.pendingStructs).toBeNull();
  expect(doc.store.pendingDs).toBeNull();
  return Y.encodeStateAsUpdate(doc);
}

test('several updates as one do what they do one after another', () => {
  fc.assert(
    fc.property(fc.array(act, { minLength: 1, maxLength: 30 }), fc.nat({ max: 20 }), (acts, from) => {
      const updates = write(acts);
      const before = updates.slice(0, Math.min(from, updates.length));
      const together = updates.slice(before.length);
      if (together.length === 0) return;
      const merged = mergeUpdates(together.map(decoded));
      expect(stateOf([...before, merged])).toEqual(stateOf(updates));
      expect(decodeUpdate(new Uint8Array(merged))).not.toBeNull();
    }),
    { numRuns: 300 },
  );
});

test('what repeats or overlaps is merged as well', () => {
  const updates = write(Array.from({ length: 6 }, () => ({ who: 0, at: 1, what: 'type' })));
  const all = Y.mergeUpdates(updates);
  const merged = mergeUpdates([...updates.slice(0, 4), all, ...updates.slice(2)].map(decoded));
  expect(stateOf([merged])).toEqual(stateOf(updates));
});

test('what does not follow the one before is left where it was', () => {
  const updates = write(Array.from({ length: 3 }, () => ({ who: 0, at: 1, what: 'type' })));
  const [first, second, third] = updates;
  if (first === undefined || second === undefined || third === undefined) throw new Error('three were typed');
  const merged = mergeUpdates([first, third].map(decoded));
  expect(stateOf([second, merged, second])).toEqual(stateOf(updates));
});

test('what a peer has to put aside until it can apply it says later what it said', () => {
  const doc = new Y.Doc();
  const updates: Uint8Array[] = [];
  doc.on('update', (update: Uint8Array) => updates.push(update));
  const text = doc.getText('text');
  text.insert(0, '一二三四五六七八九十');
  // Two commits' worth of deletions, the later part of the text first.
  text.delete(8, 1);
  text.delete(2, 2);
  text.delete(5, 1);
  const [typed, ...deleted] = updates;
  const merged = mergeUpdates(deleted.map(decoded));
  // The peer has nothing of the text yet, loses the connection, and says to the server what it knows.
  const peer = new Y.Doc();
  Y.applyUpdate(peer, merged);
  const said = Y.encodeStateAsUpdate(peer);
  const server = new Y.Doc();
  for (const update of [typed ?? new Uint8Array(), said]) Y.applyUpdate(server, update);
  expect(server.getText('text').toString()).toBe(text.toString());
});
