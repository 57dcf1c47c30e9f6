/** Numbers in digits. */
import { unitAt } from './lexicon.ts';
import type { Quantity, Reading } from './reading.ts';
import { calendarAt, dayAt } from './calendar.ts';
import { MAX_DIGITS, NUMBER, quantityAt, quantityFigure } from './quantity.ts';
import { ratioAt } from './ratio.ts';
import { countsAlone, rangeAt, settle, waitForUnit } from './joining.ts';
import { LATIN } from './marks.ts';

/** What is looked at to judge a number, and what is passed over once it is judged. */
const DIGITS_RUN = /[\d.,]{0,40}\d/y;
const WHOLE_RUN = /\d+(?:[.,]\d+)*/y;
const WORD_RUN = /[A-Za-z0-9.-]*[A-Za-z0-9]/y;
/** 1.2024年…: the number of an item with a year behind it. */
const ITEM_OF_YEAR = /\d{1,2}\.(?=(?:19|20)\d\d ?(?:年|[-~—]))/y;
/** 110, 12345, 96333. */
const SERVICE_NUMBER = /^(?:1[12]\d|123\d\d|9[56]\d{3,4})$/;

/** Reads the number at a digit, figure or not, and tells where to read on. */
export function arabicAt(reading: Reading, at: number): number {
  const text = reading.text;
  const before = text.charAt(at - 1);
  const skip = () => {
    settle(reading, null);
    reading.match(WHOLE_RUN, at);
    return Math.max(at + 1, WHOLE_RUN.lastIndex);
  };
  if (LATIN.test(before) && !/^\d[\d.]*(?:亿|万|%)/.test(reading.after(at, 12))) {
    settle(reading, null);
    reading.match(WORD_RUN, at);
    return Math.max(at + 1, WORD_RUN.lastIndex);
  }
  const item = reading.match(ITEM_OF_YEAR, at);
  if (item && /(?:^|[\n。；;:])\s*$/.test(reading.before(at, 3))) {
    settle(reading, null);
    return at + item[0].length;
  }
  const run = reading.match(DIGITS_RUN, at)?.[0] ?? '';
  if (run.length > MAX_DIGITS && !isShortNumber(reading, at)) return skip();
  const calendar = reading.pending.length === 0 ? calendarAt(reading, at) : null;
  if (calendar !== null) return calendar;
  if (!reading.counts(at)) return skip();
  const special = ratioAt(reading, at);
  if (special !== null) {
    settle(reading, null);
    return special;
  }
  if (/^0\d/.test(run) || isIdentifier(reading, at, run)) return skip();
  return numberAt(reading, at) ?? skip();
}

function isShortNumber(reading: Reading, at: number): boolean {
  return (reading.match(NUMBER, at)?.[0].length ?? 0) <= MAX_DIGITS;
}

/** 12345热线, 1+3+N, 〔2022〕15号, 5G, 13800138000. */
function isIdentifier(reading: Reading, at: number, run: string): boolean {
  const after = reading.after(at + run.length, 6);
  if (
    /^ ?号(?!召)/.test(after) ||
    /^ ?(?:热线|服务热线|平台热线|专线|国道|省道|后$|后[干部青党群]|级学生|届)/.test(after)
  )
    return true;
  // 12345平台 is one that people call; 3个平台 are counted.
  if (SERVICE_NUMBER.test(run) && after.startsWith('平台')) return true;
  if (/^\+[A-Za-z\d]/.test(after) || /\d\+$/.test(reading.before(at, 2))) return true;
  if (/^[A-Za-z]/.test(after)) return unitAt(reading.text, at + run.length) === null;
  return (
    run.length >= 7 &&
    !/[.,]/.test(run) &&
    /^(?:$|[^万亿多余人元个名户亩 ])/.test(after) &&
    unitAt(reading.text, at + run.length) === null
  );
}

/** A number in general, alone or with another as a range; null when it is no figure. */
function numberAt(reading: Reading, at: number): number | null {
  const first = quantityAt(reading, at);
  if (first === null) return null;
  const day = dayAt(reading, at, first);
  if (day !== null) return day;
  const range = rangeAt(reading, at, first);
  if (range !== null) return range;
  const waiting = waitForUnit(reading, at, first);
  if (waiting !== null) return waiting;
  if (first.unit === null && !countsAlone(reading, at, first)) {
    settle(reading, null);
    return first.end > at ? first.end : null;
  }
  settle(reading, first);
  if (!isNegative(reading, at, first)) return quantityFigure(reading, at, first);
  return quantityFigure(reading, at - 1, { ...first, value: `-${first.value}` });
}

function isNegative(reading: Reading, at: number, { unit, value }: Quantity): boolean {
  if (reading.text.charAt(at - 1) !== '-' || unit === null || value === '0' || reading.lastEnd() > at - 1)
    return false;
  return (
    (unit.class === 'share' || unit.class === 'money' || unit.name === '℃' || unit.name === '摄氏度') &&
    /[^\dA-Za-z-]$|^$/.test(reading.before(at - 1, 1))
  );
}
