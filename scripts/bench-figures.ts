/**
 * What 2,000 figures cost a keystroke: the main thread's time for a key in a report that holds them, all of
 * them registered and verified, with their marks shown, next to the same report with letters in their place
 * and next to that text in a browser without an editor, in one run of one browser against one production
 * server. Needs a build.
 *
 * usage: npm run bench:figures -- [--keys 30] [--figures 2000] [--processor-time] [--recordings FOLDER]
 */
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { Bench, type Cost, type OpenReport, spread, table } from './mainthread.ts';

/** Figures in one paragraph. */
const IN_ONE = 10;
/** Figures that one command verifies. */
const AT_ONCE = 500;

const { values } = parseArgs({
  options: {
    keys: { type: 'string', default: '30' },
    figures: { type: 'string', default: '2000' },
    'processor-time': { type: 'boolean', default: false },
    recordings: { type: 'string' },
  },
});
const paragraphs = Math.ceil(Number(values.figures) / IN_ONE);
const count = paragraphs * IN_ONE;

/** A paragraph of ten clauses; without figures each has as many letters instead. */
function clauses(index: number, counted: boolean): string {
  return Array.from({ length: IN_ONE }, (_, i) => {
    const number = counted ? `${1_000 + index * IN_ONE + i}个` : '许许多多处';
    return `第${'甲乙丙丁戊己庚辛壬癸'[i] ?? ''}片区新建改建水利工程${number}`;
  }).join('，');
}

const bench = await Bench.start(values['processor-time'] ? 'threadTicks' : 'timeTicks');

const textOf = (counted: boolean): string[] =>
  Array.from({ length: paragraphs }, (_, index) => clauses(index, counted));

async function makeReport(counted: boolean): Promise<string> {
  const texts = textOf(counted);
  const id = await bench.report(counted ? '数据很多' : '没有数据', texts);
  if (!counted) return id;
  const path = `/api/reports/${id}/figures`;
  // An empty state vector: the content was stored before.
  await bench.send('POST', path, { key: 'bench-register', stateVector: 'AA==', all: true });
  const { figures } = await bench.send<{ figures: { id: string; valueKey: string }[] }>('GET', path);
  for (let at = 0; at < figures.length; at += AT_ONCE) {
    const some = figures
      .slice(at, at + AT_ONCE)
      .map(({ id: figure, valueKey }) => ({ id: figure, valueKey }));
    await bench.send('POST', `${path}/verify`, { figures: some });
  }
  return id;
}

async function measure(report: OpenReport, counted: boolean, name: string): Promise<Cost> {
  const { page } = report;
  const paragraph = page.locator('.paper > [data-style]').nth(paragraphs / 2);
  if (counted)
    await paragraph
      .locator('.figure.verified')
      .nth(IN_ONE - 1)
      .waitFor();
  await paragraph.click();
  await page.keyboard.press('End');
  await report.idle();
  const file = values.recordings && join(values.recordings, `figures-${name}.json`);
  const cost = await report.type(Number(values.keys), () => page.keyboard.insertText('3'), file);
  await page.close();
  return cost;
}

try {
  const middle = paragraphs / 2;
  const plain = await measure(await bench.openPlain(textOf(false), middle), false, 'plain');
  const without = await measure(await bench.open(await makeReport(false), middle), false, '0');
  const with_ = await measure(await bench.open(await makeReport(true), middle), true, `${count}`);
  const row = (name: string, of: (cost: Cost) => string) => [name, of(plain), of(without), of(with_)];
  process.stdout.write(
    table(
      ['', 'no editor, p50 / p95 ms', 'no figures, p50 / p95 ms', `${count} figures, p50 / p95 ms`],
      [
        row('a key', ({ keys }) => spread(keys)),
        row('the same arithmetic, on this machine', ({ machine }) => spread(machine)),
        row('the pause after five keys', ({ pauses }) => spread(pauses)),
        row('the longest task', ({ longest }) => longest.toFixed(0)),
      ],
    ),
  );
} finally {
  await bench.end();
}
