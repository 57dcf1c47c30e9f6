/** What whoever runs the server relies on: it says how it is, sends people away gently, and has room for so many. */
import type { BrowserContext } from '@playwright/test';
import * as encoding from 'lib0/encoding';
import { WebSocket } from 'ws';
import { CLOSE, MESSAGE, SYNC } from '#lib/sync/protocol.ts';
import { expect, signIn, test } from './fixtures.ts';
import { body, caretAtEnd, committedText, expectSaved, ready, title } from './manuscript.ts';
import { RawWriter } from './raw-writer.ts';
import { TestServer } from './server.ts';

const SOCKETS = 200;

/** A report of the administrator's, who is signed in by then; answers its id. */
async function begin(context: BrowserContext, server: TestServer): Promise<string> {
  const account = server.setUpExample().accounts.find(({ role }) => role === 'admin');
  if (account === undefined) throw new Error('the example has no administrator');
  await server.start();
  await signIn(context.request, server.url, account);
  const headers = { origin: server.url };
  const created = await context.request.post(`${server.url}/api/reports`, {
    data: { title: '窗口' },
    headers,
  });
  const { id } = (await created.json()) as { id: string };
  const content = { type: 'doc', content: [title('窗口'), body('正文：')] };
  const put = await context.request.put(`${server.url}/api/reports/${id}/content`, {
    data: { schema: 1, title: '窗口', content, pictures: {} },
    headers,
  });
  expect(put.ok(), await put.text()).toBe(true);
  return id;
}

/** A step 1 that knows nothing. */
function question(): Uint8Array {
  const encoder = encoding.createEncoder();
  encoding.writeVarUint(encoder, MESSAGE.sync);
  encoding.writeVarUint(encoder, SYNC.step1);
  encoding.writeVarUint8Array(encoder, new Uint8Array([0]));
  return encoding.toUint8Array(encoder);
}

test('before anything is set up, and without a page being built, it says that it lives and is ready', async ({
  request,
}) => {
  const server = new TestServer();
  try {
    await server.start();
    expect(await (await request.get(`${server.url}/healthz`)).text()).toBe('ok\n');
    expect(await (await request.get(`${server.url}/readyz`)).json()).toEqual({ ready: true });
    expect(await (await request.get(`${server.url}/metrics`)).text()).toContain('huigao_sync_sockets');
  } finally {
    await server.remove();
  }
});

test('[R19] asked to stop with hundreds connected, it sends them away over seconds, loses nothing and ends well', async ({
  browser,
}) => {
  test.setTimeout(90_000);
  const server = new TestServer();
  const context = await browser.newContext();
  const sockets: WebSocket[] = [];
  try {
    const id = await begin(context, server);
    const cookie = (await context.cookies(server.url))
      .map(({ name, value }) => `${name}=${value}`)
      .join('; ');
    const address = `${server.url.replace('http', 'ws')}/sync/${id}/content?ext=1`;
    const left: { at: number; code: number }[] = [];
    const isOver: Promise<unknown>[] = [];
    for (let opened = 0; opened < SOCKETS; opened += 50) {
      await Promise.all(
        Array.from({ length: 50 }, async () => {
          const socket = new WebSocket(address, { headers: { cookie, origin: server.url } });
          sockets.push(socket);
          isOver.push(
            new Promise<void>((resolve) => {
              socket.on('error', () => resolve());
              socket.on('close', (code) => {
                left.push({ at: performance.now(), code });
                resolve();
              });
            }),
          );
          await new Promise((resolve) => socket.once('open', resolve));
          const isAnswered = new Promise((resolve) => socket.on('message', resolve));
          socket.send(question());
          await isAnswered;
        }),
      );
    }
    const writer = await RawWriter.open(context, server.url, id);
    for (let n = 1; n <= 5; n++) writer.write(`〔第${n}句〕`);
    await writer.untilAcked(5);
    // Goes on writing for as long as it is let.
    const writing = (async () => {
      const isClosed = new Promise((resolve) => writer.socket.once('close', resolve));
      for (let n = 6; writer.socket.readyState === WebSocket.OPEN; n++) {
        writer.write(`〔第${n}句〕`);
        await Promise.race([writer.untilAcked(n), isClosed]);
      }
    })();
    const begun = performance.now();
    const code = await server.stop();
    const took = performance.now() - begun;
    await Promise.all([...isOver, writing]);
    expect(code, server.output).toBe(0);
    expect(took).toBeLessThan(10_000);
    expect(left.map((one) => one.code)).toEqual(Array.from({ length: SOCKETS }, () => CLOSE.reconnect));
    // No storm: in each quarter of the time some leave.
    const times = left.map(({ at }) => at);
    const [first, last] = [Math.min(...times), Math.max(...times)];
    expect(last - first).toBeGreaterThan(1_500);
    for (let quarter = 0; quarter < 4; quarter++) {
      const from = first + (quarter * (last - first)) / 4;
      const count = times.filter((at) => at >= from && at <= from + (last - first) / 4).length;
      expect(count).toBeGreaterThan(SOCKETS / 10);
    }
    await server.start();
    const stored = await committedText(context.request, server.url, id);
    expect(writer.saved.filter((text) => !stored.includes(text))).toEqual([]);
    expect(writer.saved.length).toBeGreaterThanOrEqual(5);
  } finally {
    for (const socket of sockets) socket.terminate();
    await context.close();
    await server.remove();
  }
});

test('[R18] a window too many says so, keeps what is written, and connects when another is closed', async ({
  browser,
}) => {
  const server = new TestServer({ MAX_SOCKETS_PER_USER: '2' });
  const context = await browser.newContext();
  try {
    const id = await begin(context, server);
    // A window has two: one for the text, one for what was said of it.
    const first = await context.newPage();
    await first.goto(`${server.url}/reports/${id}`);
    await ready(first);
    const second = await context.newPage();
    await second.goto(`${server.url}/reports/${id}`);
    await expect(second.locator('.saved[data-saved]')).toHaveAttribute('data-saved', 'tooMany');
    await expect(second.getByRole('alert')).toContainText('窗口太多');
    await caretAtEnd(second, 1);
    await second.keyboard.type('先写着');
    await expect(second.locator('.saved[data-saved]')).toHaveAttribute('title', /还没有存到服务器/);
    await first.close();
    await second.getByRole('button', { name: '重试' }).click();
    await expectSaved(second);
    expect(await committedText(context.request, server.url, id)).toContain('正文：先写着');
  } finally {
    await context.close();
    await server.remove();
  }
});
