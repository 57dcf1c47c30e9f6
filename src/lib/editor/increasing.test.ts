import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { longestIncreasing } from './increasing.ts';

test('keeps what stayed in order and leaves out what was moved', () => {
  expect(longestIncreasing([0, 1, 2, 3])).toEqual(new Set([0, 1, 2, 3]));
  expect(longestIncreasing([3, 0, 1, 2])).toEqual(new Set([1, 2, 3]));
  expect(longestIncreasing([1, 2, 3, 0])).toEqual(new Set([0, 1, 2]));
  expect(longestIncreasing([])).toEqual(new Set());
});

test('finds an increasing run as long as any', () => {
  const longest = (values: number[]) => {
    const best: number[] = [];
    values.forEach((value, i) => {
      best[i] =
        1 + Math.max(0, ...values.slice(0, i).map((other, j) => (other < value ? (best[j] ?? 0) : 0)));
    });
    return Math.max(0, ...best);
  };
  fc.assert(
    fc.property(fc.uniqueArray(fc.nat(50), { maxLength: 20 }), (values) => {
      const kept = [...longestIncreasing(values)].sort((a, b) => a - b).map((place) => values[place] ?? NaN);
      expect(kept).toEqual([...kept].sort((a, b) => a - b));
      expect(kept).toHaveLength(longest(values));
    }),
  );
});
