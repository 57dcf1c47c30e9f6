/**
 * What the benches of the browser share: a production server with the example's people, a browser in which
 * one of its members has reports open, and the time for which a page's main thread is busy.
 */
import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import { type Browser, type BrowserContext, chromium, type CDPSession, type Page } from '@playwright/test';
import config from '../playwright.config.ts';
import { Colleague, type Json } from '../e2e/colleague.ts';
import { TestServer } from '../e2e/server.ts';

/** Milliseconds from one key to the next. */
const BETWEEN = 200;
/** After so many keys comes a pause, in which outline, lists and checks come up to date. */
const IN_A_ROW = 5;
/** Milliseconds that the main thread rests before all is taken to be done; every timer of the page is shorter. */
const REST = 1_200;
/** The share of that time for which it may be busy: a caret that blinks is no work. */
const NO_WORK = 0.02;
/** Keys before those that count. */
const WARM_UP = 50;
/** What some four milliseconds of arithmetic go over. */
const HASHED = Buffer.alloc(4 * 1024 * 1024);
/** What a recording shows of script, style, layout and painting. */
const CATEGORIES = ['devtools.timeline', 'disabled-by-default-v8.cpu_profiler', 'blink.user_timing'];

/** By the clock on the wall, which counts what others take of the processors, or by the thread's processor time. */
export type Clock = 'timeTicks' | 'threadTicks';

/** Milliseconds for which a main thread was busy: script, style, layout, painting. */
export interface Cost {
  /** Each key, until the next. */
  keys: number[];
  /** The same arithmetic after each key, in the bench's own process: how steady the machine is. */
  machine: number[];
  /** Each pause after some keys. */
  pauses: number[];
  /** The longest task of the pauses; 0 for less than 50. */
  longest: number;
}

/** A report that is open in a window of its own. */
export class OpenReport {
  readonly page: Page;
  readonly #cdp: CDPSession;

  constructor(page: Page, cdp: CDPSession) {
    this.page = page;
    this.#cdp = cdp;
  }

  /** Milliseconds that the main thread has been busy so far. */
  async #busy(): Promise<number> {
    const { metrics } = await this.#cdp.send('Performance.getMetrics');
    return (metrics.find(({ name }) => name === 'TaskDuration')?.value ?? 0) * 1_000;
  }

  /** Waits until the main thread rests. */
  async idle(): Promise<void> {
    let before = await this.#busy();
    for (;;) {
      await wait(REST);
      const now = await this.#busy();
      if (now - before < REST * NO_WORK) return;
      before = now;
    }
  }

  /**
   * Types so many keys, some in a row and then a pause, and answers what they cost.
   * @param recording the file to write what happened to, for the performance panel of a browser; '' for none
   */
  async type(keys: number, press: () => Promise<void> | void, recording = ''): Promise<Cost> {
    const cost: Cost = { keys: [], machine: [], pauses: [], longest: 0 };
    // What is compiled at the first keys, and what the collector clears away of the page's loading in the half
    // minute after it (twice 10 to 40 ms), is not what a key costs.
    for (let key = 1; key <= WARM_UP; key++) {
      await press();
      await wait(BETWEEN);
      if (key % IN_A_ROW === 0) await this.idle();
    }
    const start = await this.page.evaluate(() => performance.now());
    const browser = this.page.context().browser();
    if (recording !== '') await browser?.startTracing(this.page, { categories: CATEGORIES });
    for (let key = 1; key <= keys; key++) {
      const before = await this.#busy();
      await press();
      await wait(BETWEEN);
      const after = await this.#busy();
      cost.keys.push(after - before);
      cost.machine.push(arithmetic());
      if (key % IN_A_ROW !== 0) continue;
      await this.idle();
      cost.pauses.push((await this.#busy()) - after);
    }
    if (recording !== '') writeFileSync(recording, (await browser?.stopTracing()) ?? '');
    cost.longest = await this.#longestSince(start);
    return cost;
  }

  #longestSince(start: number): Promise<number> {
    return this.page.evaluate(async (start) => {
      const tasks = await new Promise<PerformanceEntry[]>((resolve) => {
        new PerformanceObserver((list) => resolve(list.getEntries())).observe({
          type: 'longtask',
          buffered: true,
        });
        // Without any, nothing is told.
        requestIdleCallback(() => resolve([]), { timeout: 1_000 });
      });
      return Math.max(0, ...tasks.filter((task) => task.startTime >= start).map(({ duration }) => duration));
    }, start);
  }
}

/** A production server of its own, and a browser in which one of the example's members is signed in. */
export class Bench {
  readonly #server: TestServer;
  readonly #browser: Browser;
  readonly #context: BrowserContext;

  readonly #clock: Clock;

  private constructor(server: TestServer, browser: Browser, context: BrowserContext, clock: Clock) {
    this.#clock = clock;
    this.#server = server;
    this.#browser = browser;
    this.#context = context;
  }

  static async start(clock: Clock = 'timeTicks'): Promise<Bench> {
    const server = new TestServer({ LOG_LEVEL: 'error' });
    const writer = server.setUpExample().accounts.find(({ role }) => role === 'member');
    if (writer === undefined) throw new Error('the example has no member');
    await server.start();
    const browser = await chromium.launch(config.use?.launchOptions);
    const context = await browser.newContext({ locale: 'zh-CN', viewport: { width: 1440, height: 900 } });
    const bench = new Bench(server, browser, context, clock);
    const { username, password } = writer;
    await bench.send('POST', '/api/auth/sign-in/username', { username, password });
    return bench;
  }

  /** Sends a command and answers what the server says to it; throws if it refuses. */
  async send<T>(method: 'GET' | 'POST' | 'PUT', path: string, data?: unknown): Promise<T> {
    const headers = { origin: this.#server.url };
    const response = await this.#context.request.fetch(this.#server.url + path, { method, data, headers });
    if (!response.ok()) throw new Error(`${method} ${path}: ${response.status()} ${await response.text()}`);
    return (await response.json()) as T;
  }

  /** A report of paragraphs. */
  async report(title: string, paragraphs: readonly string[]): Promise<string> {
    const { id } = await this.send<{ id: string }>('POST', '/api/reports', { title });
    const content: Json[] = paragraphs.map((text) => ({
      type: 'paragraph',
      content: [{ type: 'text', text }],
    }));
    await this.send('PUT', `/api/reports/${id}/content`, {
      schema: 1,
      title,
      content: { type: 'doc', content },
      pictures: {},
    });
    return id;
  }

  /** Somebody else at a report, without an editor. */
  async colleague(reportId: string): Promise<Colleague> {
    const { url } = this.#server;
    const cookies = await this.#context.cookies();
    const cookie = cookies.map(({ name, value }) => `${name}=${value}`).join('; ');
    const headers = { cookie, origin: url };
    return new Colleague(`${url.replace('http', 'ws')}/sync`, `${reportId}/content`, headers).synced();
  }

  /** Opens a report; the block is in the middle of the window. */
  async open(reportId: string, block: number): Promise<OpenReport> {
    const page = await this.#context.newPage();
    await page.goto(`${this.#server.url}/reports/${reportId}`);
    await page.locator('.paper[contenteditable=true]').waitFor();
    return this.#measured(page, block);
  }

  /** The same paragraphs as text that the browser edits by itself, without a line of script: the floor. */
  async openPlain(paragraphs: readonly string[], block: number): Promise<OpenReport> {
    const page = await this.#context.newPage();
    const text = paragraphs.map((words) => `<p data-style="body">${words}</p>`).join('');
    const style = 'width: 640px; margin: auto; font: 19px/33px serif; text-align: justify; text-indent: 2em';
    await page.setContent(`<div class="paper" contenteditable style="${style}">${text}</div>`);
    return this.#measured(page, block);
  }

  async #measured(page: Page, block: number): Promise<OpenReport> {
    await page
      .locator('.paper > [data-style]')
      .nth(block)
      .evaluate((element) => element.scrollIntoView({ block: 'center' }));
    const cdp = await this.#context.newCDPSession(page);
    await cdp.send('Performance.enable', { timeDomain: this.#clock });
    return new OpenReport(page, cdp);
  }

  async end(): Promise<void> {
    await this.#browser.close();
    await this.#server.remove();
  }
}

/** Milliseconds that arithmetic takes which is always the same, and which no compiler makes faster on the way. */
function arithmetic(): number {
  const start = performance.now();
  createHash('sha256').update(HASHED).digest();
  return performance.now() - start;
}

/** The median and the 95th percentile. */
export function spread(numbers: readonly number[]): string {
  const sorted = numbers.toSorted((a, b) => a - b);
  const at = (part: number) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? NaN;
  return `${at(0.5).toFixed(1)} / ${at(0.95).toFixed(1)}`;
}

/** A table in Markdown, numbers to the right of their columns. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const lines = [head, head.map((_name, i) => (i === 0 ? '---' : '---:')), ...rows];
  return `${lines.map((cells) => `| ${cells.join(' | ')} |`).join('\n')}\n`;
}
