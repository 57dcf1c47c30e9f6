/** Tenths: 九成, 4成, 三到四成, 两成多. */
import { add, compare, decimal, shift } from './decimal.ts';
import { chineseEstimate, chineseInteger } from './numerals.ts';
import type { Reading } from './reading.ts';
import { TO } from './marks.ts';
import { NOT_MORE } from './quantity.ts';

const TENTHS = /成(半|[一二三四五六七八九](?![个项成]))?(?![立长功果员本为熟都套效绩就品型交才千分规因])/y;
const TENTHS_IN_DIGITS = new RegExp(
  `(\\d(?:\\.\\d)?)(?:${TO}(\\d(?:\\.\\d)?))? ?成(?![立长功果员本为熟都套效绩就品型交才千分规因])`,
  'y',
);
export const CHINESE_TO = /(?:到|至|—{1,2}|-|~)([零〇一二两三四五六七八九十百千万亿]{1,16})/y;

/** 4成 and 3至4成, which end where it says; null for none. */
export function tenthsAt(reading: Reading, at: number): number | null {
  const tenths = reading.match(TENTHS_IN_DIGITS, at);
  if (tenths === null) return null;
  const [whole, low = '', high] = tenths;
  if (high !== undefined && Number(low) >= Number(high)) return null;
  return tenthsFigure(
    reading,
    at,
    at + whole.length,
    decimal(low),
    high === undefined ? high : decimal(high),
  );
}

/** So many tenths as percents, with the 多 of 两成多. */
function tenthsFigure(reading: Reading, at: number, end: number, value: string, valueMax?: string): number {
  const text = reading.text;
  const isMore = '多余'.includes(text.charAt(end) || ' ') && !NOT_MORE.includes(text.charAt(end + 1) || ' ');
  return reading.figure(at, {
    end: isMore ? end + 1 : end,
    value: shift(value, 1),
    ...(valueMax === undefined ? {} : { valueMax: shift(valueMax, 1) }),
    step: '10',
    kind: 'percent',
    unit: '%',
    unitClass: 'share',
    ...(isMore ? { qualifier: text.charAt(end), op: 'gt' as const } : {}),
  });
}

/** 九成 is 90 %. */
export function chineseTenthsAt(reading: Reading, at: number, run: string): number | null {
  const text = reading.text;
  const range = /^[一二两三四五六七八九]$/.test(run) ? reading.match(CHINESE_TO, at + 1) : null;
  if (range && text.charAt(CHINESE_TO.lastIndex) === '成') {
    const [low, high] = [chineseInteger(run), chineseInteger(range[1] ?? '')];
    const end = CHINESE_TO.lastIndex + 1;
    if (low !== null && high !== null && compare(low, high) < 0)
      return tenthsFigure(reading, at, end, low, high);
  }
  const found = reading.match(TENTHS, at + run.length);
  if (found === null) return null;
  const end = at + run.length + found[0].length;
  const estimate = chineseEstimate(run);
  if (estimate) return tenthsFigure(reading, at, end, estimate[0], estimate[1]);
  const whole = /^[一二两三四五六七八九]$/.test(run) ? chineseInteger(run) : null;
  if (whole === null) return null;
  const half =
    found[1] === undefined ? '0' : found[1] === '半' ? '0.5' : shift(chineseInteger(found[1]) ?? '0', -1);
  return tenthsFigure(reading, at, end, add(whole, half));
}
