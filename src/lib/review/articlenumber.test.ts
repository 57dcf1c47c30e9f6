import { expect, test } from 'vitest';
import { articleNumberIn } from './articlenumber.ts';

test('an article has a number of six to nine digits', () => {
  expect(['100000', '1000000', '999999999'].map(articleNumberIn)).toEqual([100_000, 1_000_000, 999_999_999]);
  const others = [
    '',
    '99999',
    '012345',
    '1000000000',
    '1e5',
    '+100000',
    ' 100000',
    '100000\n',
    '１０００００',
  ];
  for (const text of others) expect(articleNumberIn(text)).toBeNull();
});
