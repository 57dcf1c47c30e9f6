/** Peers that are too slow, or send too much: over real sockets. */
import * as encoding from 'lib0/encoding';
import { afterEach, describe, expect, test, vi } from 'vitest';
import * as Y from 'yjs';
import { MESSAGE, SYNC } from '#lib/sync/protocol.ts';
import { PEOPLE } from '../reports/testing.ts';
import { LIMITS, type Limits } from './limits.ts';
import { heldCommits, openDesk, type Desk, type RawClient } from './testing.ts';

const { chen, wang, li } = PEOPLE;
const MIB = 1024 * 1024;

let desk: Desk;
let commits: ReturnType<typeof heldCommits> | null = null;
async function open(limits: Partial<Limits> = {}): Promise<void> {
  desk = await openDesk((docs) => (commits = heldCommits(docs)).docs, { ...LIMITS, ...limits });
}
afterEach(async () => {
  commits?.release();
  await desk.close();
  vi.useRealTimers();
});

/** Writes so much, has it committed, and deletes it again. */
async function churn(client: RawClient, bytes: number): Promise<void> {
  client.write('潮'.repeat(bytes / 3));
  client.sendUpdate(client.change((content) => content.delete(content.length - 1, 1)));
  await client.settled();
}
/** Waits until all that was said before has been heard. */
async function echo(client: RawClient): Promise<void> {
  const before = client.updates.length;
  client.sendSync(SYNC.step1, Y.encodeStateVector(client.doc));
  await client.until(() => client.updates.length > before);
}
function presence(client: number, clock: number, text: string): Uint8Array {
  const inner = encoding.createEncoder();
  for (const value of [1, client, clock]) encoding.writeVarUint(inner, value);
  encoding.writeVarString(inner, JSON.stringify({ text }));
  const outer = encoding.createEncoder();
  encoding.writeVarUint(outer, MESSAGE.awareness);
  encoding.writeVarUint8Array(outer, encoding.toUint8Array(inner));
  return encoding.toUint8Array(outer);
}

describe('a peer that does not read', () => {
  test('[R20] costs a bounded memory, and has everything once it reads again: also what was only deleted', async () => {
    await open();
    const writer = await desk.connect(chen).join();
    writer.write('会被删掉的一段');
    await writer.settled();
    const slow = await desk.connect(wang).join();
    const quick = await desk.connect(li).join();
    slow.socket.pause();
    let most = 0;
    for (let late = 0; late < 10; late += desk.sync.census().lagging) {
      await churn(writer, 600_000);
      most = Math.max(most, desk.sync.census().bufferedBytes);
    }
    // One mebibyte, and the frame that went beyond it.
    expect(most).toBeLessThan(2 * MIB);
    const frames = slow.updates.length;
    writer.sendUpdate(writer.change((content) => content.delete(2, 1)));
    writer.send(presence(writer.doc.clientID, 1, '陈在这里'));
    await quick.until(() => quick.awareness.length > 0);
    await writer.settled();
    slow.socket.resume();
    await slow.until(() => slow.text === writer.text && slow.awareness.length > 0);
    expect(slow.text).not.toContain('会被删掉的一段');
    expect(Y.encodeStateVector(slow.doc)).toEqual(Y.encodeStateVector(writer.doc));
    expect(slow.updates.length - frames).toBeLessThan(60);
    expect(slow.closed).toBeNull();
    expect(desk.sync.census()).toMatchObject({ lagging: 0, bufferedBytes: 0 });
    writer.write('接着写');
    await slow.until(() => slow.text.includes('接着写'));
  }, 60_000);

  test('[R20] is cut after half a minute, and comes back to the whole', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
    await open();
    const writer = await desk.connect(chen).join();
    const slow = await desk.connect(wang).join();
    slow.socket.pause();
    while (desk.sync.census().lagging === 0) await churn(writer, 600_000);
    for (const passed of [0, 31_000]) {
      desk.clock.now = new Date(desk.clock.now.getTime() + passed);
      vi.advanceTimersByTime(5_000);
      expect(desk.sync.census().lagging).toBe(passed === 0 ? 1 : 0);
    }
    writer.write('它不在的时候');
    await writer.settled();
    slow.socket.resume();
    expect(await slow.untilClosed()).toBe(1006);
    expect((await desk.connect(wang, { doc: slow.doc }).join()).text).toBe(writer.text);
  }, 60_000);

  test('[R20] holds up nobody who asks for the same large document, and leaves room when it vanishes', async () => {
    await open({ turns: { bytes: MIB, bytesPerUser: MIB } });
    const writer = await desk.connect(chen).join();
    for (const text of ['甲', '乙']) writer.write(text.repeat(2.4 * MIB));
    await writer.settled();
    const slow = desk.connect(wang);
    await slow.until(() => slow.infos.length > 0);
    slow.socket.pause();
    slow.sendSync(SYNC.step1, Y.encodeStateVector(slow.doc));
    await expect.poll(() => desk.sync.census().lagging).toBe(1);
    const next = desk.connect(li);
    await next.until(() => next.infos.length > 0);
    next.sendSync(SYNC.step1, Y.encodeStateVector(next.doc));
    await expect.poll(() => desk.sync.census().queued).toBe(1);
    // Who waits for a document is not sent what is in it.
    writer.write('等的时候写的');
    await writer.settled();
    expect(next.updates).toEqual([]);
    slow.socket.terminate();
    await next.until(() => next.text === writer.text);
    expect(next.updates.length).toBe(1);
    expect(desk.sync.census()).toMatchObject({ lagging: 0, queued: 0 });
  }, 60_000);
});

describe('a peer that sends too much', () => {
  test('[R21] is not read from until time has filled its bucket; nothing is dropped, nobody else waits', async () => {
    const frames = { perSecond: 10, burst: 8 };
    await open({ inflow: { ...LIMITS.inflow, frames } });
    const flood = await desk.connect(chen).join();
    const other = await desk.connect(wang).join();
    // Larger than what is read at once: one frame at a time.
    for (let edit = 0; edit < 30; edit++) flood.write('洪'.repeat(30_000));
    await expect.poll(() => desk.sync.census().paused).toBe(1);
    other.write('照常');
    await other.settled();
    expect(flood.acked).toBeLessThan(15);
    desk.clock.now = new Date(desk.clock.now.getTime() + 60_000);
    // It fills to the brim, and is emptied again.
    await flood.until(() => flood.acked > 15);
    await expect.poll(() => desk.sync.census().paused).toBe(1);
    for (let minute = 0; minute < 3; minute++) {
      const { acked } = flood;
      desk.clock.now = new Date(desk.clock.now.getTime() + 60_000);
      if (acked < flood.sent) await flood.until(() => flood.acked > acked);
    }
    desk.clock.now = new Date(desk.clock.now.getTime() + 600_000);
    await flood.settled();
    expect(flood.closed).toBeNull();
    expect(flood.nacks).toEqual([]);
    await other.until(() => other.text === flood.text);
  });

  test.each([
    ['by itself', { open: { frames: 5_000, bytes: MIB } }],
    ['with all others', { waitingBytes: MIB }],
  ])('[R21] fills no memory %s while nothing can be committed', async (_what, limits) => {
    await open(limits);
    const flood = await desk.connect(chen).join();
    const held = commits?.hold();
    flood.write('头');
    await held;
    for (let edit = 0; edit < 60; edit++) flood.write('洪'.repeat(30_000));
    await expect.poll(() => desk.sync.census().paused).toBe(1);
    expect(desk.sync.census().waitingBytes).toBeLessThan(1.2 * MIB);
    commits?.release();
    await flood.settled();
    await expect.poll(() => desk.sync.census()).toMatchObject({ paused: 0, waitingBytes: 0 });
  });
});

test('[R5] what one person begins to say and does not end is bounded, however many sockets they use', async () => {
  await open({ unfinishedBytes: 8 * MIB });
  const clients = await Promise.all([1, 2, 3].map(() => desk.connect(chen).join()));
  const other = await desk.connect(wang).join();
  const [one, two, three] = clients;
  for (const client of clients) client.socket.send(new Uint8Array(3 * MIB), { fin: false });
  await Promise.race(clients.map((client) => client.untilClosed()));
  expect(clients.filter(({ closed }) => closed === null).length).toBe(2);
  other.write('照常');
  await other.settled();
  // Nothing is left of them when they are gone, and what is ended does not count.
  for (const client of [one, two, three]) client?.socket.terminate();
  await expect.poll(() => desk.sync.census().sockets.owner).toBe(0);
  const again = await desk.connect(chen).join();
  for (let edit = 0; edit < 4; edit++) await churn(again, 3 * MIB);
  expect(again.closed).toBeNull();
}, 40_000);

test('[R13] one socket speaks for four clients in its life, however many it names', async () => {
  await open();
  const [loud, other] = await Promise.all([desk.connect(chen).join(), desk.connect(wang).join()]);
  for (let client = 1_001; client <= 1_100; client++) {
    loud.send(presence(client, 1, `第${client}个`));
    loud.send(presence(client, 2, ''));
  }
  await echo(loud);
  loud.send(presence(1_001, 3, '最后'));
  const heard = () => other.awareness.map((bytes) => new TextDecoder().decode(bytes)).join();
  await other.until(() => heard().includes('最后'));
  const last = await desk.connect(li).join();
  await last.until(() => last.awareness.length > 0);
  expect(last.awareness[0]?.[0]).toBe(4);
});
