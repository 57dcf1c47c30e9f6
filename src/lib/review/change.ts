/** What a transaction did to the text: which part of it, and what was inserted there. */
import type * as Y from 'yjs';
import { textAfter, textBefore, type FlatBlock } from './flat.ts';
import { commonEnd, commonStart, Haystack } from './quote.ts';

/** The part of the text that a transaction touched. */
export interface Change {
  /** Where the part begins. */
  offset: number;
  before: string;
  after: string;
  /** How many characters the part begins and ends with that are the same before and after. */
  start: number;
  end: number;
  /** The part as it is now, with what stands around it. */
  window: { offset: number; text: string; words: Haystack };
  /** What was inserted, as ranges of the window. */
  inserted: readonly (readonly [from: number, to: number])[];
}

/** How much around a touched part words and their context are looked for in, in UTF-16 units. */
const MARGIN = 200;

/** @param transaction which made the blocks that were into those that are; the same objects where they are the same */
export function changeBetween(
  blocksBefore: readonly FlatBlock[],
  blocksAfter: readonly FlatBlock[],
  { beforeState }: Y.Transaction,
): Change {
  const most = Math.min(blocksBefore.length, blocksAfter.length);
  let first = 0;
  let offset = 0;
  for (; first < most && blocksBefore[first] === blocksAfter[first]; first++) {
    offset += (blocksBefore[first]?.text.length ?? 0) + 1;
  }
  let last = 0;
  while (last < most - first && blocksBefore.at(-1 - last) === blocksAfter.at(-1 - last)) last++;
  const part = blocksAfter.slice(first, blocksAfter.length - last);
  const before = blocksBefore
    .slice(first, blocksBefore.length - last)
    .map(({ text }) => text)
    .join('\n');
  const after = part.map(({ text }) => text).join('\n');
  const start = commonStart(before, after);
  const end = Math.min(commonEnd(before, after), Math.min(before.length, after.length) - start);
  const [left, right] = [textBefore(blocksAfter, first, MARGIN), textAfter(blocksAfter, last, MARGIN)];
  const text = left + after + right;
  const window = { offset: offset - left.length, text, words: new Haystack(text) };
  return { offset, before, after, start, end, window, inserted: insertedIn(part, beforeState, left.length) };
}

/** The inserted characters of a part, counted from `offset`. */
function insertedIn(
  part: readonly FlatBlock[],
  beforeState: Map<number, number>,
  offset: number,
): [number, number][] {
  const inserted: [number, number][] = [];
  for (const { text, pieces } of part) {
    for (const { at, client, clock, length } of pieces) {
      const known = Math.max(0, (beforeState.get(client) ?? 0) - clock);
      if (known >= length) continue;
      const last = inserted.at(-1);
      if (last !== undefined && last[1] === offset + at + known) last[1] = offset + at + length;
      else inserted.push([offset + at + known, offset + at + length]);
    }
    offset += text.length + 1;
  }
  return inserted;
}

/** Whether any of a stretch of the window was inserted. */
export function overlaps({ inserted }: Change, at: number, length: number): boolean {
  return inserted.some(([from, to]) => from < at + length && at < to);
}

/**
 * Where the difference of the texts has what stood from `from` up to `to`; null: all of it was replaced. It is
 * sure when neither end was within what was replaced.
 */
export function mapRange(
  from: number,
  to: number,
  { offset, before, after, start, end }: Change,
): { at: number; length: number; isSure: boolean } | null {
  const [first, last] = [from - offset, to - offset];
  const tail = before.length - end;
  const shift = after.length - before.length;
  if (start < tail && first >= start && last <= tail) return null;
  let at: number | null = null;
  if (first >= tail) at = first + shift;
  else if (first <= start) at = first;
  let until: number | null = null;
  if (last <= start) until = last;
  else if (last >= tail) until = last + shift;
  const isSure = at !== null && until !== null;
  at ??= after.length - end;
  until ??= start;
  return until > at ? { at: at + offset, length: until - at, isSure } : null;
}
