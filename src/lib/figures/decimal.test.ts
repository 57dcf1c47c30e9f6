import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  absolute,
  add,
  compare,
  decimal,
  fractionOf,
  multiply,
  quotient,
  shift,
  stepOf,
  subtract,
} from './decimal.ts';
import { chineseDecimal, chineseEstimate, chineseInteger } from './numerals.ts';

test('F3. scaling moves the point, so that no sum of money drifts', () => {
  expect(shift('21.1', 8)).toBe('2110000000');
  expect(shift('6.85', 8)).toBe('685000000');
  expect(shift('5', -1)).toBe('0.5');
  expect(shift('-0.05', 1)).toBe('-0.5');
  expect(multiply('0.1', '0.2')).toBe('0.02');
  expect(add('0.1', '0.2')).toBe('0.3');
  expect(subtract('96.2', '88.5')).toBe('7.7');
  expect(compare('1.10', '1.1')).toBe(0);
});

test('F3. a decimal has no zeros at its ends', () => {
  expect(decimal('1,260.50')).toBe('1260.5');
  expect(decimal('007')).toBe('7');
  expect(decimal('-0.0')).toBe('0');
  expect(stepOf('60.0')).toBe('0.1');
  expect(stepOf('15')).toBe('1');
  expect(absolute('-3')).toBe('3');
});

test('F3. a quotient is rounded half away from zero', () => {
  expect(quotient('599', '1886', 4)).toBe('0.3176');
  expect(quotient('1', '8', 2)).toBe('0.13');
  expect(quotient('-1', '8', 2)).toBe('-0.13');
  expect(fractionOf(1, 3)).toBe('0.3333333333333333');
  expect(() => quotient('1', '0', 2)).toThrow('divided by zero');
});

test('F3. adding, multiplying and comparing is exact', () => {
  const decimals = fc
    .tuple(fc.bigInt({ min: -(10n ** 12n), max: 10n ** 12n }), fc.integer({ min: -6, max: 0 }))
    .map(([digits, places]) => shift(String(digits), places));
  fc.assert(
    fc.property(decimals, decimals, (a, b) => {
      expect(subtract(add(a, b), b)).toBe(a);
      expect(Math.sign(compare(a, b))).toBe(-Math.sign(compare(b, a)) + 0);
      if (compare(b, '0') !== 0) expect(compare(quotient(multiply(a, b), b, 20), a)).toBe(0);
    }),
  );
});

test.each([
  ['十', '10'],
  ['十二', '12'],
  ['二十', '20'],
  ['一百零五', '105'],
  ['四万二千', '42000'],
  ['一万八千四百', '18400'],
  ['两千万', '20000000'],
  ['十一亿', '1100000000'],
  ['三亿五千万', '350000000'],
  ['二〇二三', '2023'],
  ['百万', '1000000'],
  ['三五', null],
  ['百千万', null],
])('F8. %s is %s', (numeral, value) => {
  expect(chineseInteger(numeral)).toBe(value);
});

test('F8. numerals with a point, and estimates', () => {
  expect(chineseDecimal('三十二点五')).toBe('32.5');
  expect(chineseDecimal('二点')).toBeNull();
  expect(chineseEstimate('两三')).toEqual(['2', '3']);
  expect(chineseEstimate('五六万')).toEqual(['50000', '60000']);
  expect(chineseEstimate('三八')).toBeNull();
});
