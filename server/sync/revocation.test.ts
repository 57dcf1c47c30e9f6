/** Rights are withdrawn while their holder writes, at every point of the way of a commit. */
import * as fc from 'fast-check';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { CONTENT_FRAGMENT } from '#lib/report/model.ts';
import { CLOSE, NACK } from '#lib/sync/protocol.ts';
import { raiseAccessEpoch } from '../reports/access.ts';
import { PEOPLE } from '../reports/testing.ts';
import type { DocCommit } from '../store/docs.ts';
import { openDesk, REPORT, type Desk, type RawClient } from './testing.ts';

const { chen, wang } = PEOPLE;

/** Does something around one commit that the store is asked for. */
type Around = (commit: () => Promise<DocCommit[]>) => Promise<DocCommit[]>;

let desk: Desk;
let around: Around;
let one: RawClient;
beforeEach(async () => {
  around = (commit) => commit();
  desk = await openDesk((docs) => ({ ...docs, commit: (batches) => around(() => docs.commit(batches)) }));
  one = await desk.connect(chen).join();
});
afterEach(() => desk.close());

const stored = () => desk.sync.read(REPORT, (doc) => doc.getXmlFragment(CONTENT_FRAGMENT).toString());

/** Gives Wang a role, or takes it; answers the last sequence number that was committed before. */
function give(role: 'editor' | 'viewer' | null): Promise<number> {
  return desk.county.store.db.transaction().execute(async (trx) => {
    await trx.deleteFrom('reportShare').where('subjectId', '=', 'wang').execute();
    const share = { reportId: REPORT, subjectKind: 'person', subjectId: 'wang' } as const;
    if (role !== null)
      await trx
        .insertInto('reportShare')
        .values({ ...share, role })
        .execute();
    await raiseAccessEpoch(trx, REPORT);
    const { headSeq } = await trx
      .selectFrom('doc')
      .select('headSeq')
      .where('kind', '=', 'content')
      .executeTakeFirstOrThrow();
    return headSeq;
  });
}

const plan = fc.record({
  /** Which of the commits it happens around. */
  at: fc.nat({ max: 6 }),
  /** `asked` and `queued`: at once with the commit, before or behind it. */
  when: fc.constantFrom('before', 'asked', 'queued', 'after'),
  to: fc.constantFrom(null, 'viewer'),
  /** Whether the sync server is told, as it is by the pages; else only the commit can notice. */
  isTold: fc.boolean(),
  /** How many edits each sends at once. */
  bursts: fc.array(fc.integer({ min: 1, max: 6 }), { minLength: 2, maxLength: 8 }),
});

test('[R8] in a stream of edits none of the revoked is committed after the revocation, and nobody else’s is lost', async () => {
  let run = 0;
  const check = async ({
    at,
    when,
    to,
    isTold,
    bursts,
  }: typeof plan extends fc.Arbitrary<infer P> ? P : never) => {
    run++;
    await give('editor');
    desk.sync.reportChanged(REPORT);
    const two = await desk.connect(wang).join();
    let revokedAt: Promise<number> | null = null;
    const revoke = async () => {
      revokedAt ??= give(to);
      await revokedAt;
      if (isTold) desk.sync.reportChanged(REPORT);
    };
    let commits = 0;
    around = async (commit) => {
      if (commits++ !== at) return commit();
      switch (when) {
        case 'before':
          await revoke();
          return commit();
        case 'asked': {
          const [, done] = await Promise.all([revoke(), commit()]);
          return done;
        }
        case 'queued': {
          const [done] = await Promise.all([commit(), revoke()]);
          return done;
        }
        case 'after': {
          const done = await commit();
          await revoke();
          return done;
        }
        default:
          return when satisfies never;
      }
    };
    const written = new Map<number, string>();
    const mine: string[] = [];
    for (const burst of bursts) {
      for (let i = 0; i < burst; i++) {
        const name = `${run}之${written.size}`;
        two.write(`王${name}。`);
        written.set(two.sent, `王${name}。`);
        one.write(`陈${name}。`);
        mine.push(`陈${name}。`);
      }
      await one.settled();
    }
    await revoke();
    // Nobody told: the next commit notices.
    one.write('之后');
    await one.settled();
    expect(await two.untilClosed()).toBe(to === null ? CLOSE.forbidden : CLOSE.reconnect);
    around = (commit) => commit();

    const late = await desk.county.store.db
      .selectFrom('docUpdate')
      .select('seq')
      .where('userId', '=', 'wang')
      .where('seq', '>', (await revokedAt) ?? 0)
      .execute();
    expect(late).toEqual([]);
    const text = (await stored()) ?? '';
    for (const each of mine) expect(text).toContain(each);
    const refused = new Set(two.nacks.map(({ n }) => n));
    for (const [n, each] of written) {
      // Acknowledged and not refused is there; refused is not; what the closed socket never heard of may be either.
      if (refused.has(n)) expect(text).not.toContain(each);
      else if (n <= two.acked) expect(text).toContain(each);
    }
    expect(two.nacks.every(({ code }) => code === NACK.readOnly)).toBe(true);
    expect(one.nacks).toEqual([]);
  };
  await fc.assert(fc.asyncProperty(plan, check), { numRuns: 40, endOnFailure: true });
}, 60_000);
