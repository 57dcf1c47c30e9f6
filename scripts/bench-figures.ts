/**
 * What 2,000 figures cost a keystroke: the main thread's time for a key in a report that holds them, all of
 * them registered and verified, with their marks shown, next to the same report with letters in their place,
 * in one run of one browser against one production server. Needs a build.
 *
 * usage: npm run bench:figures -- [--keys 60] [--figures 2000]
 */
import { parseArgs } from 'node:util';
import { chromium, type BrowserContext, type CDPSession } from '@playwright/test';
import config from '../playwright.config.ts';
import { TestServer } from '../e2e/server.ts';

/** Figures in one paragraph. */
const IN_ONE = 10;
/** Milliseconds after a key until the text shows it, marks and all. */
const SHOWN_AFTER = 150;
/** Milliseconds after a key until lists, outline and checks are new as well. */
const DONE_AFTER = 2_000;
/** Figures that one command verifies. */
const AT_ONCE = 500;

const { values } = parseArgs({
  options: { keys: { type: 'string', default: '60' }, figures: { type: 'string', default: '2000' } },
});
const keys = Number(values.keys);
const paragraphs = Math.ceil(Number(values.figures) / IN_ONE);
const wait = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

const server = new TestServer({ LOG_LEVEL: 'error' });
const example = server.setUpExample();
await server.start();
const browser = await chromium.launch(config.use?.launchOptions);
const headers = { origin: server.url };

async function signedIn(): Promise<BrowserContext> {
  const writer = example.accounts.find(({ role }) => role === 'member');
  if (writer === undefined) throw new Error('the example has no member');
  const context = await browser.newContext({ locale: 'zh-CN', viewport: { width: 1440, height: 900 } });
  const { username, password } = writer;
  const url = `${server.url}/api/auth/sign-in/username`;
  const response = await context.request.post(url, { data: { username, password }, headers });
  if (!response.ok()) throw new Error(`sign-in: ${response.status()} ${await response.text()}`);
  return context;
}

/** A paragraph of ten clauses; without figures each has as many letters instead. */
function clauses(index: number, counted: boolean): string {
  return Array.from({ length: IN_ONE }, (_, i) => {
    const number = counted ? `${1_000 + index * IN_ONE + i}个` : '许许多多处';
    return `第${'甲乙丙丁戊己庚辛壬癸'[i] ?? ''}片区新建改建水利工程${number}`;
  }).join('，');
}

async function send<T>(context: BrowserContext, method: 'POST' | 'PUT', path: string, data: unknown) {
  const response = await context.request.fetch(server.url + path, { method, data, headers });
  if (!response.ok()) throw new Error(`${method} ${path}: ${response.status()} ${await response.text()}`);
  return (await response.json()) as T;
}

async function makeReport(context: BrowserContext, counted: boolean): Promise<string> {
  const title = counted ? '数据很多' : '没有数据';
  const { id } = await send<{ id: string }>(context, 'POST', '/api/reports', { title });
  const content = Array.from({ length: paragraphs }, (_, index) => ({
    type: 'paragraph',
    content: [{ type: 'text', text: clauses(index, counted) }],
  }));
  const body = { schema: 1, title, content: { type: 'doc', content }, pictures: {} };
  await send(context, 'PUT', `/api/reports/${id}/content`, body);
  if (!counted) return id;
  // An empty state vector: the content was stored before.
  const all = { key: 'bench-register', stateVector: 'AA==', all: true };
  await send(context, 'POST', `/api/reports/${id}/figures`, all);
  const response = await context.request.get(`${server.url}/api/reports/${id}/figures`);
  const { figures } = (await response.json()) as { figures: { id: string; valueKey: string }[] };
  for (let at = 0; at < figures.length; at += AT_ONCE) {
    const some = figures
      .slice(at, at + AT_ONCE)
      .map(({ id: figure, valueKey }) => ({ id: figure, valueKey }));
    await send(context, 'POST', `/api/reports/${id}/figures/verify`, { figures: some });
  }
  return id;
}

/** Milliseconds that the page's main thread has been busy. */
async function busy(cdp: CDPSession): Promise<number> {
  const { metrics } = await cdp.send('Performance.getMetrics');
  return (metrics.find(({ name }) => name === 'TaskDuration')?.value ?? 0) * 1_000;
}

async function measure(context: BrowserContext, id: string, counted: boolean) {
  const page = await context.newPage();
  await page.goto(`${server.url}/reports/${id}`);
  await page.locator('.paper[contenteditable=true]').waitFor();
  if (counted)
    await page
      .locator('.figure.verified')
      .nth(paragraphs * IN_ONE - 1)
      .waitFor();
  const middle = page.locator('.paper > [data-style]').nth(paragraphs / 2);
  await middle.click();
  await page.keyboard.press('End');
  await page.evaluate(() => document.fonts.ready);
  const cdp = await context.newCDPSession(page);
  await cdp.send('Performance.enable', { timeDomain: 'timeTicks' });
  await wait(4_000);
  const shown: number[] = [];
  const done: number[] = [];
  // What is compiled at the first keys is not what a key costs.
  for (let key = -5; key < keys; key++) {
    const before = await busy(cdp);
    await page.keyboard.insertText('3');
    await wait(SHOWN_AFTER);
    const now = await busy(cdp);
    if (key >= 0) shown.push(now - before);
    // Every fifth key is followed by a pause, in which everything comes up to date.
    if (key % 5 !== 0) continue;
    await wait(DONE_AFTER);
    if (key >= 0) done.push((await busy(cdp)) - now);
  }
  await page.close();
  return { shown, done };
}

const spread = (numbers: readonly number[]) => {
  const sorted = numbers.toSorted((a, b) => a - b);
  const at = (part: number) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? NaN;
  return `${at(0.5).toFixed(1)} / ${at(0.95).toFixed(1)}`;
};

try {
  const context = await signedIn();
  for (const counted of [false, true]) {
    const { shown, done } = await measure(context, await makeReport(context, counted), counted);
    process.stdout.write(
      `${counted ? `${paragraphs * IN_ONE} figures` : 'no figures'}: a key ${spread(shown)} ms, ` +
        `the pause after it ${spread(done)} ms (p50 / p95)\n`,
    );
  }
} finally {
  await browser.close();
  await server.remove();
}
