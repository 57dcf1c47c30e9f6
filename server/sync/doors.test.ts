/** How many may come in, and how those leave who may not stay. */
import { connect } from 'node:net';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { afterEach, describe, expect, test } from 'vitest';
import { CLOSE } from '#lib/sync/protocol.ts';
import { PEOPLE } from '../reports/testing.ts';
import { LIMITS, type Limits } from './limits.ts';
import { openDesk, REPORT, type Desk } from './testing.ts';

const { chen, wang, li, zhao } = PEOPLE;

let desk: Desk;
async function open(limits: Partial<Limits> = {}): Promise<void> {
  desk = await openDesk((docs) => docs, { ...LIMITS, ...limits });
}
afterEach(() => desk.close());

/** Bytes of buffers that somebody still holds. */
function heldBytes(): number {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  // The second waits until what the first found is given back.
  collect();
  collect();
  return process.memoryUsage().arrayBuffers;
}

describe('too many sockets', () => {
  const caps = { perUser: 500, perDocument: 500, perAddress: 500 };

  test.each([
    ['of one person', { perUser: 2 }, [chen, chen, chen, wang]],
    ['on one document', { perDocument: 2 }, [chen, wang, li]],
    ['from one address', { perAddress: 2 }, [chen, wang, li]],
  ] as const)('[R18] %s are told so; the others stay, and who leaves makes room', async (_what, cap, who) => {
    await open({ sockets: { ...caps, ...cap } });
    const [one, two, three, ...others] = who;
    const first = await desk.connect(one, { address: '203.0.113.7' }).join();
    await desk.connect(two, { address: '203.0.113.7' }).join();
    expect(await desk.connect(three, { address: '203.0.113.7' }).untilClosed()).toBe(CLOSE.tooMany);
    for (const other of others) await desk.connect(other, { address: '203.0.113.7' }).join();
    first.write('照常');
    await first.settled();
    first.socket.close();
    await first.untilClosed();
    const again = await desk.connect(three, { address: '203.0.113.7' }).join();
    expect(again.text).toContain('照常');
  });

  test('[R18] an office’s many addresses and a document’s many rooms are counted apart', async () => {
    await open({ sockets: { perUser: 500, perDocument: 1, perAddress: 1 } });
    await desk.connect(chen, { address: '203.0.113.7' }).join();
    const review = desk.connect(zhao, { room: `${REPORT}/review`, address: '203.0.113.8' });
    await review.join();
  });

  test('[R18] while too many knock at once, the rest is not heard, and may come later', async () => {
    await open({ knocks: 2 });
    let answer = () => {};
    const answered = new Promise<void>((resolve) => (answer = resolve));
    const asked = new Promise<void>((resolve) => {
      let count = 0;
      desk.asked = () => {
        if (++count === 2) resolve();
        return answered;
      };
    });
    const clients = [desk.connect(chen), desk.connect(null)];
    await asked;
    expect(await desk.connect(wang).untilClosed()).toBe(1006);
    answer();
    await clients[0]?.join();
    expect(await clients[1]?.untilClosed()).toBe(CLOSE.unauthorized);
    await desk.connect(wang).join();
  });
});

test('[R18] who is refused cannot have anything kept, and is gone soon', async () => {
  await open();
  const url = new URL(desk.url);
  const mib = new Uint8Array(1024 * 1024);
  // The head of a message of seven mebibytes, masked.
  const head = new Uint8Array(14);
  const size = new DataView(head.buffer);
  head[0] = 0x82;
  head[1] = 0xff;
  size.setBigUint64(2, BigInt(7 * mib.length));
  const before = heldBytes();
  const strangers = await Promise.all(
    Array.from({ length: 20 }, async () => {
      const stranger = connect({ port: Number(url.port), host: url.hostname, allowHalfOpen: true });
      stranger.on('error', () => {});
      stranger.write(
        `GET /sync/${REPORT}/content HTTP/1.1\r\nHost: ${url.host}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n` +
          'Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n',
      );
      let heard = Buffer.alloc(0);
      const isRefused = new Promise<void>((resolve) => {
        stranger.on('data', (data) => {
          heard = Buffer.concat([heard, data]);
          // A close frame of 4401, with or without words.
          if (heard.includes(Buffer.from([0x11, 0x31]))) resolve();
        });
      });
      await isRefused;
      stranger.write(head);
      for (let sent = 0; sent < 6 && !stranger.closed; sent++) {
        if (stranger.write(mib)) continue;
        await new Promise((resolve) => stranger.once('drain', resolve).once('close', resolve));
      }
      return stranger;
    }),
  );
  expect(heldBytes() - before).toBeLessThan(20 * mib.length);
  // They do not go by themselves.
  await expect.poll(() => desk.sync.census().sockets.none, { timeout: 5_000 }).toBe(0);
  for (const stranger of strangers) stranger.destroy();
});

test('[R19] a stop sends people away one after another, and serves them until then', async () => {
  await open();
  const clients = await Promise.all(Array.from({ length: 40 }, () => desk.connect(chen).join()));
  const left: number[] = [];
  for (const client of clients) client.socket.on('close', () => left.push(performance.now()));
  const stopping = desk.sync.drain();
  expect(await desk.connect(wang).untilClosed()).toBe(CLOSE.reconnect);
  const last = clients.find(({ closed }) => closed === null);
  last?.write('临走写的');
  await stopping;
  await Promise.all(clients.map((client) => client.untilClosed()));
  expect(new Set(clients.map(({ closed }) => closed))).toEqual(new Set([CLOSE.reconnect]));
  expect(Math.max(...left) - Math.min(...left)).toBeGreaterThan(200);
  await desk.restart();
  expect(await desk.sync.read(REPORT, (doc) => doc.getXmlFragment('content').toString())).toContain(
    '临走写的',
  );
});
