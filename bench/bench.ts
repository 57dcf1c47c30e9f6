/**
 * What the sync server costs, beside its peers.
 *
 * usage: npm run bench -- [--only huigao,relay,…] [--loads typing,cold,…] [--rates 1,6,15]
 *        [--seconds 8] [--warm 2] [--trace FILE] [--json FILE] [--profile DIRECTORY]
 *
 * The first run installs the peers, into this folder alone.
 */
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { availableParallelism, cpus, release, totalmem } from 'node:os';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { CONTESTANTS, type ContenderName } from './contenders.ts';
import { Load } from './load.ts';
import { LOADS, measure, type LoadName, type Results } from './loads.ts';
import { tableOf } from './table.ts';

/** A recorded session that is no part of the project; without it one is made up. */
const RECORDED = join(import.meta.dirname, '../../shared/data/editing-trace.json.gz');

const { values } = parseArgs({
  options: {
    only: { type: 'string', default: Object.keys(CONTESTANTS).join() },
    loads: { type: 'string', default: LOADS.join() },
    rates: { type: 'string', default: '1,6,15' },
    seconds: { type: 'string', default: '8' },
    warm: { type: 'string', default: '2' },
    trace: { type: 'string', default: existsSync(RECORDED) ? RECORDED : '' },
    json: { type: 'string', default: join(import.meta.dirname, 'results/latest.json') },
    profile: { type: 'string' },
  },
});

function listed<T extends string>(text: string, known: readonly T[]): T[] {
  return text.split(',').map((name) => {
    const found = known.find((one) => one === name);
    if (found === undefined) throw new Error(`${name} is none of ${known.join()}`);
    return found;
  });
}

if (values.trace !== '' && !existsSync(values.trace)) throw new Error(`there is no ${values.trace}`);
const settings = {
  loads: new Set<LoadName>(listed(values.loads, LOADS)),
  rates: values.rates.split(',').map(Number),
  seconds: Number(values.seconds),
  warm: Number(values.warm),
  profileDir: values.profile ?? null,
  trace: values.trace,
};
const names = listed(values.only, Object.keys(CONTESTANTS) as ContenderName[]);

const machine = {
  cpu: cpus()[0]?.model,
  cores: availableParallelism(),
  memoryGB: Math.round(totalmem() / 2 ** 30),
  kernel: release(),
  node: process.version,
};
const results: Partial<Record<ContenderName, Results>> = {};
for (const name of names) {
  const contestant = CONTESTANTS[name];
  // A load of its own for each: what one left behind must not slow the next.
  const load = new Load();
  try {
    const say = (what: string) => process.stderr.write(`${contestant.title}: ${what}\n`);
    results[name] = await measure(contestant, { load, settings, say });
  } finally {
    load.end();
  }
}

mkdirSync(dirname(values.json), { recursive: true });
writeFileSync(
  values.json,
  `${JSON.stringify({ at: new Date().toISOString(), machine, settings: { ...settings, loads: [...settings.loads] }, results }, null, 2)}\n`,
);
const columns = names.map((name) => ({ title: CONTESTANTS[name].title, results: results[name] ?? {} }));
process.stdout.write(
  `\n${machine.cores} × ${machine.cpu}, ${machine.memoryGB} GB, Node ${machine.node}\n\n${tableOf(columns)}\n`,
);
