import 'fake-indexeddb/auto';
import { IDBFactory } from 'fake-indexeddb';
import { beforeEach, expect, test } from 'vitest';
import {
  type Command,
  listCommands,
  newKey,
  openOutbox,
  type Outbox,
  type Said,
  type Waiting,
} from './outbox.ts';

beforeEach(() => {
  globalThis.indexedDB = new IDBFactory();
});

const command = (at: string): Command => ({
  key: newKey(),
  userId: 'me',
  reportId: 'report',
  at,
  method: 'POST',
  path: '/threads',
  body: {},
});

/** An outbox whose server answers when the test says so. */
class Desk {
  maySend = true;
  waiting: readonly Waiting[] = [];
  readonly done: string[] = [];
  readonly outbox: Outbox;
  #sent: { command: Command; answer: (said: Said) => void }[] = [];
  #arrivals: (() => void)[] = [];

  constructor() {
    this.outbox = openOutbox({
      userId: 'me',
      reportId: 'report',
      maySend: () => this.maySend,
      onChange: (waiting) => (this.waiting = waiting),
      onDone: async ({ key }) => void this.done.push(key),
      send: (sent) =>
        new Promise((answer) => {
          this.#sent.push({ command: sent, answer });
          for (const arrived of this.#arrivals.splice(0)) arrived();
        }),
    });
  }

  /** The next command that reaches the server. */
  async next(): Promise<{ command: Command; answer: (said: Said) => void }> {
    const found = this.#sent.shift();
    if (found) return found;
    await new Promise<void>((resolve) => this.#arrivals.push(resolve));
    return this.next();
  }
}

const ok: Said = { ok: true, value: {} };
const lost: Said = { ok: false, status: 0, code: 'offline', message: 'no connection' };
const no: Said = { ok: false, status: 403, code: 'forbidden', message: 'not yours' };

test('what was written first goes first, and waits no longer once the server has done it', async () => {
  const desk = new Desk();
  const [first, second] = [command('1'), command('2')];
  desk.outbox.add(first);
  desk.outbox.add(second);
  const sent = await desk.next();
  expect(sent.command).toEqual(first);
  expect(desk.waiting).toHaveLength(2);
  sent.answer(ok);
  const then = await desk.next();
  expect(then.command).toEqual(second);
  expect(desk.waiting.map((one) => one.command.key)).toEqual([second.key]);
  then.answer(ok);
  await expect.poll(() => desk.waiting).toEqual([]);
  expect(desk.done).toEqual([first.key, second.key]);
  expect(await listCommands('me')).toEqual([]);
  desk.outbox.destroy();
});

test('nothing is sent before the text it speaks of is saved', async () => {
  const desk = new Desk();
  desk.maySend = false;
  const one = command('1');
  desk.outbox.add(one);
  await expect.poll(() => listCommands('me')).toHaveLength(1);
  expect(desk.waiting).toEqual([{ command: one, refused: null }]);
  desk.maySend = true;
  desk.outbox.flush();
  const sent = await desk.next();
  expect(sent.command.key).toBe(one.key);
  desk.outbox.destroy();
});

test('what got no answer is sent again under the same key, also by the next visit', async () => {
  const before = new Desk();
  const one = command('1');
  before.outbox.add(one);
  (await before.next()).answer(lost);
  before.outbox.destroy();
  const after = new Desk();
  const sent = await after.next();
  expect(sent.command).toEqual(one);
  sent.answer(ok);
  await expect.poll(() => after.done).toEqual([one.key]);
  after.outbox.destroy();
});

test('what the server refuses is kept with its reason, does not stop the next, and can be thrown away', async () => {
  const desk = new Desk();
  const [first, second] = [command('1'), command('2')];
  desk.outbox.add(first);
  desk.outbox.add(second);
  (await desk.next()).answer(no);
  (await desk.next()).answer(ok);
  await expect.poll(() => desk.waiting).toEqual([{ command: first, refused: 'not yours' }]);
  expect(await listCommands('me', 'report')).toEqual([first]);
  desk.outbox.remove(first.key);
  expect(desk.waiting).toEqual([]);
  await expect.poll(() => listCommands('me')).toEqual([]);
  desk.outbox.destroy();
});
