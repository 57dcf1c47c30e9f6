/** A backup is made while people write; what it holds can be served again; what is spoilt is refused by name. */
import SqliteDatabase from 'better-sqlite3';
import { copyFileSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { png } from '../server/pictures/testing.ts';
import { expect, signIn, test } from './fixtures.ts';
import { committedText } from './manuscript.ts';
import { RawWriter } from './raw-writer.ts';
import { TestServer } from './server.ts';

const STACK = /\n\s+at .+:\d+:\d+/;

test('[R22] a backup made while people write and add pictures holds all that was saved before, and is served elsewhere', async ({
  browserOf,
  newReport,
  cast,
  server,
  playwright,
}) => {
  test.slow();
  const id = await newReport('备份');
  const contexts = [await browserOf(cast.writer), await browserOf(cast.otherWriter)];
  const writers = await Promise.all(
    [...contexts, ...contexts].map((context) => RawWriter.open(context, server.url, id)),
  );
  writers.forEach((writer, index) => {
    for (let edit = 0; edit < 50; edit++) writer.write(`〔先${index}·${edit}〕`);
  });
  await Promise.all(writers.map((writer) => writer.untilAcked(50)));
  const before = writers.flatMap((writer) => writer.saved);
  const [context] = contexts;
  const upload = (seed: number) =>
    context?.request.post(`${server.url}/api/reports/${id}/pictures`, {
      data: png({ seed }),
      headers: { origin: server.url, 'content-type': 'image/png' },
    });
  expect((await upload(0))?.status()).toBe(201);

  const file = join(server.dataDir, 'huigao.backup');
  const made = server.run(['backup', file, '--json']);
  const ended = new AbortController();
  void made.then(() => ended.abort());
  // As long as it takes; everybody waits for their own text to be saved.
  for (let round = 0; !ended.signal.aborted; round++) {
    for (const writer of writers) writer.write(`〔时${round}〕`);
    await Promise.all([
      ...writers.map((writer) => writer.untilAcked(51 + round)),
      round < 50 ? upload(1 + round) : null,
    ]);
  }
  const { code, stdout, stderr } = await made;
  expect(code, stderr).toBe(0);
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(writers.every(({ acked }) => acked > 50)).toBe(true);

  const running = await server.run(['check', '--json']);
  const held = JSON.parse(running.stdout);
  expect([running.code, held]).toMatchObject([0, { faults: [] }]);
  expect(JSON.parse(stdout)).toMatchObject({ file, reports: held.reports, faults: [] });
  for (const writer of writers) writer.socket.terminate();

  const other = new TestServer();
  const restored = await other.run(['restore', file]);
  expect(restored.code, restored.stderr).toBe(0);
  await other.start();
  const request = await playwright.request.newContext();
  await signIn(request, other.url, cast.writer);
  const text = await committedText(request, other.url, id);
  expect(before.filter((one) => !text.includes(one))).toEqual([]);
  await request.dispose();
  await other.remove();
});

test('nothing is restored under a running server, nor from a file that is spoilt, and the terminal says why', async ({
  newReport,
  server,
}) => {
  test.slow();
  const id = await newReport('核对', []);
  const file = join(server.dataDir, 'whole.backup');
  expect((await server.run(['backup', file])).code).toBe(0);
  const again = await server.run(['backup', file]);
  expect([again.code, again.stdout]).toEqual([1, '']);
  expect(again.stderr).toContain(file);
  const inUse = await server.run(['restore', file, '--replace']);
  expect(inUse.code).toBe(1);
  expect(inUse.stderr).toContain(server.dataDir);
  expect(inUse.stderr).not.toMatch(STACK);

  const spoilt = join(server.dataDir, 'spoilt.backup');
  copyFileSync(file, spoilt);
  const db = new SqliteDatabase(spoilt);
  const document = db
    .prepare(`SELECT id, number FROM doc WHERE reportId = ? AND kind = 'content'`)
    .get(id) as { id: string; number: number };
  db.prepare('DELETE FROM docUpdate WHERE docNumber = ? AND seq = 1').run(document.number);
  db.close();
  const other = new TestServer();
  for (const command of ['check', 'restore']) {
    const { code, stdout, stderr } = await other.run([command, spoilt]);
    expect(code).toBe(1);
    // What was asked for, or why it was not done.
    const said = command === 'check' ? stdout : stderr;
    expect(said).toContain(document.id);
    expect(said).toContain(id);
    expect(said).toContain('[gap]');
    expect(stdout + stderr).not.toMatch(STACK);
  }
  expect(readdirSync(other.dataDir)).not.toContain('huigao.db');
  await other.remove();
});
