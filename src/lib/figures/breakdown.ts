/** Breakdowns: a total told in one sentence, its parts in those behind it, which 其中 opens. */
import type { Finding } from './figure.ts';
import { sameUnit } from './around.ts';
import { isTransposed } from './consistency.ts';
import { partition } from './partition.ts';
import { isAmount, isCalendar, isExact, type Passage, type Placed } from './placed.ts';

const OPENING = /。其中[，,:]?/g;
/** What has no parts that add up to it. */
const NO_WHOLE = /均|[价率]|其中/;

/** Farther than this no part stands behind its 其中, and no whole before it, in UTF-16 units. */
const FAR = 600;

/** 286.2亿元，增长5.8%。其中，第一产业62.3亿元，增长4.1%；第二产业98.7亿元；第三产业125.2亿元。 */
export function breakdowns(passage: Passage): Finding[] {
  /** Of the figures before it none is near enough: openings come from left to right, so that each is passed once. */
  let first = 0;
  return [...passage.text.matchAll(OPENING)].flatMap(({ index, 0: opening }) => {
    const from = index + opening.length;
    const stop = passage.text.slice(from, from + FAR).search(/[。\n]/);
    const to = stop === -1 ? Math.min(passage.text.length, from + FAR) : from + stop;
    while ((passage.figures[first]?.start ?? Infinity) < index - FAR) first += 1;
    const near: Placed[] = [];
    for (let at = first; (passage.figures[at]?.end ?? Infinity) <= to; at++) {
      const one = passage.figures[at];
      if (one !== undefined) near.push(one);
    }
    const whole = wholeBefore(passage, near, index);
    if (whole === null) return [];
    const parts = partsWithin(passage, near, from, to);
    const isOne = parts.length >= 2 && parts.every((part) => isExact(part) && sameUnit(part, whole));
    if (!isOne || /等[。，,；;]|[等余]$/.test(passage.text.slice(from, to + 1))) return [];
    const [found] = partition(whole, parts, false);
    if (found?.verdict !== 'mismatch') return found === undefined ? [] : [found];
    // Clauses about kinds may overlap: only a slip of the pen is certain.
    const digits = found.message.params.computed?.replace(/\D/g, '') ?? '';
    const isSlip = isTransposed(digits, whole.surface.normalize('NFKC').replace(/\D/g, ''));
    return isSlip ? [found] : [];
  });
}

/** The one amount of the sentence that ends at a place; null when there are more, or none. */
function wholeBefore(passage: Passage, near: readonly Placed[], end: number): Placed | null {
  const lead = passage.text.slice(Math.max(0, end - FAR), end);
  const start = end - lead.length + Math.max(...['。', ';', '\n'].map((mark) => lead.lastIndexOf(mark))) + 1;
  const values = near.filter(
    (one) => one.start >= start && one.end <= end && isAmount(one) && one.trend === undefined,
  );
  const [whole] = values;
  if (whole === undefined || values.some((one, at) => at > 0 && sameUnit(one, whole))) return null;
  return isExact(whole) && !NO_WHOLE.test(passage.text.slice(start, whole.start)) ? whole : null;
}

/** The first figure of each clause between two places. */
function partsWithin(passage: Passage, near: readonly Placed[], from: number, to: number): Placed[] {
  let clause = from;
  return passage.text
    .slice(from, to)
    .split(';')
    .flatMap((words) => {
      const [start, end] = [clause, clause + words.length];
      clause = end + 1;
      const first = near.find((one) => one.start >= start && one.end <= end && !isCalendar(one));
      return first === undefined ? [] : [first];
    });
}
