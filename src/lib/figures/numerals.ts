/** Chinese numerals as decimals. */
import type { Decimal } from './figure.ts';
import { decimal } from './decimal.ts';

const DIGITS: ReadonlyMap<string, number> = new Map(
  [...'〇一二三四五六七八九'].map((digit, value): [string, number] => [digit, value]),
);
const TENS: ReadonlyMap<string, bigint> = new Map([
  ['十', 10n],
  ['百', 100n],
  ['千', 1_000n],
  ['万', 10_000n],
  ['亿', 100_000_000n],
]);

/** More numerals in a row than this are no number, and reading them all would not be linear. */
export const MAX_NUMERALS = 16;

function digitOf(char: string): number | undefined {
  if (char === '零') return 0;
  if (char === '两') return 2;
  return DIGITS.get(char);
}

/** 四万二千 as 42000; 二〇二三, digits alone, as 2023; null for what is no number, such as 三五 or 十千. */
export function chineseInteger(text: string): Decimal | null {
  if (text === '' || text.length > MAX_NUMERALS) return null;
  if (text.length > 1 && [...text].every((char) => digitOf(char) !== undefined)) {
    // Two or three digits in a row are an estimate (两三个) or no number; a year has four.
    return text.length >= 4 ? decimal([...text].map(digitOf).join('')) : null;
  }
  let total = 0n;
  let below = 0n;
  let digit: bigint | null = null;
  let last = 100_000n;
  for (const char of text) {
    const value = digitOf(char);
    if (value !== undefined) {
      if (digit !== null && digit !== 0n) return null;
      digit = BigInt(value);
      continue;
    }
    const ten = TENS.get(char);
    if (ten === undefined) return null;
    if (ten >= 10_000n) {
      const part = below + (digit ?? (below === 0n && total === 0n ? 1n : 0n));
      // 二万亿: what stands before 亿 is multiplied as a whole.
      total = ten === 100_000_000n ? (total + part) * ten : total + part * ten;
      below = 0n;
      last = 100_000n;
    } else {
      if (ten >= last) {
        // 百千万 is a list, no number.
        return null;
      }
      below += (digit ?? 1n) * ten;
      last = ten;
    }
    digit = null;
  }
  // 三万五 means 35,000 and 一百二 120; no measure word follows such, so it is read as written.
  return String(total + below + (digit ?? 0n));
}

/** 二点五 as 2.5, 三十二点五 as 32.5; null for what is no number. */
export function chineseDecimal(text: string): Decimal | null {
  const [whole = '', part] = text.split('点');
  const front = chineseInteger(whole);
  if (front === null || part === undefined) return front;
  const digits = [...part].map(digitOf);
  if (digits.length === 0 || digits.includes(undefined)) return null;
  return decimal(`${front}.${digits.join('')}`);
}

/** 两三 as [2, 3], 五六十 as [50, 60], 三五百 as [300, 500], 十七八 as [17, 18]; null for what is no such estimate. */
export function chineseEstimate(text: string): [Decimal, Decimal] | null {
  const [, tenth = '', ...ones] =
    /^([二三四五六七八九]?十)([一二三四五六七八])([二三四五六七八九])$/.exec(text) ?? [];
  if (tenth !== '') {
    const [one = 0, other = 0] = ones.map(digitOf);
    const [low, high] = ones.map((digit) => chineseInteger(tenth + digit) ?? '0');
    // 十四五 is a plan of five years.
    return other === one + 1 && text !== '十四五' && low !== undefined && high !== undefined
      ? [low, high]
      : null;
  }
  const found = /^([一二两三四五六七八九])([二两三四五六七八九])([十百千]?[万亿]?)$/.exec(text);
  if (!found) return null;
  const [, first = '', second = '', tens = ''] = found;
  const [low, high] = [digitOf(first) ?? 0, digitOf(second) ?? 0];
  const near = high === low + 1 || (low === 3 && high === 5);
  const [from, to] = [chineseInteger(first + tens), chineseInteger(second + tens)];
  return near && from !== null && to !== null ? [from, to] : null;
}
