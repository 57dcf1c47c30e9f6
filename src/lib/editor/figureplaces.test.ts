import { getSchema } from '@tiptap/core';
import type { Node as ProseMirrorNode } from '@tiptap/pm/model';
import { EditorState, type Transaction } from '@tiptap/pm/state';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Range } from './difference.ts';
import { followed, placed, placedIn, placesOf, replacedBy } from './figureplaces.ts';
import { contentExtensions } from './schema.ts';

const schema = getSchema(contentExtensions((id) => id));
const paragraph = (text: string) => schema.node('paragraph', null, text === '' ? [] : [schema.text(text)]);
const report = (texts: readonly string[]) => schema.node('doc', null, texts.map(paragraph));
const known = (id: string) => ({ id, from: '', to: '', verifiedKey: null });

/** An edit at parts of the text's length; what cannot be done there is not. */
type Edit = { kind: 'type' | 'delete' | 'split' | 'join' | 'move' | 'bold'; at: number; long: number };
const edit: fc.Arbitrary<Edit> = fc.record({
  kind: fc.constantFrom('type', 'delete', 'split', 'join', 'move', 'bold'),
  at: fc.double({ min: 0, max: 1, noNaN: true }),
  long: fc.nat(12),
});

function apply(tr: Transaction, { kind, at, long }: Edit): void {
  const { size } = tr.doc.content;
  const from = Math.min(size - 1, Math.max(1, Math.round(at * size)));
  const to = Math.min(size - 1, from + long);
  const $from = tr.doc.resolve(from);
  const inText = $from.parent.isTextblock;
  if (kind === 'type' && inText) tr.insertText('3', from);
  if (kind === 'delete' && inText && tr.doc.resolve(to).parent.isTextblock) tr.delete(from, to);
  if (kind === 'split' && inText) tr.split(from);
  if (kind === 'join' && inText && $from.index(0) > 0) tr.join($from.before(1));
  if (kind === 'bold' && inText) tr.addMark(from, to, schema.mark('bold'));
  if (kind === 'move' && tr.doc.childCount > 1) {
    const { node, offset } = tr.doc.childBefore(from);
    if (node !== null) tr.delete(offset, offset + node.nodeSize).insert(0, node);
  }
}

const inOrder = (figures: readonly { known: { id: string }; range: Range }[]) =>
  figures.map(({ known: { id }, range }) => `${id} ${range.from}-${range.to}`).sort();

/** Each on its own, through the mapping of every edit. */
function mapped(ranges: readonly (Range | null)[], { mapping }: Transaction): (Range | null)[] {
  return ranges.map((range) => {
    if (range === null) return null;
    const now = { from: mapping.map(range.from, 1), to: mapping.map(range.to, -1) };
    return now.from < now.to ? now : null;
  });
}

const shown = (ranges: readonly (Range | null)[]) =>
  ranges.flatMap((range, id) => (range === null ? [] : [{ known: known(`${id}`), range }]));

/** What a search through all of them finds in a block. */
function within(ranges: readonly (Range | null)[], node: ProseMirrorNode, offset: number): Range[] {
  return shown(ranges).flatMap(({ range: { from, to } }) =>
    to > offset && from < offset + node.nodeSize ? [{ from: from - offset, to: to - offset }] : [],
  );
}

test('after any edits each figure is where the edits took it, and each block knows those in it', () => {
  const texts = fc.array(fc.string({ unit: fc.constantFrom('水', '利', '1', '8'), maxLength: 12 }), {
    minLength: 1,
    maxLength: 6,
  });
  const places = fc.array(
    fc.tuple(fc.double({ min: 0, max: 1, noNaN: true }), fc.integer({ min: 1, max: 9 })),
    {
      maxLength: 8,
    },
  );
  fc.assert(
    fc.property(
      texts,
      places,
      fc.array(fc.array(edit, { minLength: 1, maxLength: 3 })),
      (words, at, steps) => {
        let state = EditorState.create({ schema, doc: report(words) });
        const { size } = state.doc.content;
        let ranges: (Range | null)[] = at.map(([part, long]) => {
          const from = Math.min(size - 1, Math.floor(part * size));
          return { from, to: Math.min(size, from + long) };
        });
        let figures = placesOf(
          state.doc,
          ranges.map((range, id) => ({ known: known(`${id}`), range })),
        );
        for (const step of steps) {
          const { tr } = state;
          for (const one of step) apply(tr, one);
          const change = replacedBy(tr);
          const expected = mapped(ranges, tr);
          if (change !== null) {
            figures = followed(figures, tr.before, tr.doc, change, (_known, range) =>
              range === null ? null : (mapped([range], tr)[0] ?? null),
            );
          }
          ranges = expected;
          state = state.apply(tr);
          expect(inOrder(placed(figures, state.doc))).toEqual(inOrder(shown(ranges)));
          state.doc.forEach((node, offset, index) => {
            const here = placedIn(figures, { index, offset, size: node.nodeSize }).map(({ range }) => range);
            const order = (a: Range, b: Range) => a.from - b.from || a.to - b.to;
            expect(here.toSorted(order)).toEqual(within(ranges, node, offset).sort(order));
          });
        }
      },
    ),
    { numRuns: 300 },
  );
});

test('a key touches only the figures of its paragraph', () => {
  const state = EditorState.create({ schema, doc: report(['新建8座', '改建9座', '共17座']) });
  const figures = placesOf(state.doc, [
    { known: known('a'), range: { from: 3, to: 5 } },
    { known: known('b'), range: { from: 9, to: 11 } },
  ]);
  const tr = state.tr.insertText('已', 1);
  const change = replacedBy(tr);
  expect(change).toEqual({ from: 1, beforeTo: 1, afterTo: 2 });
  if (change === null) return;
  const asked: string[] = [];
  const now = followed(figures, tr.before, tr.doc, change, ({ id }, range) => {
    asked.push(id);
    return range;
  });
  expect(asked).toEqual(['a']);
  expect(now.blocks[1]).toBe(figures.blocks[1]);
});
