/**
 * Guessing passwords is made slow: failures are counted for each account and each address, whether the
 * account exists or not, so a stranger learns nothing from a lock.
 */
import { createHash } from 'node:crypto';
import type { Kysely } from 'kysely';
import type { Database } from '../store/tables.ts';

export interface LockRule {
  /** This many failures lock. */
  failures: number;
  /** The first lock, in milliseconds; each further failure doubles it. */
  first: number;
  longest: number;
  /** A failure longer ago than this many milliseconds no longer counts. */
  forgetAfter: number;
}

const MINUTE = 60_000;
export const ACCOUNT_RULE: LockRule = {
  failures: 5,
  first: MINUTE,
  longest: 60 * MINUTE,
  forgetAfter: 24 * 60 * MINUTE,
};
/** A whole office may share one address. */
export const ADDRESS_RULE: LockRule = {
  failures: 50,
  first: 5 * MINUTE,
  longest: 60 * MINUTE,
  forgetAfter: 60 * MINUTE,
};

/** How long the lock after the n-th failure lasts, in milliseconds; 0: none. */
export function lockAfter(rule: LockRule, failures: number): number {
  if (failures < rule.failures) return 0;
  return Math.min(rule.longest, rule.first * 2 ** (failures - rule.failures));
}

/** Names may be of any length and are nobody's business in a table of failures. */
export function lockKey(kind: 'account' | 'address', name: string): string {
  return `${kind}:${createHash('sha256').update(name).digest('base64url')}`;
}

/** For how many milliseconds this key is still locked; 0: it is not. */
export async function lockedFor(db: Kysely<Database>, key: string, now: number): Promise<number> {
  const row = await db
    .selectFrom('signInFailure')
    .select('lockedUntil')
    .where('key', '=', key)
    .executeTakeFirst();
  return Math.max(0, Date.parse(row?.lockedUntil ?? '') - now || 0);
}

/**
 * Counts one failure unless the key is locked; answers for how many milliseconds it was locked before.
 * Counting and looking are one transaction, so that a hundred guesses at once count as a hundred.
 */
export async function countFailure(
  db: Kysely<Database>,
  key: string,
  rule: LockRule,
  now: number,
): Promise<number> {
  return db.transaction().execute(async (tx) => {
    const longAgo = new Date(now - ACCOUNT_RULE.forgetAfter).toISOString();
    await tx.deleteFrom('signInFailure').where('lastAt', '<', longAgo).execute();
    const row = await tx.selectFrom('signInFailure').selectAll().where('key', '=', key).executeTakeFirst();
    const left = Math.max(0, Date.parse(row?.lockedUntil ?? '') - now || 0);
    if (left > 0) return left;
    const counted = row !== undefined && Date.parse(row.lastAt) > now - rule.forgetAfter ? row.failures : 0;
    const failures = counted + 1;
    const lock = lockAfter(rule, failures);
    const values = {
      failures,
      lastAt: new Date(now).toISOString(),
      lockedUntil: lock > 0 ? new Date(now + lock).toISOString() : null,
    };
    await tx
      .insertInto('signInFailure')
      .values({ key, ...values })
      .onConflict((conflict) => conflict.column('key').doUpdateSet(values))
      .execute();
    return 0;
  });
}

/** The right password was given: the count starts anew. */
export async function forgetFailures(db: Kysely<Database>, key: string): Promise<void> {
  await db.deleteFrom('signInFailure').where('key', '=', key).execute();
}
