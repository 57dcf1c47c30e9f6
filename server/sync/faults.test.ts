/**
 * The faults that other servers have had, one test each. Hostile peers by the thousand are in
 * `trial/fuzz.test.ts`, killed processes in `trial/chaos.test.ts`.
 */
import { once } from 'node:events';
import * as encoding from 'lib0/encoding';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { WebsocketProvider } from 'y-websocket';
import { WebSocket } from 'ws';
import * as Y from 'yjs';
import { writeTitle } from '#lib/report/title.ts';
import { CONTENT_FRAGMENT } from '#lib/report/model.ts';
import type { Actor } from '#lib/review/permissions.ts';
import { CLOSE, MESSAGE, NACK, SYNC } from '#lib/sync/protocol.ts';
import { PEOPLE } from '../reports/testing.ts';
import type { DocStore } from '../store/docs.ts';
import { heldCommits, openDesk, REPORT, type Desk, type RawClient } from './testing.ts';

const { chen, wang, li, zhao, lone } = PEOPLE;

/** A store whose loads, commits and projections wait for a word, are counted, or fail. */
function control(docs: DocStore) {
  const commits = heldCommits(docs);
  const state = { loads: 0, projections: 0, failLoads: false, failProjections: false };
  let loading: PromiseWithResolvers<void> | null = null;
  return {
    state,
    commits,
    docs: {
      ...commits.docs,
      async load(reportId, kind) {
        state.loads++;
        if (state.failLoads) throw new Error('the disk does not answer');
        await loading?.promise;
        return docs.load(reportId, kind);
      },
      async project(docId, projection) {
        state.projections++;
        if (state.failProjections) throw new Error('the disk does not answer');
        return docs.project(docId, projection);
      },
    } satisfies DocStore,
    holdLoads: () => void (loading = Promise.withResolvers()),
    releaseLoads: () => loading?.resolve(),
  };
}

let desk: Desk;
let store: ReturnType<typeof control>;
const open = async () => {
  desk = await openDesk((docs) => (store = control(docs)).docs);
};
beforeEach(open);
afterEach(async () => {
  store.commits.release();
  store.releaseLoads();
  await desk.close();
  vi.useRealTimers();
});

const TICK = 5_000;
/** Opens the desk again with the server's clock held; sockets and the database run in real time. */
async function holdTime(): Promise<void> {
  await desk.close();
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
  await open();
}
function pass(ms: number): void {
  desk.clock.now = new Date(desk.clock.now.getTime() + ms);
  vi.advanceTimersByTime(TICK);
}

const join = (who: Actor) => desk.connect(who).join();
const stored = () => desk.sync.read(REPORT, (doc) => doc.getXmlFragment(CONTENT_FRAGMENT).toString());
const title = async () =>
  (await desk.county.store.db.selectFrom('report').select('title').executeTakeFirstOrThrow()).title;
const rows = async () => (await desk.county.store.db.selectFrom('docUpdate').select('seq').execute()).length;
const occurrences = (text: string | null, part: string) => (text ?? '').split(part).length - 1;

test('[R6] empty document served before storage had loaded', async () => {
  store.holdLoads();
  const early = desk.connect(chen);
  await Promise.all([once(early.socket, 'open'), vi.waitUntil(() => store.state.loads === 1)]);
  early.sendSync(SYNC.step1, Y.encodeStateVector(early.doc));
  const page = stored();
  // Somebody else goes through the whole door and back meanwhile.
  expect(await desk.connect(null).untilClosed()).toBe(CLOSE.unauthorized);
  expect([early.updates, early.asked, early.infos]).toEqual([[], [], []]);
  store.releaseLoads();
  await early.until(() => early.updates.length > 0);
  expect(early.text).toContain('春耕');
  expect(await page).toContain('春耕');
});

test('[R6] initial content doubled by two first loads', async () => {
  const clients = await Promise.all([join(chen), join(wang), join(li)]);
  const page = await stored();
  expect(store.state.loads).toBe(1);
  for (const text of [page, ...clients.map((client) => client.text)]) {
    expect(occurrences(text, '春耕')).toBe(1);
  }
  expect(await rows()).toBe(2);
});

test('[R6] a debounced save lost at shut-down', async () => {
  const one = await join(chen);
  await desk.sync.edit(wang, REPORT, (doc) => writeTitle(doc, '秋收'));
  one.write('最后一句');
  await one.echo();
  expect(await title()).toBe('春耕');
  await desk.restart();
  expect(await one.untilClosed()).toBe(CLOSE.reconnect);
  expect(await stored()).toContain('最后一句');
  expect(await title()).toBe('秋收');
});

test('[R6] a debounced save lost at unload', async () => {
  await holdTime();
  store.state.failProjections = true;
  await desk.sync.edit(wang, REPORT, (doc) => writeTitle(doc, '秋收'));
  // A minute and more without anybody: what was derived is not written yet, so the document stays.
  for (let minute = 0; minute < 3; minute++) pass(61_000);
  await vi.waitUntil(() => store.state.projections > 0, { timeout: 10_000 });
  expect(await stored()).toContain('秋收');
  expect(store.state.loads).toBe(1);
  store.state.failProjections = false;
  // Once it is written, another minute without anybody lets it go, and it comes back whole.
  const isLoadedAnew = async () => {
    pass(61_000);
    return (await stored())?.includes('秋收') && store.state.loads === 2;
  };
  await vi.waitUntil(isLoadedAnew, { timeout: 10_000, interval: 200 });
  expect(await title()).toBe('秋收');
});

test('[R6] a failed load followed by an empty save over good data', async () => {
  const before = await rows();
  store.state.failLoads = true;
  const one = desk.connect(chen);
  // What a client with an empty document has to say.
  one.socket.once('open', () => {
    one.sendSync(SYNC.step2, Y.encodeStateAsUpdate(one.doc));
    one.write('写在读不出来的时候');
  });
  expect(await one.untilClosed()).toBe(CLOSE.reconnect);
  expect([one.updates, one.asked, one.acks]).toEqual([[], [], []]);
  await expect(stored()).rejects.toThrow('the disk');
  expect(await desk.sync.edit(chen, REPORT, () => {}).catch((error: Error) => error.message)).toContain(
    'the disk',
  );
  store.state.failLoads = false;
  expect((await join(wang)).text).toContain('春耕');
  expect(await rows()).toBe(before);
});

test('[R6] a document dropped from memory before its save resolved, then re-joined stale', async () => {
  await holdTime();
  const one = await join(chen);
  const held = store.commits.hold();
  one.write('还在路上');
  await held;
  one.socket.terminate();
  await one.untilClosed();
  for (let minute = 0; minute < 3; minute++) pass(61_000);
  const again = await desk.connect(wang).join();
  expect(store.state.loads).toBe(1);
  store.commits.release();
  await again.until(() => again.text.includes('还在路上'));
  again.write('接着写');
  await again.settled();
  expect(await stored()).toMatch(/还在路上.*接着写/);
});

test('[R10] a state-vector diff applied by a peer it was not made for', async () => {
  const [one, two] = [await join(chen), await join(wang)];
  one.write('甲的第一段');
  await two.until(() => two.text.includes('甲的第一段'));
  // Made for somebody who has what one writes next, and sent to the server, which does not.
  const before = Y.encodeStateVector(one.doc);
  one.change((content) => content.insert(0, [new Y.XmlElement('paragraph')]));
  const theirs = Y.encodeStateVector(one.doc);
  one.change((content) => (content.get(0) as Y.XmlElement).insert(0, [new Y.XmlText('悬着的')]));
  one.sendSync(SYNC.step2, Y.encodeStateAsUpdate(one.doc, theirs));
  expect(await one.untilClosed()).toBe(CLOSE.malformed);
  expect(one.nacks.at(-1)?.code).toBe(NACK.missingDependency);
  expect(await stored()).not.toContain('悬着的');
  // What the server makes goes to who asked for it, made for what they have.
  const reader = await join(zhao);
  const heard = two.updates.length;
  reader.sendSync(SYNC.step1, before);
  await two.echo();
  expect(two.updates.length).toBe(heard + 1);
  expect(two.text).toBe(reader.text);
});

test('[R20] slow consumer that silently diverges', async () => {
  const [one, slow] = [await join(chen), await join(zhao)];
  slow.socket.pause();
  // More than the wire and the server keep for one who does not read.
  for (let edit = 0; edit < 120; edit++) {
    one.write('慢'.repeat(20_000));
    one.sendUpdate(one.change((content) => content.delete(0, 1)));
  }
  await one.settled();
  slow.socket.resume();
  await slow.until(() => slow.closed !== null || slow.text === one.text);
  // Either it has all of it, or it knows that it has not.
  const after = slow.closed === null ? slow : await desk.connect(zhao, { doc: slow.doc }).join();
  expect(after.text).toBe(one.text);
});

test('[R9] malformed frame that crashes the process', async () => {
  const [one, two] = [await join(chen), await join(wang)];
  const before = await rows();
  const malformed = [
    [0, 2, 200, 1, 0],
    [0, 2, 6, 1, 1, 255, 255, 3, 7],
    [0, 1, 4, 255, 255, 255, 255],
  ];
  for (const frame of malformed) {
    one.send(Uint8Array.from(frame));
    one.sent++;
  }
  await one.until(() => one.nacks.length === malformed.length);
  expect(one.nacks.map(({ code }) => code)).toEqual(malformed.map(() => NACK.malformed));
  for (const frame of [[], [9], [0, 0, 200], [1, 255], Array.from({ length: 30 }, () => 255)]) {
    const other = await join(li);
    other.send(Uint8Array.from(frame));
    expect(await other.untilClosed()).toBe(CLOSE.malformed);
  }
  expect(await rows()).toBe(before);
  two.write('照常');
  await two.settled();
});

test('[R5] unknown room names that allocate for ever', async () => {
  const names = Array.from({ length: 30 }, (_, index) => `${String(index).padStart(16, 'x')}/content`);
  for (const code of await Promise.all(names.map((room) => desk.connect(chen, { room }).untilClosed()))) {
    expect(code).toBe(CLOSE.notFound);
  }
  expect(desk.sync.census().documents).toEqual({ open: 0, idle: 0, loading: 0 });
});

test('[R13] presence storms', async () => {
  const clients = [await join(chen), await join(wang), await join(li), await join(zhao)];
  const [mover, ...others] = clients as [RawClient, ...RawClient[]];
  // As y-websocket does: whatever is heard of presence is sent back.
  for (const client of others) {
    let echoed = 0;
    client.listen(() => {
      for (; echoed < client.awareness.length; echoed++) client.send(awareness(client.awareness[echoed]));
    });
  }
  const moves = 300;
  for (let clock = 1; clock <= moves; clock++) mover.send(awareness(stateOf(11, clock, `第${clock}处`)));
  const last = `第${moves}处`;
  const text = (bytes: Uint8Array | undefined) => new TextDecoder().decode(bytes);
  await Promise.all(others.map((one) => one.until(() => text(one.awareness.at(-1)).includes(last))));
  // Everything that was echoed has been heard, and a later frame has gone out.
  for (const client of others) await client.echo();
  mover.send(awareness(stateOf(12, 1, '静了')));
  await Promise.all(others.map((one) => one.until(() => text(one.awareness.at(-1)).includes('静了'))));
  for (const { awareness } of others) {
    expect(awareness.filter((bytes) => text(bytes).includes(last))).toHaveLength(1);
    expect(awareness.length).toBeLessThan(moves / 3);
  }
});

test('[R11] auth loops against a refusing server', async () => {
  const refused = [
    { who: null, code: CLOSE.unauthorized },
    { who: lone, code: CLOSE.forbidden },
  ];
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval'] });
  for (const { who, code } of refused) {
    let knocks = 0;
    class Knocking extends WebSocket {
      constructor(address: string) {
        super(address, { headers: who === null ? {} : { cookie: `user=${who.userId}` } });
        knocks++;
      }
    }
    const provider = new WebsocketProvider(`${desk.url}/sync`, `${REPORT}/content`, new Y.Doc(), {
      // ws is the browser's WebSocket in all that y-websocket uses.
      WebSocketPolyfill: Knocking as unknown as typeof globalThis.WebSocket,
      disableBc: true,
    });
    const closed = new Promise((resolve) =>
      provider.on('connection-close', (event) => resolve(event?.code ?? null)),
    );
    expect(await closed).toBe(code);
    vi.advanceTimersByTime(10 * 60_000);
    expect(knocks).toBe(1);
    provider.destroy();
  }
});

function stateOf(client: number, clock: number, where: string): Uint8Array {
  const encoder = encoding.createEncoder();
  for (const value of [1, client, clock]) encoding.writeVarUint(encoder, value);
  encoding.writeVarString(encoder, JSON.stringify({ where }));
  return encoding.toUint8Array(encoder);
}

function awareness(states: Uint8Array = new Uint8Array()): Uint8Array {
  const encoder = encoding.createEncoder();
  encoding.writeVarUint(encoder, MESSAGE.awareness);
  encoding.writeVarUint8Array(encoder, states);
  return encoding.toUint8Array(encoder);
}
