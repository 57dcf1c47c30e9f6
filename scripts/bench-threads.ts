/**
 * What 1,000 threads cost the browser: its main thread's time for a colleague's keystroke in a report of
 * 110,000 characters that is open with its comments beside it, next to the same report without threads,
 * from one run of one browser against one production server. Needs a build.
 *
 * usage: npm run bench:threads -- [--keys 30] [--threads 1000] [--recordings FOLDER]
 */
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { toBase64 } from 'lib0/buffer';
import * as Y from 'yjs';
import { Bench, type Cost, spread, table } from './mainthread.ts';

const PARAGRAPHS = 440;
const LENGTH = 250;
/** Every so many threads proposes other words. */
const PROPOSED = 10;

const { values } = parseArgs({
  options: {
    keys: { type: 'string', default: '30' },
    threads: { type: 'string', default: '1000' },
    recordings: { type: 'string' },
  },
});
const keys = Number(values.keys);
const threads = Number(values.threads);

let seed = 1;
const random = (below: number) => {
  seed = (seed * 48_271) % 2_147_483_647;
  return seed % below;
};
const words = (length: number) =>
  Array.from({ length }, () => String.fromCharCode(0x4e00 + random(3_000))).join('');

const bench = await Bench.start();

async function addThreads(reportId: string): Promise<void> {
  const colleague = await bench.colleague(reportId);
  const stateVector = toBase64(Y.encodeStateVector(colleague.doc));
  for (let index = 0; index < threads; index++) {
    // The first block is the title.
    const text = colleague.text(1 + Math.floor((index * PARAGRAPHS) / threads));
    const from = random(LENGTH - 20) + 5;
    const to = from + 2 + random(8);
    const whole = text.toString();
    const position = (at: number, assoc: number) =>
      toBase64(Y.encodeRelativePosition(Y.createRelativePositionFromTypeIndex(text, at, assoc)));
    await bench.send('POST', `/api/reports/${reportId}/threads`, {
      key: `bench-${String(index).padStart(8, '0')}`,
      from: position(from, 0),
      to: position(to, -1),
      exact: whole.slice(from, to),
      prefix: whole.slice(Math.max(0, from - 32), from),
      suffix: whole.slice(to, to + 32),
      stateVector,
      ...(index % PROPOSED === 0 && { replacement: words(4) }),
      body: {
        type: 'doc',
        content: [{ type: 'paragraph', content: [{ type: 'text', text: words(10 + random(60)) }] }],
      },
    });
  }
  colleague.leave();
}

/** Where the colleague types, by block, while the window shows the middle of the report. */
const PLACES = [
  { name: 'a paragraph that is seen', block: PARAGRAPHS / 2 },
  { name: 'one far above it', block: 3 },
  { name: 'one far below it', block: PARAGRAPHS - 3 },
] as const;

async function measure(reportId: string, threads: number): Promise<Cost[]> {
  const report = await bench.open(reportId, PARAGRAPHS / 2);
  const colleague = await bench.colleague(reportId);
  if (threads > 0) await report.page.locator('article.card').first().waitFor();
  await report.idle();
  const costs: Cost[] = [];
  for (const { block } of PLACES) {
    const text = colleague.text(block);
    const file = values.recordings && join(values.recordings, `threads-${threads}-${block}.json`);
    costs.push(await report.type(keys, () => text.insert(2, '字'), file));
  }
  colleague.leave();
  await report.page.close();
  return costs;
}

try {
  const paragraphs = Array.from({ length: PARAGRAPHS }, () => words(LENGTH));
  const plain = await bench.report('没有批注', paragraphs);
  const full = await bench.report('批注很多', paragraphs);
  await addThreads(full);
  const without = await measure(plain, 0);
  const with_ = await measure(full, threads);
  const rows = PLACES.flatMap(({ name }, i) =>
    (['keys', 'pauses'] as const).map((what) => [
      what === 'keys' ? name : '… the pause after five keys',
      spread(without[i]?.[what] ?? []),
      spread(with_[i]?.[what] ?? []),
    ]),
  );
  const longest = (costs: readonly Cost[]) => Math.max(...costs.map((cost) => cost.longest)).toFixed(0);
  rows.push(['the longest task', longest(without), longest(with_)]);
  const head = ['a key in …', 'no threads, p50 / p95 ms', `${threads} threads, p50 / p95 ms`];
  process.stdout.write(table(head, rows));
} finally {
  await bench.end();
}
