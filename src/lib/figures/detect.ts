/** Finding the figures of a paragraph. docs/figures.md has the rules; all of it is linear in the length of the text. */
import type { DetectedFigure } from './figure.ts';
import { addContext } from './context.ts';
import { normalise } from './normalise.ts';
import { MAX_NUMERALS } from './numerals.ts';
import { quotationMask, quotations } from './quotes.ts';
import { Reading } from './reading.ts';
import { settle } from './joining.ts';
import { arabicAt } from './arabic.ts';
import { chineseAt, doubledAt } from './chinese.ts';
import { ordinalAt } from './ordinal.ts';

export { detectMeasures } from './measure.ts';

const NUMERAL_RUN = /[零〇一二两三四五六七八九十百千万亿]+/y;

/** The figures of one paragraph, in the order of the text, none overlapping another. Never throws. */
export function detectFigures(text: string): DetectedFigure[] {
  const normal = normalise(text);
  const reading = new Reading(normal, quotationMask(normal.length, quotations(text)));
  read(reading);
  const figures = reading.found.map((found) => ({
    ...found,
    surface: text.slice(found.start, found.end),
    modality: 'actual' as const,
  }));
  return addContext(normal, figures);
}

function read(reading: Reading): void {
  const { text } = reading;
  let at = 0;
  while (at < text.length) {
    if (reading.pending.length > 0 && at !== reading.pendingEnd) settle(reading, null);
    const code = text.charCodeAt(at);
    if (code >= 48 && code <= 57) at = arabicAt(reading, at);
    else if (code < 0x3007) at += 1;
    else at = hanAt(reading, at, text.charAt(at));
  }
  settle(reading, null);
}

function hanAt(reading: Reading, at: number, char: string): number {
  switch (char) {
    case '第':
    case '前':
      return ordinalAt(reading, at);
    case '翻':
      return doubledAt(reading, at);
    default: {
      const run = reading.match(NUMERAL_RUN, at);
      if (run === null) return at + 1;
      return run[0].length > MAX_NUMERALS ? at + run[0].length : chineseAt(reading, at, run[0]);
    }
  }
}
