/** What stands around the figures of a passage, and whether two of them can be reckoned with each other. */
import { isAmount, isCalendar, type Passage, type Placed } from './placed.ts';

/** How many figures back a share's base or a total's parts are looked for. */
export const REACH = 40;

/** The text between two figures of a passage. */
export const between = ({ text }: Passage, a: Placed, b: Placed) => text.slice(a.end, b.start);

/** The same without the years and dates that stand there. */
export function betweenUndated(passage: Passage, a: Placed, b: Placed): string {
  let text = '';
  let at = a.end;
  for (const one of passage.figures.slice(a.at + 1, b.at)) {
    if (!isCalendar(one)) continue;
    text += passage.text.slice(at, one.start);
    at = one.end;
  }
  return text + passage.text.slice(at, b.start);
}

/** The text before a figure, as much of it as a rule looks at. */
export const before = ({ text }: Passage, { start }: Placed, length = 16) =>
  text.slice(Math.max(0, start - length), start);

export const nearBefore = ({ figures }: Passage, { at }: Placed) =>
  figures.slice(Math.max(0, at - REACH), at);

/** The index of the next figure of a sentence that is no date. */
export function nextValue(sentence: readonly Placed[], index: number): number {
  let next = index + 1;
  for (let one = sentence[next]; one !== undefined && isCalendar(one); one = sentence[next]) next += 1;
  return next;
}

export const number = ({ value }: Placed) => Number(value);
export const sameUnit = (a: Placed, b: Placed) => a.unit === b.unit && a.kind === b.kind;
/** 名 and 人 count the same, 座 and 处 may. */
export const comparable = (a: Placed, b: Placed) => a.unitClass === b.unitClass && isAmount(a) && isAmount(b);
