import { afterAll, beforeAll, expect, test } from 'vitest';
import { ACCOUNT_RULE, countFailure, forgetFailures, lockAfter, lockedFor, lockKey } from './lockout.ts';
import { openOffice, type Office } from './testing.ts';

let office: Office;
beforeAll(async () => {
  office = await openOffice();
});
afterAll(() => office.close());

const MINUTE = 60_000;
const NOON = Date.parse('2024-03-01T12:00:00Z');

test('the fifth failure locks for a minute, and each further one for twice as long, up to an hour', () => {
  const locks = [4, 5, 6, 7, 10, 11, 12, 60].map((failures) => lockAfter(ACCOUNT_RULE, failures) / MINUTE);
  expect(locks).toEqual([0, 1, 2, 4, 32, 60, 60, 60]);
});

test('a locked key stays locked until its time, and a try meanwhile is not counted', async () => {
  const { db } = office.app.store;
  const key = lockKey('account', '甲');
  for (let n = 0; n < 5; n++) expect(await countFailure(db, key, ACCOUNT_RULE, NOON)).toBe(0);
  expect(await lockedFor(db, key, NOON + 1000)).toBe(MINUTE - 1000);
  expect(await countFailure(db, key, ACCOUNT_RULE, NOON + 1000)).toBe(MINUTE - 1000);
  expect(await lockedFor(db, key, NOON + MINUTE)).toBe(0);
  expect(await countFailure(db, key, ACCOUNT_RULE, NOON + MINUTE)).toBe(0);
  expect(await lockedFor(db, key, NOON + MINUTE)).toBe(2 * MINUTE);
});

test('of a hundred guesses at once only five are let through', async () => {
  const { db } = office.app.store;
  const key = lockKey('account', '乙');
  const guesses = Array.from({ length: 100 }, () => countFailure(db, key, ACCOUNT_RULE, NOON));
  expect((await Promise.all(guesses)).filter((lock) => lock === 0)).toHaveLength(5);
});

test('the right password, or a day, makes the count start anew', async () => {
  const { db } = office.app.store;
  const key = lockKey('account', '丙');
  for (let n = 0; n < 4; n++) await countFailure(db, key, ACCOUNT_RULE, NOON);
  await forgetFailures(db, key);
  for (let n = 0; n < 4; n++) await countFailure(db, key, ACCOUNT_RULE, NOON);
  expect(await lockedFor(db, key, NOON)).toBe(0);
  await countFailure(db, key, ACCOUNT_RULE, NOON + ACCOUNT_RULE.forgetAfter + 1);
  expect(await lockedFor(db, key, NOON + ACCOUNT_RULE.forgetAfter + 1)).toBe(0);
});
