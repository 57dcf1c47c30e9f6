import { describe, expect, test } from 'vitest';
import { readClaimedUser } from './claimed.ts';

const user = { userId: 'u1', name: '周岚', department: '宣传部', hue: 3 };

describe('what a browser says of its person', () => {
  test('is taken as it is when it is sound', () => {
    expect(readClaimedUser(user)).toEqual(user);
    expect(readClaimedUser({ userId: 'u1', name: '周岚' })).toEqual({ ...user, department: null, hue: null });
  });

  test('names nobody without an id and a name that are texts', () => {
    const nobody = [
      null,
      'x',
      7,
      [],
      {},
      { ...user, name: { toString: 1 } },
      { ...user, userId: 3 },
      { ...user, name: ' \u202e ' },
      { ...user, userId: 'x'.repeat(101) },
    ];
    for (const one of nobody) expect(readClaimedUser(one)).toBeNull();
  });

  test('is one short line: long names are cut, line breaks and text direction are dropped', () => {
    expect(readClaimedUser({ ...user, name: '长'.repeat(1_000_000) })?.name).toBe('长'.repeat(40));
    expect(readClaimedUser({ ...user, name: '𠮷'.repeat(100) })?.name).toBe('𠮷'.repeat(40));
    expect(readClaimedUser({ ...user, name: '甲\n\u202e乙\u0000丙' })?.name).toBe('甲 乙 丙');
    expect(readClaimedUser({ ...user, department: ['宣传部'] })?.department).toBeNull();
  });

  test('has a hue only if it is a whole number from 0', () => {
    for (const hue of [-1, 1.5, NaN, Infinity, '3', 'red;}']) {
      expect(readClaimedUser({ ...user, hue })?.hue).toBeNull();
    }
  });
});
