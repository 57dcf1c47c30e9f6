/**
 * What a change out of Yjs did to positions. The binding replaces the whole document with each of them, so
 * ProseMirror's own mapping would throw every position away; the two documents share the nodes that did
 * not change, which makes the difference cheap to find.
 */
import type { Node as ProseMirrorNode } from '@tiptap/pm/model';
import { Mapping, StepMap } from '@tiptap/pm/transform';

/** Positions in a document, `from` ≤ `to`. */
export interface Range {
  from: number;
  to: number;
}

/** What lies between `from` and `beforeTo` in the old document lies between `from` and `afterTo` in the new one. */
export interface Difference {
  from: number;
  beforeTo: number;
  afterTo: number;
}

/** Null: the documents are the same. */
export function difference(before: ProseMirrorNode, after: ProseMirrorNode): Difference | null {
  const from = before.content.findDiffStart(after.content);
  const ends = before.content.findDiffEnd(after.content);
  if (from === null || ends === null) return null;
  // Where the text repeats (“aa” to “aaa”), both searches claim the same characters.
  const overlap = Math.max(0, from - Math.min(ends.a, ends.b));
  return { from, beforeTo: ends.a + overlap, afterTo: ends.b + overlap };
}

/** Where a range is in the new document; null when the change reached into it, or touched its edge. */
export function mapRange(range: Range, { from, beforeTo, afterTo }: Difference): Range | null {
  if (range.to <= from) return range;
  const shift = afterTo - beforeTo;
  return range.from >= beforeTo ? { from: range.from + shift, to: range.to + shift } : null;
}

/** The same for positions and decorations. */
export function mappingOf({ from, beforeTo, afterTo }: Difference): Mapping {
  return new Mapping([new StepMap([from, beforeTo - from, afterTo - from])]);
}
