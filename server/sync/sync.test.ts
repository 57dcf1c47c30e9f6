import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { WebsocketProvider } from 'y-websocket';
import { WebSocket } from 'ws';
import * as Y from 'yjs';
import { writeTitle } from '#lib/report/title.ts';
import { CONTENT_FRAGMENT } from '#lib/report/model.ts';
import { CLOSE, MAX_UPDATE_BYTES, MESSAGE, NACK, SYNC } from '#lib/sync/protocol.ts';
import { raiseAccessEpoch } from '../reports/access.ts';
import { PEOPLE } from '../reports/testing.ts';
import type { DocStore } from '../store/docs.ts';
import { fillDisk, lockDatabase } from '../store/testing.ts';
import { heldCommits, openDesk, paragraph, REPORT, type Desk } from './testing.ts';

const { chen, wang, li, zhao, lone } = PEOPLE;

/** A store whose commits wait for a word, and whose loads are counted or fail. */
function control(docs: DocStore) {
  const state = { loads: 0, commits: 0 };
  const held = heldCommits(docs);
  return {
    ...held,
    state,
    docs: {
      ...held.docs,
      async load(reportId, kind) {
        state.loads++;
        return docs.load(reportId, kind);
      },
      async commit(batches) {
        state.commits++;
        return held.docs.commit(batches);
      },
    } satisfies DocStore,
  };
}

let desk: Desk;
let store: ReturnType<typeof control>;
beforeEach(async () => {
  desk = await openDesk((docs) => (store = control(docs)).docs);
});
afterEach(async () => {
  store.release();
  await desk.close();
  vi.useRealTimers();
});

const join = (who: typeof chen | typeof zhao | typeof li, query?: string) =>
  desk.connect(who, query === undefined ? {} : { query }).join();
const stored = () => desk.sync.read(REPORT, (doc) => doc.getXmlFragment(CONTENT_FRAGMENT).toString());
const rows = () =>
  desk.county.store.db
    .selectFrom('docUpdate')
    .innerJoin('doc', 'doc.number', 'docUpdate.docNumber')
    .where('kind', '=', 'content')
    .select(['seq', 'userId', 'docUpdate.bytes'])
    .orderBy('seq')
    .execute();
describe('committing', () => {
  test('[R1] an edit is acknowledged only when it is committed', async () => {
    const one = await join(chen);
    const acked = one.acked;
    const held = store.hold();
    one.write('县里的水库');
    await held;
    await one.echo();
    expect(one.acked).toBe(acked);
    store.release();
    await one.settled();
    expect((await rows()).at(-1)?.userId).toBe('chen');
  });

  test('[R2] nothing that is not committed leaves: not to colleagues, joiners, pages or state vectors', async () => {
    const one = await join(chen);
    const two = await join(wang);
    const held = store.hold();
    one.write('还没落盘');
    await held;
    const late = await join(li);
    await two.echo();
    for (const client of [two, late]) expect(client.text).not.toContain('还没落盘');
    expect(await stored()).not.toContain('还没落盘');
    const [asked] = late.asked;
    expect(Y.decodeStateVector(asked ?? new Uint8Array()).has(one.doc.clientID)).toBe(false);
    store.release();
    for (const client of [two, late]) await client.until(() => client.text.includes('还没落盘'));
  });

  test('[R1] a duplicate of what is still queued is acknowledged with that commit', async () => {
    const one = await join(chen);
    const two = await join(wang);
    const held = store.hold();
    const update = one.change((content) => content.insert(0, [paragraph('重复')]));
    one.sendUpdate(update);
    await held;
    two.sendUpdate(update);
    await two.echo();
    expect(two.acked).toBeLessThan(two.sent);
    store.release();
    await two.settled();
    expect((await rows()).filter(({ userId }) => userId === 'wang')).toEqual([]);
  });

  test('[R3] edits of several people in one commit are numbered without a gap', async () => {
    const clients = await Promise.all([join(chen), join(wang), join(li)]);
    for (let round = 0; round < 5; round++) for (const client of clients) client.write(`第${round}轮`);
    await Promise.all(clients.map((client) => client.settled()));
    const seqs = (await rows()).map(({ seq }) => seq);
    expect(seqs).toEqual(seqs.map((_, index) => index + 1));
    expect(seqs.length).toBe(17);
  });

  test('an up-to-date client that comes back writes nothing', async () => {
    const one = await join(chen);
    one.write('第一段');
    one.sendUpdate(one.change((content) => content.delete(0, 1)));
    await one.settled();
    const before = await rows();
    one.socket.terminate();
    await desk.connect(chen, { doc: one.doc }).join();
    expect(await rows()).toEqual(before);
  });

  test.each([
    ['the disk is full', () => fillDisk(desk.county.store.connection)],
    [
      'somebody else writes in the database',
      () => lockDatabase(desk.county.store.connection, `${desk.county.dir}/huigao.db`),
    ],
  ])('[R12] while %s nothing is acknowledged or shown; then all of it is', async (_, obstruct) => {
    const [one, two, three] = [await join(chen), await join(wang), await join(li)];
    const before = await rows();
    const clear = await obstruct();
    const acked = one.acked;
    // Too large for what is free in the pages that the database has already.
    one.write('满'.repeat(40_000));
    await two.until(() => two.infos.at(-1)?.storing === false);
    one.write('满的时候继续写');
    one.sendUpdate(one.change((content) => content.delete(0, 1)));
    three.write('另一个人写的');
    // It is tried again, and again, and nothing of it leaves meanwhile: not to colleagues, joiners or pages.
    const tries = store.state.commits;
    await vi.waitUntil(() => store.state.commits >= tries + 2, { timeout: 10_000 });
    const late = await join(zhao);
    for (const client of [one, two, three]) await client.echo();
    for (const text of [two.text, late.text, await stored()]) expect(text).not.toMatch(/满|另一个/);
    expect(one.acked).toBe(acked);
    expect([late, two].map(({ infos }) => infos.at(-1)?.storing)).toEqual([false, false]);
    await clear();
    await Promise.all([one.settled(), three.settled()]);
    for (const client of [two, late, three]) {
      await client.until(() => /满的时候继续写/.test(client.text) && client.text.includes('另一个人写的'));
    }
    await two.until(() => two.infos.at(-1)?.storing === true);
    await one.until(() => one.text.includes('另一个人写的'));
    expect([two.text, late.text, await stored()]).toEqual([one.text, one.text, one.text]);
    const after = await rows();
    expect(after.map(({ seq }) => seq)).toEqual(after.map((_row, index) => index + 1));
    expect(after.slice(before.length).map(({ userId }) => userId)).toEqual(['chen', 'chen', 'chen', 'li']);
  });
});

describe('opening', () => {
  test('[R6] a log with a gap is not served', async () => {
    await desk.county.store.db.updateTable('doc').set({ headSeq: 5 }).where('kind', '=', 'content').execute();
    expect(await desk.connect(chen).untilClosed()).toBe(CLOSE.reconnect);
  });
});

describe('who may', () => {
  test('[R11] a page of another origin is refused', async () => {
    expect(await desk.connect(chen, { origin: 'https://evil.example' }).untilClosed()).toBe(CLOSE.forbidden);
    const own = desk.connect(chen, { origin: desk.url.replace('ws:', 'http:') });
    await own.join();
  });

  test.each([
    ['report0000000009/content', CLOSE.notFound],
    ['report0000000001/figures', CLOSE.notFound],
    ['report0000000001/content/x', CLOSE.notFound],
    ['REPORT0000000001/content', CLOSE.notFound],
  ])('[R11] there is no room %s', async (room, code) => {
    expect(await desk.connect(chen, { room }).untilClosed()).toBe(code);
  });

  test('[R11] nobody, a stranger and an old page are told apart', async () => {
    expect(await desk.connect(null).untilClosed()).toBe(CLOSE.unauthorized);
    expect(await desk.connect(lone).untilClosed()).toBe(CLOSE.forbidden);
    expect(await desk.connect(chen, { query: '?ext=1&schema=0' }).untilClosed()).toBe(CLOSE.clientTooOld);
  });

  test('[R7] a reader’s edits are refused, and it is not even asked', async () => {
    const reader = await join(zhao);
    expect(reader.infos[0]).toMatchObject({ role: 'viewer', canWrite: false, storing: true });
    expect(reader.asked).toEqual([]);
    const before = await rows();
    reader.write('只读的人写的');
    reader.sendSync(SYNC.step2, Y.encodeStateAsUpdate(reader.doc));
    await reader.until(() => reader.nacks.length === 2);
    expect(reader.nacks.map(({ code }) => code)).toEqual([NACK.readOnly, NACK.readOnly]);
    expect(await rows()).toEqual(before);
    expect(desk.sync.hasWriter(REPORT)).toBe(false);
  });

  test('[R7] nobody writes the review data over a socket', async () => {
    const owner = desk.connect(chen, { room: `${REPORT}/review` });
    await owner.join();
    owner.write('伪造的批注');
    await owner.until(() => owner.nacks.length === 1);
    expect(owner.nacks[0]?.code).toBe(NACK.readOnly);
    expect(desk.sync.hasWriter(REPORT)).toBe(false);
  });

  test('[R8] no edit is committed after rights were withdrawn, and colleagues lose nothing', async () => {
    const { db } = desk.county.store;
    const one = await join(chen);
    const two = await join(wang);
    const held = store.hold();
    one.write('陈写的');
    two.write('王写的');
    await held;
    await db.transaction().execute(async (trx) => {
      await trx.deleteFrom('reportShare').where('subjectId', '=', 'wang').execute();
      await raiseAccessEpoch(trx, REPORT);
    });
    store.release();
    expect(await two.untilClosed()).toBe(CLOSE.forbidden);
    await one.settled();
    expect(await stored()).toContain('陈写的');
    expect(await stored()).not.toContain('王写的');
    expect((await rows()).some(({ userId }) => userId === 'wang')).toBe(false);
    one.write('之后');
    await one.settled();
  });

  test('[R8] a share that is taken back closes the socket, a changed role asks it to come back', async () => {
    const { db } = desk.county.store;
    const two = await join(wang);
    const three = await join(li);
    await db.deleteFrom('reportShare').where('subjectId', '=', 'wang').execute();
    await db.updateTable('reportShare').set({ role: 'viewer' }).where('subjectId', '=', 'li').execute();
    desk.sync.reportChanged(REPORT);
    expect(await two.untilClosed()).toBe(CLOSE.forbidden);
    expect(await three.untilClosed()).toBe(CLOSE.reconnect);
  });

  test('[R8] who was disabled while coming in does not stay', async () => {
    let went = () => {};
    const isAsked = new Promise<void>((resolve) => {
      let answers = 0;
      // The first answer lets the socket in, the second is the room's.
      desk.asked = () => {
        if (++answers !== 2) return Promise.resolve();
        resolve();
        return new Promise((go) => (went = go));
      };
    });
    const reader = desk.connect(zhao);
    await isAsked;
    desk.people.delete('zhao');
    desk.sync.personChanged('zhao');
    went();
    expect(await reader.untilClosed()).toBe(CLOSE.unauthorized);
  });

  test('a new status is told without closing anything', async () => {
    const one = await join(chen);
    await desk.county.store.db.updateTable('report').set({ status: 'review' }).execute();
    desk.sync.reportChanged(REPORT);
    await one.until(() => one.infos.at(-1)?.status === 'review');
    expect(one.closed).toBeNull();
  });
});

describe('what is sent', () => {
  test('[R5] elements nested by the thousand are refused, and the document stays usable', async () => {
    const one = await join(chen);
    const two = await join(wang);
    const hostile = new Y.Doc();
    hostile.transact(() => {
      let parent: Y.XmlFragment = hostile.getXmlFragment('content');
      for (let depth = 0; depth < 2_000; depth++) {
        const element = new Y.XmlElement('paragraph');
        parent.insert(0, [element]);
        parent = element;
      }
    });
    one.sendUpdate(Y.encodeStateAsUpdate(hostile));
    await one.until(() => one.nacks.length === 1);
    expect(one.nacks[0]).toMatchObject({ n: one.sent, code: NACK.malformed });
    two.write('照常');
    await two.settled();
  });

  test('[R5] a frame beyond the limit closes the socket for good', async () => {
    const one = await join(chen);
    one.send(new Uint8Array(MAX_UPDATE_BYTES + 2048));
    expect(await one.untilClosed()).toBe(CLOSE.tooLarge);
  });

  test('[R10] a key typed before the first answer waits for it', async () => {
    const one = await join(chen);
    one.write('一');
    await one.settled();
    one.socket.terminate();
    one.write('离线写的');
    const again = desk.connect(chen, { doc: one.doc });
    await again.until(() => again.infos.length > 0);
    const typed = again.change((content) => content.insert(content.length, [paragraph('接着写')]));
    again.sendUpdate(typed);
    await again.join();
    expect(again.nacks).toEqual([]);
    expect(again.acked).toBe(2);
    expect(await stored()).toContain('接着写');
  });

  test('[R10] what builds on the unknown is asked for once and then refused, and never applied', async () => {
    const one = await join(chen);
    const hidden = new Y.Doc();
    Y.applyUpdate(hidden, Y.encodeStateAsUpdate(one.doc));
    const updates: Uint8Array[] = [];
    hidden.on('update', (update: Uint8Array) => updates.push(update));
    const content = hidden.getXmlFragment(CONTENT_FRAGMENT);
    content.insert(0, [paragraph('甲')]);
    content.insert(0, [paragraph('乙')]);
    const [, dangling] = updates;
    const asked = one.asked.length;
    one.sendUpdate(dangling ?? new Uint8Array());
    await one.until(() => one.asked.length > asked);
    expect(one.nacks).toEqual([]);
    one.sendUpdate(dangling ?? new Uint8Array());
    expect(await one.untilClosed()).toBe(CLOSE.malformed);
    expect(one.nacks.at(-1)?.code).toBe(NACK.missingDependency);
    expect(await stored()).not.toContain('乙');
  });

  test('the stock provider converges, and nothing is logged as an error', async () => {
    const error = vi.spyOn(console, 'error');
    const providers = [chen, wang].map((who) => {
      class SignedIn extends WebSocket {
        constructor(address: string) {
          super(address, { headers: { cookie: `user=${who.userId}` } });
        }
      }
      return new WebsocketProvider(`${desk.url}/sync`, `${REPORT}/content`, new Y.Doc(), {
        // ws is the browser's WebSocket in all that y-websocket uses.
        WebSocketPolyfill: SignedIn as unknown as typeof globalThis.WebSocket,
        disableBc: true,
      });
    });
    const [a, b] = providers.map(({ doc }) => doc.getXmlFragment(CONTENT_FRAGMENT)) as [
      Y.XmlFragment,
      Y.XmlFragment,
    ];
    await Promise.all(
      providers.map((one) => new Promise<void>((resolve) => one.once('sync', () => resolve()))),
    );
    a.insert(0, [paragraph('甲写的')]);
    b.insert(0, [paragraph('乙写的')]);
    await expect.poll(() => a.toString()).toContain('乙写的');
    await expect.poll(() => b.toString()).toBe(a.toString());
    await expect.poll(stored).toBe(a.toString());
    for (const provider of providers) provider.destroy();
    expect(error).not.toHaveBeenCalled();
    error.mockRestore();
  });
});

describe('presence', () => {
  test('[R13] it is passed on unread, and leaves with its socket', async () => {
    const one = await join(chen);
    const two = await join(zhao);
    one.present(11, 1, { user: '陈' });
    await two.until(() => two.presences.includes('陈'));
    const late = await join(li);
    await late.until(() => late.presences.includes('陈'));
    one.socket.close();
    await two.until(() => two.presences.includes('null'));
  });

  test('[R13] nobody can speak for another’s client, or remove it', async () => {
    const one = await join(chen);
    const two = await join(wang);
    const three = await join(li);
    one.present(11, 1, { user: '陈' });
    await two.until(() => two.presences.includes('陈'));
    two.present(11, 9, { user: '假的' });
    two.present(11, 9, null);
    two.present(12, 1, { user: '王' });
    await three.until(() => three.presences.includes('王'));
    expect(three.presences).not.toContain('假的');
    expect(three.presences).not.toContain('null');
  });

  test('[R13] a state beyond 4 KB is not passed on', async () => {
    const one = await join(chen);
    const two = await join(wang);
    one.present(11, 1, { user: '大'.repeat(2000) });
    one.present(13, 1, { user: '小' });
    await two.until(() => two.presences.includes('小'));
    expect(two.presences).not.toContain('大');
  });
});

describe('[R23] who is behind a client id', () => {
  const CHEN = { userId: 'chen', name: '陈晓', department: '水务局', hue: 1 };

  test('is told before its state, to those here and to who comes, whatever the state says of itself', async () => {
    const [one, two] = await Promise.all([join(chen), join(zhao)]);
    two.heard.length = 0;
    one.present(11, 1, { user: { userId: 'zhao', name: '赵启明' } });
    await two.until(() => two.awareness.length > 0);
    expect(Object.fromEntries(two.clients)).toEqual({ 11: CHEN });
    expect(two.heard).toEqual([MESSAGE.clients, MESSAGE.awareness]);
    const late = await join(li);
    await late.until(() => late.awareness.length > 0);
    expect(Object.fromEntries(late.clients)).toEqual({ 11: CHEN });
    const stock = desk.connect(wang, { query: '' });
    await stock.until(() => stock.awareness.length > 0);
    expect(stock.clients.size).toBe(0);
  });

  test('is told only when it changes, and until it leaves', async () => {
    const [one, two] = await Promise.all([join(chen), join(zhao)]);
    one.present(11, 1, { at: 1 });
    await two.until(() => two.clients.size === 1);
    two.heard.length = 0;
    one.present(11, 2, { at: 2 });
    await two.until(() => two.presences.includes('"at":2'));
    expect(two.heard).toEqual([MESSAGE.awareness]);
    desk.people.set('chen', { ...chen, name: '陈小晓', departmentId: 'stats' });
    desk.sync.personChanged('chen');
    await two.until(() => two.clients.get('11')?.name === '陈小晓');
    expect(two.clients.get('11')).toEqual({ ...CHEN, name: '陈小晓', department: '统计局', hue: 2 });
    one.socket.close();
    await two.until(() => two.clients.size === 0);
  });
});

describe('the server’s own edits', () => {
  test('they are committed for their actor and reach everyone', async () => {
    const two = await join(wang);
    const outcome = await desk.sync.edit(chen, REPORT, (doc) => writeTitle(doc, '春耕生产'));
    expect(outcome.ok).toBe(true);
    await two.until(() => two.text.includes('春耕生产'));
    expect((await rows()).at(-1)?.userId).toBe('chen');
  });

  test('[R8] they are judged by who their actor is now, not by who it was', async () => {
    desk.people.set('admin', { ...PEOPLE.admin, role: 'member' });
    desk.people.delete('wang');
    const change = (doc: Y.Doc) => writeTitle(doc, '改名');
    expect(await desk.sync.edit(PEOPLE.admin, REPORT, change)).toMatchObject({ code: 'forbidden' });
    expect(await desk.sync.edit(wang, REPORT, change)).toMatchObject({ code: 'forbidden' });
  });

  test('[R12] they are refused while the disk is full, and nothing of them comes later', async () => {
    const one = await join(chen);
    const add = (text: string) => (doc: Y.Doc) =>
      doc.getXmlFragment(CONTENT_FRAGMENT).insert(0, [paragraph(text)]);
    const empty = await fillDisk(desk.county.store.connection);
    const refused = { ok: false, code: 'storage_full' };
    expect(await desk.sync.edit(chen, REPORT, add('满'.repeat(40_000)))).toMatchObject(refused);
    // Both must be too large for what is free in the pages that the database has already.
    expect(await desk.sync.edit(chen, REPORT, add('再'.repeat(40_000)))).toMatchObject(refused);
    one.write('接着写');
    await empty();
    await one.settled();
    expect(await stored()).toContain('接着写');
    expect(await stored()).not.toMatch(/满|再/);
  });

  test('[R12] when there is room again everybody hears it, though nothing waits to be written', async () => {
    const one = await join(chen);
    const empty = await fillDisk(desk.county.store.connection);
    const add = (doc: Y.Doc) =>
      doc.getXmlFragment(CONTENT_FRAGMENT).insert(0, [paragraph('满'.repeat(40_000))]);
    expect(await desk.sync.edit(chen, REPORT, add)).toMatchObject({ code: 'storage_full' });
    await one.until(() => one.infos.at(-1)?.storing === false);
    const before = await rows();
    await empty();
    await one.until(() => one.infos.at(-1)?.storing === true);
    expect(await rows()).toEqual(before);
  });

  test('they are refused to who may not write, and where there is nothing', async () => {
    const change = (doc: Y.Doc) => writeTitle(doc, '改名');
    expect(await desk.sync.edit(zhao, REPORT, change)).toMatchObject({ ok: false, code: 'forbidden' });
    expect(await desk.sync.edit(chen, 'report0000000009', change)).toMatchObject({ code: 'not_found' });
    expect(await desk.sync.read('report0000000009', () => 1)).toBeNull();
  });
});

test('[R4] a log that outgrew its snapshot is compacted under a live document, and nobody notices', async () => {
  const one = await join(chen);
  const two = await join(wang);
  const { db } = desk.county.store;
  const doc = () => db.selectFrom('doc').selectAll().where('kind', '=', 'content').executeTakeFirstOrThrow();
  for (let round = 0; round < 3; round++) {
    for (let edit = 0; edit < 30; edit++) one.write('水'.repeat(1000));
    one.sendUpdate(one.change((content) => content.delete(1, 25)));
    await one.settled();
    const { snapSeq } = await doc();
    await expect.poll(async () => (await doc()).snapSeq, { timeout: 15_000 }).toBeGreaterThan(snapSeq);
  }
  two.write('照常');
  await Promise.all([two.settled(), one.until(() => one.text.includes('照常'))]);
  expect((await desk.connect(li).join()).text).toBe(one.text);
  await desk.restart();
  expect(await stored()).toBe(one.text);
  expect((await doc()).logBytes).toBeLessThan(1000);
}, 60_000);

describe('what is derived', () => {
  const title = async () =>
    await desk.county.store.db.selectFrom('report').select(['title', 'updatedBy']).executeTakeFirstOrThrow();

  test('the title follows the text', async () => {
    await desk.sync.edit(wang, REPORT, (doc) => writeTitle(doc, '秋收'));
    await desk.restart();
    expect(await title()).toEqual({ title: '秋收', updatedBy: 'wang' });
  });

  test('[R15] authorship is kept over a restart, and derived again when it was not written', async () => {
    const authors = async () =>
      (await desk.sync.readAuthorship(REPORT))?.map((pieces) =>
        pieces.map(({ text, author }) => `${author?.userId ?? '-'}:${text}`).join(' '),
      );
    const two = await join(wang);
    two.write('王写的一段');
    await two.settled();
    expect(await authors()).toEqual(['chen:春耕', '', 'wang:王写的一段']);
    await desk.restart();
    expect(await authors()).toEqual(['chen:春耕', '', 'wang:王写的一段']);
    const { db } = desk.county.store;
    await db.deleteFrom('authorshipRun').execute();
    await db.deleteFrom('docProjection').execute();
    await desk.restart();
    expect(await authors()).toEqual(['chen:春耕', '', 'wang:王写的一段']);
  });
});

describe('time', () => {
  const TICK = 5_000;
  /** Only the server's own clock is held: sockets and the database run in real time. */
  async function reopen(): Promise<void> {
    await desk.close();
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
    desk = await openDesk((docs) => (store = control(docs)).docs);
  }
  function pass(ms: number): void {
    desk.clock.now = new Date(desk.clock.now.getTime() + ms);
    vi.advanceTimersByTime(TICK);
  }

  test('[R14] silence is broken before a client takes the connection for lost', async () => {
    await reopen();
    const one = await join(chen);
    pass(15_000);
    await one.echo();
    expect(one.awareness).toEqual([]);
    pass(20_000);
    await one.until(() => one.awareness.length > 0);
    expect([...(one.awareness[0] ?? [])]).toEqual([0]);
  });

  test('[R8] a session that ran out while its socket was open is noticed within a minute', async () => {
    await reopen();
    const one = await join(chen);
    const two = await join(wang);
    desk.signedOut.add('wang');
    pass(61_000);
    expect(await two.untilClosed()).toBe(CLOSE.unauthorized);
    await one.echo();
  });

  test('[R14] a peer that gives no sign of life is dropped', async () => {
    await reopen();
    const one = await join(chen);
    one.socket.pause();
    for (let tick = 0; tick < 12; tick++) pass(TICK);
    one.socket.resume();
    expect(await one.untilClosed()).toBe(1006);
  });

  test('[R6] a document leaves memory within a minute of its last socket, and comes back whole', async () => {
    await reopen();
    const one = await join(chen);
    one.write('留下的');
    await one.settled();
    one.socket.close();
    await one.untilClosed();
    // Somebody reads it: by then the server has seen the socket go.
    await desk.restart();
    await stored();
    const loads = store.state.loads;
    pass(30_000);
    await stored();
    expect(store.state.loads).toBe(loads);
    for (let tick = 0; tick < 11; tick++) pass(TICK);
    expect(await stored()).toContain('留下的');
    expect(store.state.loads).toBe(loads + 1);
  });

  test('[R6] what was written is compacted before the document leaves memory, so that it opens quickly', async () => {
    await reopen();
    const one = await join(chen);
    for (let edit = 0; edit < 100; edit++) one.write(`第${edit}句：${'水'.repeat(40)}。`);
    await one.settled();
    const text = await stored();
    one.socket.close();
    await one.untilClosed();
    await vi.waitFor(() => {
      pass(61_000);
      expect(desk.sync.census().documents).toEqual({ open: 0, idle: 0, loading: 0 });
    }, 10_000);
    const { base, rows } = (await desk.county.store.docs.load(REPORT, 'content')) ?? {};
    expect(base).not.toBeNull();
    expect(rows).toEqual([]);
    // Two who ask at once are answered the same bytes.
    const [two, three] = await Promise.all([join(wang), join(li)]);
    expect(two.doc.getXmlFragment(CONTENT_FRAGMENT).toString()).toBe(text);
    expect(three.doc.getXmlFragment(CONTENT_FRAGMENT).toString()).toBe(text);
    two.write('又写了一句。');
    await two.settled();
    expect((await join(zhao)).doc.getXmlFragment(CONTENT_FRAGMENT).toString()).toContain('又写了一句。');
  });
});
