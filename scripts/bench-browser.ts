/**
 * What 1,000 threads cost the browser: its main thread's time for a colleague's keystroke in a report of
 * 110,000 characters that is open with its comments beside it, next to the same report without threads,
 * from one run of one browser against one production server. Needs a build.
 *
 * usage: npm run bench:browser -- [--keys 60] [--threads 1000] [--json FILE] [--profile FILE]
 */
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { chromium, type CDPSession, type Page } from '@playwright/test';
import { toBase64 } from 'lib0/buffer';
import { WebSocket } from 'ws';
import { WebsocketProvider } from 'y-websocket';
import * as Y from 'yjs';
import config from '../playwright.config.ts';
import { TestServer, type Account } from '../e2e/server.ts';

const PARAGRAPHS = 440;
const LENGTH = 250;
/** Milliseconds after a key until all that it sets off is done but the outline. */
const SHOWN_AFTER = 200;
/** Milliseconds after a key until the outline and the counts are new as well. */
const DONE_AFTER = 650;

const { values } = parseArgs({
  options: {
    keys: { type: 'string', default: '60' },
    threads: { type: 'string', default: '1000' },
    json: { type: 'string' },
    profile: { type: 'string' },
  },
});
const keys = Number(values.keys);

let seed = 1;
const random = (below: number) => {
  seed = (seed * 48_271) % 2_147_483_647;
  return seed % below;
};
const words = (length: number) =>
  Array.from({ length }, () => String.fromCharCode(0x4e00 + random(3_000))).join('');
const wait = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

const server = new TestServer({ LOG_LEVEL: 'error' });
const example = server.setUpExample();
await server.start();
const browser = await chromium.launch(config.use?.launchOptions);

async function cookieOf({ username, password }: Account): Promise<string> {
  const response = await fetch(`${server.url}/api/auth/sign-in/username`, {
    method: 'POST',
    body: JSON.stringify({ username, password }),
    headers: { origin: server.url, 'content-type': 'application/json' },
  });
  if (!response.ok) throw new Error(`sign-in: ${response.status} ${await response.text()}`);
  return response.headers
    .getSetCookie()
    .map((line) => line.split(';')[0])
    .join('; ');
}

const writer = example.accounts.find(({ role }) => role === 'member');
if (writer === undefined) throw new Error('the example has no member');
const cookie = await cookieOf(writer);

async function post<T>(method: 'POST' | 'PUT', path: string, body: unknown): Promise<T> {
  const response = await fetch(server.url + path, {
    method,
    body: JSON.stringify(body),
    headers: { origin: server.url, 'content-type': 'application/json', cookie },
  });
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
  return (await response.json()) as T;
}

/** The colleague: a bare client of the sync server. */
function join(reportId: string): Promise<{ content: Y.XmlFragment; leave: () => void }> {
  class SignedIn extends WebSocket {
    constructor(url: string | URL, protocols?: string | string[]) {
      super(url, protocols, { headers: { cookie, origin: server.url } });
    }
  }
  const doc = new Y.Doc();
  const provider = new WebsocketProvider(
    `${server.url.replace('http', 'ws')}/sync`,
    `${reportId}/content`,
    doc,
    {
      // `ws` is the browser's WebSocket in all that the provider uses.
      WebSocketPolyfill: SignedIn as unknown as typeof globalThis.WebSocket,
      disableBc: true,
    },
  );
  const content = doc.getXmlFragment('content');
  const leave = () => {
    provider.destroy();
    // Whose clock would keep the process alive.
    provider.awareness.destroy();
  };
  return new Promise((resolve) => provider.once('sync', () => resolve({ content, leave })));
}

/** A paragraph's text, counted after the title. */
function textOf(content: Y.XmlFragment, index: number): Y.XmlText {
  const block = content.get(index + 1);
  const text = block instanceof Y.XmlElement ? block.get(0) : null;
  if (!(text instanceof Y.XmlText)) throw new Error(`paragraph ${index} has no text`);
  return text;
}

/** A report, with so many threads, every tenth a proposal. */
async function makeReport(threads: number): Promise<string> {
  const title = threads === 0 ? '没有批注' : '批注很多';
  const { id } = await post<{ id: string }>('POST', '/api/reports', { title });
  const content = Array.from({ length: PARAGRAPHS }, () => ({
    type: 'paragraph',
    content: [{ type: 'text', text: words(LENGTH) }],
  }));
  await post('PUT', `/api/reports/${id}/content`, {
    schema: 1,
    title,
    content: { type: 'doc', content },
    pictures: {},
  });
  const colleague = await join(id);
  const stateVector = toBase64(Y.encodeStateVector(colleague.content.doc ?? new Y.Doc()));
  for (let index = 0; index < threads; index++) {
    const text = textOf(colleague.content, Math.floor((index * PARAGRAPHS) / threads));
    const from = random(LENGTH - 20) + 5;
    const to = from + 2 + random(8);
    const whole = text.toString();
    const position = (at: number, assoc: number) =>
      toBase64(Y.encodeRelativePosition(Y.createRelativePositionFromTypeIndex(text, at, assoc)));
    await post('POST', `/api/reports/${id}/threads`, {
      key: `bench-${String(index).padStart(8, '0')}`,
      from: position(from, 0),
      to: position(to, -1),
      exact: whole.slice(from, to),
      prefix: whole.slice(Math.max(0, from - 32), from),
      suffix: whole.slice(to, to + 32),
      stateVector,
      ...(index % 10 === 0 && { replacement: words(4) }),
      body: {
        type: 'doc',
        content: [{ type: 'paragraph', content: [{ type: 'text', text: words(10 + random(60)) }] }],
      },
    });
  }
  colleague.leave();
  return id;
}

/** Milliseconds of the main thread. */
interface Cost {
  /** Until the text and the cards show it. */
  shown: number;
  /** Until the outline and the counts do. */
  done: number;
}

/** Milliseconds that the page's main thread has been busy. */
async function busy(cdp: CDPSession): Promise<number> {
  const { metrics } = await cdp.send('Performance.getMetrics');
  return (metrics.find(({ name }) => name === 'TaskDuration')?.value ?? 0) * 1_000;
}

async function openPage(reportId: string): Promise<{ page: Page; cdp: CDPSession }> {
  const context = await browser.newContext({ locale: 'zh-CN', viewport: { width: 1440, height: 900 } });
  await context.addCookies(
    cookie.split('; ').map((pair) => {
      const at = pair.indexOf('=');
      return { name: pair.slice(0, at), value: pair.slice(at + 1), url: server.url };
    }),
  );
  const page = await context.newPage();
  await page.goto(`${server.url}/reports/${reportId}`);
  await page.locator('.paper[contenteditable]').waitFor();
  const cdp = await context.newCDPSession(page);
  await cdp.send('Performance.enable', { timeDomain: 'timeTicks' });
  return { page, cdp };
}

/** Types into a paragraph `at` the place given, key by key. */
async function type(cdp: CDPSession, text: Y.XmlText): Promise<Cost[]> {
  const costs: Cost[] = [];
  for (let key = 0; key < keys; key++) {
    const before = await busy(cdp);
    text.insert(2, '字');
    await wait(SHOWN_AFTER);
    const shown = (await busy(cdp)) - before;
    await wait(DONE_AFTER - SHOWN_AFTER);
    costs.push({ shown, done: (await busy(cdp)) - before });
  }
  return costs;
}

const percentile = (sorted: readonly number[], part: number) =>
  sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? NaN;
const spread = (numbers: readonly number[]) => {
  const sorted = numbers.toSorted((a, b) => a - b);
  return { p50: percentile(sorted, 0.5), p95: percentile(sorted, 0.95) };
};
const show = ({ p50, p95 }: { p50: number; p95: number }) => `${p50.toFixed(1)} / ${p95.toFixed(1)}`;

/** Where the colleague types, while the window shows the middle of the report. */
const PLACES = [
  ['a paragraph that is seen', PARAGRAPHS / 2],
  ['one far above it', 3],
  ['one far below it', PARAGRAPHS - 3],
] as const;

try {
  const rows: string[][] = [];
  const plain = await makeReport(0);
  const full = await makeReport(Number(values.threads));
  const measured = new Map<string, Map<string, Cost[]>>();
  for (const [name, id] of [
    ['without', plain],
    ['with', full],
  ] as const) {
    const { page, cdp } = await openPage(id);
    const colleague = await join(id);
    const middle = page.locator('.paper > [data-style]').nth(PARAGRAPHS / 2);
    await middle.evaluate((element) => element.scrollIntoView({ block: 'center' }));
    if (id === full) await page.locator('article.card').first().waitFor();
    // The letters of its font come in parts, each of which lays the text out anew.
    await page.evaluate(() => document.fonts.ready);
    await wait(5_000);
    const here = new Map<string, Cost[]>();
    measured.set(name, here);
    for (const [place, index] of PLACES) {
      const text = textOf(colleague.content, index);
      // What is compiled at the first keys is not what a key costs.
      for (let key = 0; key < 5; key++) {
        text.insert(2, '字');
        await wait(DONE_AFTER);
      }
      if (id === full && values.profile !== undefined)
        await cdp.send('Profiler.enable').then(() => cdp.send('Profiler.start'));
      here.set(place, await type(cdp, text));
      if (id === full && values.profile !== undefined) {
        const { profile } = await cdp.send('Profiler.stop');
        writeFileSync(`${values.profile}-${index}.cpuprofile`, JSON.stringify(profile));
      }
    }
    colleague.leave();
    await page.context().close();
  }
  for (const [place] of PLACES) {
    const of = (name: string, what: 'shown' | 'done') =>
      spread((measured.get(name)?.get(place) ?? []).map((cost) => cost[what]));
    for (const what of ['shown', 'done'] as const) {
      const [without, with_] = [of('without', what), of('with', what)];
      rows.push([
        `${place}, ${what === 'shown' ? 'the text and the cards' : 'and the outline'}`,
        show(without),
        show(with_),
        (with_.p50 / without.p50).toFixed(2),
      ]);
    }
  }
  if (values.json !== undefined) {
    const all = [...measured].map(([name, places]) => [name, Object.fromEntries(places)]);
    writeFileSync(values.json, JSON.stringify(Object.fromEntries(all), null, 2));
  }
  const head = ['a key in …', 'no threads, p50 / p95 ms', `${values.threads} threads, p50 / p95 ms`, 'ratio'];
  const lines = [head, head.map((_, i) => (i === 0 ? '---' : '---:')), ...rows];
  process.stdout.write(`${lines.map((cells) => `| ${cells.join(' | ')} |`).join('\n')}\n`);
} finally {
  await browser.close();
  await server.remove();
}
