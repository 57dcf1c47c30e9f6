import { expect, test } from 'vitest';
import * as encoding from 'lib0/encoding';
import * as Y from 'yjs';
import { CONTENT_FRAGMENT } from '#lib/report/model.ts';
import { canBeApplied, shapeOf, type Shape } from './shape.ts';
import { paragraph } from './testing.ts';
import { filler, REF, specOf, writeSpec, type StructSpec, type UpdateSpec } from './trial/structs.ts';
import { decodeUpdate, structAt, withoutKnown } from './update.ts';

/** A report of two paragraphs by client 1. */
function report(): Y.Doc {
  const doc = new Y.Doc();
  doc.clientID = 1;
  doc.getXmlFragment(CONTENT_FRAGMENT).insert(0, [paragraph('春耕备耕'), paragraph('水库蓄水')]);
  return doc;
}

function textOf(doc: Y.Doc, index = 0): Y.XmlText {
  const block = doc.getXmlFragment(CONTENT_FRAGMENT).get(index);
  const text = block instanceof Y.XmlElement ? block.get(0) : null;
  if (!(text instanceof Y.XmlText)) throw new Error('there is no text');
  return text;
}

/** What client 2 does to a copy of a document, as an update. */
function editOf(doc: Y.Doc, change: (copy: Y.Doc) => void): Uint8Array {
  const copy = new Y.Doc();
  Y.applyUpdate(copy, Y.encodeStateAsUpdate(doc));
  copy.clientID = 2;
  const before = Y.encodeStateVector(copy);
  copy.transact(() => change(copy));
  return Y.encodeStateAsUpdate(copy, before);
}

function shapeIn(doc: Y.Doc, bytes: Uint8Array): Shape {
  const update = decodeUpdate(bytes);
  if (update === null) throw new Error('it cannot be read');
  const clock = (client: number) => Y.getState(doc.store, client);
  const rest = withoutKnown(update, { clock });
  if (rest === null) return 'wrong';
  return shapeOf(rest, (client, at) =>
    at < clock(client) ? structAt(doc.store.clients.get(client) as (Y.Item | Y.GC)[], at) : null,
  );
}

/** The update with its first struct changed. */
function changed(update: Uint8Array, change: (struct: StructSpec, spec: UpdateSpec) => void): Uint8Array {
  const spec = specOf(update);
  const [struct] = spec.groups[0]?.structs ?? [];
  if (struct === undefined) throw new Error('it has no structs');
  change(struct, spec);
  return writeSpec(spec);
}

const typed = (doc: Y.Doc) => editOf(doc, (copy) => textOf(copy).insert(2, '抓好'));

test('[R24] typing, formatting, paragraphs, moves and deletions are plain', () => {
  const doc = report();
  const edits = [
    (copy: Y.Doc) => textOf(copy).insert(0, '一'),
    (copy: Y.Doc) => textOf(copy).format(1, 2, { bold: {} }),
    (copy: Y.Doc) => textOf(copy).delete(1, 2),
    (copy: Y.Doc) => copy.getXmlFragment(CONTENT_FRAGMENT).insert(1, [paragraph('新的一段')]),
    (copy: Y.Doc) => {
      const content = copy.getXmlFragment(CONTENT_FRAGMENT);
      const moved = content.get(0).clone();
      content.delete(0, 1);
      content.insert(1, [moved as Y.XmlElement]);
    },
    (copy: Y.Doc) => {
      const block = copy.getXmlFragment(CONTENT_FRAGMENT).get(0);
      if (block instanceof Y.XmlElement) block.setAttribute('style', 'heading1');
    },
  ];
  for (const edit of edits) expect(shapeIn(doc, editOf(doc, edit))).toBe('plain');
});

test('[R24] what was typed into a paragraph that is gone by now can be applied', () => {
  const doc = report();
  const late = typed(doc);
  doc.getXmlFragment(CONTENT_FRAGMENT).delete(0, 1);
  const update = decodeUpdate(late);
  expect(shapeIn(doc, late)).toBe('odd');
  expect(update !== null && canBeApplied(update, Y.encodeStateAsUpdate(doc), [])).toBe(true);
});

test('[R24] what makes Yjs throw once it is committed is found out before', () => {
  const doc = report();
  // Client 2 sent only that it had something, and now goes on behind it as if that were in the text.
  Y.applyUpdate(
    doc,
    writeSpec({ groups: [{ client: 2, clock: 0, structs: [filler(REF.gc, 1)] }], deletes: [] }),
  );
  const behind = changed(typed(report()), (_struct, spec) => {
    for (const group of spec.groups) group.clock = 0;
  });
  const copy = new Y.Doc();
  Y.applyUpdate(copy, Y.encodeStateAsUpdate(doc));
  expect(() => Y.applyUpdate(copy, behind)).toThrow(TypeError);
  expect(shapeIn(doc, behind)).toBe('wrong');
});

test('[R24] what stands between neighbours of different parents is no editor’s', () => {
  const doc = report();
  const inSecond = specOf(editOf(doc, (copy) => textOf(copy, 1).insert(2, '抓好'))).groups[0]?.structs[0];
  const between = changed(typed(doc), (struct) => (struct.right = inSecond?.right ?? null));
  expect(shapeIn(doc, between)).toBe('wrong');
});

test('[R24] beside what is half gone nothing can stand: Yjs keeps it or not by when it looks', () => {
  const doc = report();
  const inSecond = specOf(editOf(doc, (copy) => textOf(copy, 1).insert(2, '抓好'))).groups[0]?.structs[0];
  const between = changed(typed(doc), (struct) => (struct.right = inSecond?.right ?? null));
  doc.getXmlFragment(CONTENT_FRAGMENT).delete(1, 1);
  expect(shapeIn(doc, between)).toBe('wrong');
});

test('[R24] text in an element, a map in the report and a root of another name are no editor’s', () => {
  const doc = report();
  const [element, text] = [{ client: 1, clock: 0 }, typed(doc)];
  const alone = (parent: StructSpec['parent']) =>
    changed(text, (struct) => Object.assign(struct, { origin: null, right: null, parent }));
  expect(shapeIn(doc, alone({ id: element }))).toBe('wrong');
  expect(shapeIn(doc, alone({ root: CONTENT_FRAGMENT }))).toBe('wrong');
  expect(shapeIn(doc, alone({ root: 'figures' }))).toBe('wrong');
  const map = editOf(doc, (copy) => {
    const block = copy.getXmlFragment(CONTENT_FRAGMENT).get(0);
    if (block instanceof Y.XmlElement) block.setAttribute('style', new Y.Map() as unknown as string);
  });
  expect(shapeIn(doc, map)).toBe('wrong');
});

test('[R24] an attribute is a value that whoever copies the element can write again', () => {
  const doc = report();
  const attributeOf = (value: unknown) =>
    editOf(doc, (copy) => {
      const block = copy.getXmlFragment(CONTENT_FRAGMENT).get(0) as Y.XmlElement;
      // In an array Yjs takes any value for what it is; as an attribute it would not be said as it is.
      block.setAttribute('data', [value] as never);
    });
  const unwrapped = (value: unknown) => {
    const spec = specOf(attributeOf(0));
    const encoder = encoding.createEncoder();
    encoding.writeVarUint(encoder, 1);
    encoding.writeAny(encoder, value as never);
    for (const struct of spec.groups.flatMap(({ structs }) => structs)) {
      struct.ref = REF.any;
      struct.content = encoding.toUint8Array(encoder);
    }
    return writeSpec(spec);
  };
  for (const value of ['甲', 3, true, null, [1, null], { width: [1, 2] }]) {
    expect(shapeIn(doc, unwrapped(value))).toBe('plain');
  }
  for (const value of [Uint8Array.of(1), 10n, [Uint8Array.of(1)], { deep: { bytes: Uint8Array.of(1) } }]) {
    expect(shapeIn(doc, unwrapped(value))).toBe('wrong');
  }
  // What it is about: a copy of an element with bytes for an attribute holds them as another content.
  const hostile = new Y.Doc();
  Y.applyUpdate(hostile, Y.encodeStateAsUpdate(doc));
  Y.applyUpdate(hostile, unwrapped(Uint8Array.of(1)));
  const moved = editOf(hostile, (copy) => {
    const content = copy.getXmlFragment(CONTENT_FRAGMENT);
    content.insert(2, [(content.get(0) as Y.XmlElement).clone()]);
  });
  expect(shapeIn(hostile, moved)).toBe('wrong');
});

test('[R24] what repeats known structs with other content is stored and shown without them', () => {
  const doc = report();
  const [known, other] = [typed(doc), editOf(doc, (copy) => textOf(copy).insert(2, '落实督导'))];
  Y.applyUpdate(doc, known);
  const update = decodeUpdate(other);
  const clock = (client: number) => Y.getState(doc.store, client);
  const rest = update === null ? null : withoutKnown(update, { clock });
  // Merged with what came first into one frame it says what applying one after the other says.
  const [shown, stored] = [report(), report()];
  for (const bytes of [known, other]) Y.applyUpdate(stored, bytes);
  Y.applyUpdate(shown, Y.mergeUpdates([rest?.bytes ?? other, known]));
  expect(textOf(shown).toString()).toBe(textOf(stored).toString());
  expect(textOf(stored).toString()).toBe('春耕抓好督导备耕');
});
