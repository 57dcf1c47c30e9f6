import { spawn, type ChildProcess } from 'node:child_process';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { openCounty, PEOPLE } from '../reports/testing.ts';
import { openSqliteStore } from '../store/store.ts';
import { docOf } from '../store/snapshot.ts';
import { RawClient, REPORT, writeReport } from './testing.ts';
import { CONTENT_FRAGMENT } from '#lib/report/model.ts';

const ROUNDS = 10;
const HOST = fileURLToPath(new URL('./testing-host.ts', import.meta.url));

/** Starts a process that has loaded all of its code and waits for its turn. */
function prepare(dir: string): ChildProcess {
  const env = { ...process.env, NODE_COMPILE_CACHE: join(dir, 'code') };
  return spawn(process.execPath, [HOST, dir], { env, stdio: ['pipe', 'pipe', 'inherit'] });
}

/** Its turn has come: it opens the database. Answers where it listens. */
async function open(child: ChildProcess): Promise<string> {
  child.stdin?.end('\n');
  const port = await new Promise<string>((resolve) =>
    child.stdout?.once('data', (data) => resolve(String(data))),
  );
  return `ws://127.0.0.1:${port.trim()}`;
}

test('[R1] after any number of kills everything that was acknowledged is there', async () => {
  const county = await openCounty();
  await writeReport(county, new Date());
  const { dir } = county;
  // While they run only the killed processes have the database open.
  await county.store.close();
  const acknowledged: string[] = [];
  let next = prepare(dir);
  for (let round = 0; round < ROUNDS; round++) {
    const child = next;
    const url = await open(child);
    // The next one loads its code while this one is written to and killed.
    if (round + 1 < ROUNDS) next = prepare(dir);
    const writers = await Promise.all(
      [PEOPLE.chen, PEOPLE.wang].map((who) => new RawClient(url, who, {}).join()),
    );
    const texts = writers.map((writer, index) =>
      Array.from({ length: 40 }, (_, edit) => {
        const text = `〔${round}.${index}.${edit}〕`;
        writer.write(text);
        return { text, n: writer.sent };
      }),
    );
    const [first] = writers;
    // Somewhere in the middle of the burst, a different place each round.
    await first?.until(({ acked }) => acked >= 1 + round * 3);
    const dead = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGKILL');
    await dead;
    await Promise.all(writers.map((writer) => writer.untilClosed()));
    writers.forEach((writer, index) => {
      for (const { text, n } of texts[index] ?? []) if (n <= writer.acked) acknowledged.push(text);
    });
  }
  const again = await openSqliteStore(join(dir, 'huigao.db'));
  const stored = await again.docs.load(REPORT, 'content');
  const content = docOf(stored?.base?.bytes ?? null, stored?.rows.map(({ bytes }) => bytes) ?? [])
    .getXmlFragment(CONTENT_FRAGMENT)
    .toString();
  await again.close();
  await rm(dir, { recursive: true });
  expect(acknowledged.length).toBeGreaterThan(ROUNDS * 3);
  expect(acknowledged.filter((text) => !content.includes(text))).toEqual([]);
}, 120_000);
