/**
 * Arithmetic on decimal strings, exact where sums of money would drift as floats. What is given must be a
 * {@link Decimal}; anything else throws.
 */
import type { Decimal } from './figure.ts';

interface Scaled {
  digits: bigint;
  /** How many of the digits stand behind the point. */
  scale: number;
}

function read(value: Decimal): Scaled {
  const found = /^(-?)(\d+)(?:\.(\d+))?$/.exec(value);
  if (!found) throw new Error(`not a decimal: ${value}`);
  const [, sign = '', whole = '', part = ''] = found;
  return { digits: BigInt(sign + whole + part), scale: part.length };
}

function write({ digits, scale }: Scaled): Decimal {
  const negative = digits < 0n;
  const text = String(negative ? -digits : digits).padStart(scale + 1, '0');
  return decimal(
    (negative ? '-' : '') + text.slice(0, text.length - scale) + '.' + text.slice(text.length - scale),
  );
}

const rescale = ({ digits, scale }: Scaled, to: number) => digits * 10n ** BigInt(to - scale);

/** Both on one scale. */
function align(a: Decimal, b: Decimal): [bigint, bigint, number] {
  const [left, right] = [read(a), read(b)];
  const scale = Math.max(left.scale, right.scale);
  return [rescale(left, scale), rescale(right, scale), scale];
}

const PLAIN = /^(?:0|[1-9]\d*)$/;

/** Digits with commas, spaces, zeros at the ends or a bare point, as a decimal: `1,260.50` is `1260.5`. */
export function decimal(text: string): Decimal {
  if (PLAIN.test(text)) return text;
  const negative = text.startsWith('-');
  const [whole = '', part = ''] = text.replace(/[-, ]/g, '').split('.');
  let front = 0;
  while (front < whole.length - 1 && whole[front] === '0') front += 1;
  let back = part.length;
  while (back > 0 && part[back - 1] === '0') back -= 1;
  const value = (whole.slice(front) || '0') + (back > 0 ? `.${part.slice(0, back)}` : '');
  return negative && value !== '0' ? `-${value}` : value;
}

/** The value times ten to the `places`, by moving the point. */
export function shift(value: Decimal, places: number): Decimal {
  if (places === 0) return value;
  if (places > 0 && PLAIN.test(value))
    return value === '0' ? value : value.padEnd(value.length + places, '0');
  const sign = value.startsWith('-') ? '-' : '';
  const [whole = '0', part = ''] = value.slice(sign.length).split('.');
  if (places >= 0) {
    const moved = part.padEnd(places, '0');
    return decimal(`${sign}${whole}${moved.slice(0, places)}.${moved.slice(places)}`);
  }
  const moved = whole.padStart(1 - places, '0');
  return decimal(`${sign}${moved.slice(0, places)}.${moved.slice(places)}${part}`);
}

/** Below 0, 0 or above 0. Exact. */
export function compare(a: Decimal, b: Decimal): number {
  const [left, right] = align(a, b);
  return left < right ? -1 : left > right ? 1 : 0;
}

export function add(a: Decimal, b: Decimal): Decimal {
  const [left, right, scale] = align(a, b);
  return write({ digits: left + right, scale });
}

export function subtract(a: Decimal, b: Decimal): Decimal {
  const [left, right, scale] = align(a, b);
  return write({ digits: left - right, scale });
}

export function multiply(a: Decimal, b: Decimal): Decimal {
  const [left, right] = [read(a), read(b)];
  return write({ digits: left.digits * right.digits, scale: left.scale + right.scale });
}

/** `a / b` to so many places, half away from zero. Dividing by zero throws. */
export function quotient(a: Decimal, b: Decimal, places: number): Decimal {
  const [left, right] = align(a, b);
  if (right === 0n) throw new Error(`${a} divided by zero`);
  const negative = left < 0n !== right < 0n;
  const top = (left < 0n ? -left : left) * 10n ** BigInt(places);
  const bottom = right < 0n ? -right : right;
  const digits = (top * 2n + bottom) / (bottom * 2n);
  return write({ digits: negative ? -digits : digits, scale: places });
}

export function absolute(value: Decimal): Decimal {
  return value.startsWith('-') ? value.slice(1) : value;
}

/** `a / b` of whole numbers as a decimal of up to 16 places, as a float has it: 1/3 is `0.3333333333333333`. */
export function fractionOf(a: number, b: number): Decimal {
  const value = a / b;
  const text = String(value);
  return /^-?\d+(\.\d+)?$/.test(text) ? decimal(text) : decimal(value.toFixed(20));
}

/** One unit of the last digit written: `0.01` for `1,260.50`, `1` for `15`. */
export function stepOf(written: string): Decimal {
  const point = written.indexOf('.');
  return point === -1 ? '1' : shift('1', point + 1 - written.length);
}
