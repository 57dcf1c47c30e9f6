import { chmod, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openApp } from './app.ts';
import { readConfig } from './config.ts';
import { DataDirError, openDataDir } from './datadir.ts';

let dir: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'huigao-datadir-'));
});
afterEach(() => rm(dir, { recursive: true, force: true }));

test('the secret is random, kept, and readable by its owner only', async () => {
  const first = await openDataDir(dir);
  first.close();
  expect(first.secret).toMatch(/^[0-9a-f]{64}$/);
  expect((await stat(join(dir, 'secret'))).mode & 0o777).toBe(0o600);
  const again = await openDataDir(dir);
  again.close();
  expect(again.secret).toBe(first.secret);
  const other = await openDataDir(join(dir, 'other'));
  other.close();
  expect(other.secret).not.toBe(first.secret);
});

test('a secret that is cut short is refused, not replaced', async () => {
  (await openDataDir(dir)).close();
  await writeFile(join(dir, 'secret'), 'abc');
  await expect(openDataDir(dir)).rejects.toMatchObject({ kind: 'unusable', dir });
  expect(await readFile(join(dir, 'secret'), 'utf8')).toBe('abc');
});

test('a second opening is refused until the first closes', async () => {
  const first = await openDataDir(dir);
  await expect(openDataDir(dir)).rejects.toMatchObject({ kind: 'in_use', dir });
  first.close();
  (await openDataDir(dir)).close();
});

test('a process that is killed lets go', async () => {
  const script = `
    import { openDataDir } from ${JSON.stringify(new URL('./datadir.ts', import.meta.url).href)};
    await openDataDir(${JSON.stringify(dir)});
    process.stdout.write('held');
    setInterval(() => {}, 1000);`;
  const child = spawn('node', ['--input-type=module', '--eval', script]);
  await once(child.stdout, 'data');
  await expect(openDataDir(dir)).rejects.toMatchObject({ kind: 'in_use' });
  child.kill('SIGKILL');
  await once(child, 'exit');
  (await openDataDir(dir)).close();
});

test('a place for pictures that cannot be used stops the start with its name', async () => {
  await writeFile(join(dir, 'pictures'), '');
  const config = readConfig({ HUIGAO_DATA: dir });
  await expect(openApp(config)).rejects.toMatchObject({ kind: 'unusable', dir });
  // Nothing is left open.
  await rm(join(dir, 'pictures'));
  await (await openApp(config)).close();
});

test('a directory that is a file is refused with its name', async () => {
  const file = join(dir, 'file');
  await writeFile(file, '');
  await chmod(file, 0o600);
  await expect(openDataDir(file)).rejects.toThrow(DataDirError);
  await expect(openDataDir(file)).rejects.toMatchObject({ kind: 'unusable', dir: file });
});
