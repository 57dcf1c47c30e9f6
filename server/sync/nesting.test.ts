import { expect, test } from 'vitest';
import * as Y from 'yjs';
import { buildBlocks } from '#lib/report/ydoc.ts';
import { MAX_NESTING, nestsTooDeep, type FindStruct } from './nesting.ts';
import { decodeUpdate, Queued, structAt, type Update } from './update.ts';

const nothing: FindStruct = () => null;

function updateOf(bytes: Uint8Array): Update {
  const update = decodeUpdate(bytes);
  if (update === null) throw new Error('an honest update was taken for malformed');
  return update;
}

/** The updates of a writer who nests one element in the last, so many times, one update each. */
function nesting(times: number): Uint8Array[] {
  const doc = new Y.Doc();
  const updates: Uint8Array[] = [];
  doc.on('update', (update: Uint8Array) => updates.push(update));
  let parent: Y.XmlFragment = doc.getXmlFragment('content');
  for (let depth = 0; depth < times; depth++) {
    const element = new Y.XmlElement('paragraph');
    // A neighbour before it: its place is then known by that neighbour alone.
    parent.insert(0, [new Y.XmlText('近邻')]);
    parent.insert(1, [element]);
    parent = element;
  }
  return updates;
}

test('[R5] elements nested by the thousand in one update are found out', () => {
  const doc = new Y.Doc();
  doc.transact(() => {
    let parent: Y.XmlFragment = doc.getXmlFragment('content');
    for (let depth = 0; depth < 2_000; depth++) {
      const element = new Y.XmlElement('paragraph');
      parent.insert(0, [element]);
      parent = element;
    }
  });
  expect(nestsTooDeep(updateOf(Y.encodeStateAsUpdate(doc)), nothing)).toBe(true);
});

test('[R5] nesting a level at a time is found out, over what is committed and over what is queued', () => {
  const updates = nesting(MAX_NESTING + 10);
  const committed = new Y.Doc();
  const find: FindStruct = (client, clock) =>
    clock < Y.getState(committed.store, client)
      ? structAt(committed.store.clients.get(client) as (Y.Item | Y.GC)[], clock)
      : null;
  const overCommitted = updates.findIndex((bytes) => {
    if (nestsTooDeep(updateOf(bytes), find)) return true;
    Y.applyUpdate(committed, bytes);
    return false;
  });
  const queued = new Queued();
  const overQueued = updates.findIndex((bytes) => {
    const update = updateOf(bytes);
    if (nestsTooDeep(update, (client, clock) => queued.find(client, clock))) return true;
    queued.add(update, 'chen', []);
    return false;
  });
  expect(overCommitted).toBe(overQueued);
  // Two updates a level; the element of level N + 1 is the first that stands too deep.
  expect(overCommitted).toBe(2 * MAX_NESTING + 1 - 1);
});

test('[R5] a table in a cell of a table passes, and so does a long text', () => {
  const doc = new Y.Doc();
  const table = (inner: object[]) => ({
    type: 'table' as const,
    content: [
      {
        type: 'tableRow' as const,
        content: [{ type: 'tableCell' as const, content: inner as never[] }],
      },
    ],
  });
  const paragraph = { type: 'paragraph' as const, content: [{ type: 'text' as const, text: '格' }] };
  doc.getXmlFragment('content').insert(0, buildBlocks([table([table([paragraph])])]));
  doc.getText('t').insert(0, '字'.repeat(10_000));
  expect(nestsTooDeep(updateOf(Y.encodeStateAsUpdate(doc)), nothing)).toBe(false);
});
