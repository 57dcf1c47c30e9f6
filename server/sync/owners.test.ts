import * as fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import * as Y from 'yjs';
import { CONTENT_FRAGMENT } from '#lib/report/model.ts';
import type { Actor } from '#lib/review/permissions.ts';
import { CLOSE, NACK, SYNC } from '#lib/sync/protocol.ts';
import { raiseAccessEpoch } from '../reports/access.ts';
import { PEOPLE } from '../reports/testing.ts';
import { claimsOf, MAX_CLAIMS, unusedClient, type Holders, type Present } from './owners.ts';
import { heldCommits, openDesk, paragraph, REPORT, type Desk, type RawClient } from './testing.ts';
import { decodeUpdate } from './update.ts';

const { chen, wang, li } = PEOPLE;

let desk: Desk;
let commits: ReturnType<typeof heldCommits>;
beforeEach(async () => {
  desk = await openDesk((docs) => (commits = heldCommits(docs)).docs);
});
afterEach(async () => {
  commits.release();
  await desk.close();
});

const join = (who: Actor) => desk.connect(who).join();
const stored = () => desk.sync.read(REPORT, (doc) => doc.getXmlFragment(CONTENT_FRAGMENT).toString());
/** A paragraph that `by` adds under somebody's client id, to all that they know. */
function forged(by: RawClient, client: number, text: string): Uint8Array {
  const doc = new Y.Doc();
  Y.applyUpdate(doc, Y.encodeStateAsUpdate(by.doc));
  doc.clientID = client;
  const before = Y.encodeStateVector(doc);
  doc.getXmlFragment(CONTENT_FRAGMENT).insert(0, [paragraph(text)]);
  return Y.encodeStateAsUpdate(doc, before);
}
/** Sends it and sees it refused as another's, and the socket closed for good. */
async function refused(client: RawClient, update: Uint8Array): Promise<void> {
  client.sendUpdate(update);
  expect(await client.untilClosed()).toBe(CLOSE.foreignClient);
  expect(client.nacks).toMatchObject([{ n: client.sent, code: NACK.foreignClient }]);
  expect(await stored()).not.toContain('伪造');
}

describe('[R16] a client id', () => {
  test('is its first writer’s: another’s structs under it are refused, and the owner writes on', async () => {
    const [one, two] = await Promise.all([join(chen), join(wang)]);
    one.write('陈的第一段');
    await two.until(() => two.text.includes('陈的第一段'));
    await refused(two, forged(two, one.doc.clientID, '伪造'));
    one.write('陈的第二段');
    await one.settled();
    expect(await stored()).toContain('陈的第二段');
  });

  test('is claimed while its first commit is still on the way', async () => {
    const [one, two] = await Promise.all([join(chen), join(wang)]);
    // Longer than what it forges: up to there it would only repeat.
    const update = forged(two, one.doc.clientID, '伪造'.repeat(20));
    const held = commits.hold();
    one.write('陈的');
    await held;
    const isRefused = refused(two, update);
    await two.untilClosed();
    commits.release();
    await isRefused;
    await one.settled();
    expect(await stored()).toContain('陈的');
  });

  test('is claimed by presence before anything is written, and stays so when the socket is lost', async () => {
    const [one, two, three] = await Promise.all([join(chen), join(wang), join(li)]);
    one.present(4711, 1, { here: true });
    await Promise.all([two, three].map((other) => other.until(() => other.presences.includes('here'))));
    await refused(two, forged(two, 4711, '伪造'));
    one.socket.close();
    await three.until(() => three.presences.includes('null'));
    await refused(three, forged(three, 4711, '伪造'));
    const back = await join(chen);
    back.sendUpdate(forged(back, 4711, '陈断线时写的'));
    await back.settled();
    expect(await stored()).toContain('陈断线时写的');
  });

  test('stays its owner’s over a restart, and is the same for all their sockets', async () => {
    const one = await join(chen);
    one.write('一');
    await one.settled();
    const client = one.doc.clientID;
    await desk.restart();
    const again = await desk.connect(chen, { doc: one.doc }).join();
    again.write('二');
    await again.settled();
    expect(again.doc.clientID).toBe(client);
    const two = await join(wang);
    await refused(two, forged(two, client, '伪造'));
  });

  test('is nobody’s when the seed or the server wrote under it: nobody goes on', async () => {
    const seeded = await desk.sync.read(REPORT, (doc) => [...doc.store.clients.keys()]);
    await desk.sync.edit(chen, REPORT, (doc) =>
      doc.getXmlFragment(CONTENT_FRAGMENT).insert(0, [paragraph('服务器写的')]),
    );
    const all = (await desk.sync.read(REPORT, (doc) => [...doc.store.clients.keys()])) ?? [];
    expect(all.length).toBe((seeded?.length ?? 0) + 1);
    for (const client of all) {
      const one = await join(chen);
      await refused(one, forged(one, client, '伪造'));
    }
  });

  test('that is another’s brings no presence', async () => {
    const [one, two, three] = await Promise.all([join(chen), join(wang), join(li)]);
    one.write('陈的');
    await one.settled();
    two.present(one.doc.clientID, 1, { user: '假的' });
    two.present(4712, 1, { user: '王' });
    await three.until(() => three.presences.includes('王'));
    expect(three.presences).not.toContain('假的');
  });

  test('may be repeated by anybody: known structs change nothing', async () => {
    const [one, two] = await Promise.all([join(chen), join(wang)]);
    one.write('陈的');
    await two.until(() => two.text.includes('陈的'));
    two.write('王的');
    two.sendSync(SYNC.step2, Y.encodeStateAsUpdate(two.doc));
    await two.settled();
    expect(two.nacks).toEqual([]);
  });

  test('is not claimed by what was refused', async () => {
    const [one, two] = await Promise.all([join(chen), join(wang)]);
    const held = commits.hold();
    two.sendUpdate(forged(two, 4711, '王的'));
    one.write('陈的');
    await held;
    await desk.county.store.db.transaction().execute(async (trx) => {
      await trx.deleteFrom('reportShare').where('subjectId', '=', 'wang').execute();
      await raiseAccessEpoch(trx, REPORT);
    });
    commits.release();
    expect(await two.untilClosed()).toBe(CLOSE.forbidden);
    await one.settled();
    one.sendUpdate(forged(one, 4711, '陈用这个号'));
    await one.settled();
    const owners = await desk.county.store.db
      .selectFrom('clientOwner')
      .select(['clientId', 'userId'])
      .execute();
    expect(owners).toContainEqual({ clientId: 4711, userId: 'chen' });
    expect(owners.some(({ userId }) => userId === 'wang')).toBe(false);
  });

  test('comes with many others only up to a limit', async () => {
    const one = await join(chen);
    const many = new Y.Doc();
    for (let i = 0; i <= MAX_CLAIMS; i++) {
      many.clientID = 1_000_000 + i;
      many.getXmlFragment(CONTENT_FRAGMENT).insert(0, [new Y.XmlText()]);
    }
    one.sendUpdate(Y.encodeStateAsUpdate(many));
    await one.until(() => one.nacks.length === 1);
    expect(one.nacks[0]?.code).toBe(NACK.malformed);
  });
});

test('[R16] whatever people send, nobody extends what another began, or what is nobody’s', () => {
  const USERS = ['chen', 'wang', 'li'] as const;
  const CLIENTS = [1, 2, 3];
  const user = fc.constantFrom(...USERS);
  const client = fc.constantFrom(...CLIENTS);
  const step = fc.oneof(
    fc.record({
      kind: fc.constant('write' as const),
      user,
      clients: fc.uniqueArray(client, { minLength: 1 }),
    }),
    fc.record({ kind: fc.constant('seed' as const), client }),
    fc.record({ kind: fc.constant('come' as const), user, client }),
    fc.record({ kind: fc.constant('leave' as const), client }),
  );
  fc.assert(
    fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
      const clocks = new Map<number, number>();
      const owners = new Map<number, string>();
      const here = new Map<number, Present>();
      /** The truth: whoever wrote under each id, null for the server. */
      const writers = new Map<number, Set<string | null>>();
      const holders: Holders = {
        clock: (one) => clocks.get(one) ?? 0,
        owner: (one) => owners.get(one) ?? null,
        present: (one) => here.get(one) ?? null,
      };
      const wrote = (one: number, by: string | null) => {
        clocks.set(one, holders.clock(one) + 1);
        writers.set(one, (writers.get(one) ?? new Set()).add(by));
      };
      for (const one of steps) {
        if (one.kind === 'seed') {
          if (holders.clock(one.client) === 0 && !here.has(one.client)) wrote(one.client, null);
        } else if (one.kind === 'come') {
          const owner = holders.owner(one.client);
          const isFree = owner === null ? holders.clock(one.client) === 0 : owner === one.user;
          if (isFree && !here.has(one.client)) here.set(one.client, { userId: one.user, extended: true });
        } else if (one.kind === 'leave') here.delete(one.client);
        else {
          const update = structsOf(one.clients.map((each) => [each, holders.clock(each)]));
          const claims = claimsOf(update, { userId: one.user, mayRecover: false }, holders);
          if (claims === null) continue;
          for (const each of claims) owners.set(each, one.user);
          for (const each of one.clients) wrote(each, one.user);
        }
      }
      for (const by of writers.values()) expect(by.size).toBe(1);
      // An id of somebody who is here was written under by them alone.
      for (const [one, { userId }] of here) expect([...(writers.get(one) ?? [userId])]).toEqual([userId]);
    }),
  );
});

/** An update of one struct for each client, at a clock. */
function structsOf(at: [client: number, clock: number][]) {
  const parts = at.map(([client, clock]) => {
    const doc = new Y.Doc();
    doc.clientID = client;
    for (let i = 0; i < clock; i++) doc.getArray('a').push([i]);
    const before = Y.encodeStateVector(doc);
    doc.getArray('a').push([clock]);
    return Y.encodeStateAsUpdate(doc, before);
  });
  const update = decodeUpdate(Y.mergeUpdates(parts));
  if (update === null) throw new Error('the update cannot be read');
  return update;
}

test('[R16] the server writes under an id that nobody has', () => {
  const taken = new Set([1, 2, 3]);
  const holders: Holders = {
    clock: (client) => (client === 1 ? 5 : 0),
    owner: (client) => (client === 2 ? 'chen' : null),
    present: (client) => (client === 3 ? { userId: 'li', extended: true } : null),
  };
  const draws = [1, 2, 3, 4];
  expect(taken.has(unusedClient(holders, () => draws.shift() ?? 0))).toBe(false);
});
