import SqliteDatabase from 'better-sqlite3';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { watch } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { png } from '../pictures/testing.ts';
import { sha256 } from '../store/digest.ts';
import { makeBackup, type BackupOptions } from './backup.ts';
import { checkHoldings } from './check.ts';
import { holdingsOf, keptPicture, openBackup } from './database.ts';
import { BackupError } from './errors.ts';
import { keepPicture, openOffice, spoilable, type Office } from './testing.ts';

const NOW = new Date('2024-03-02T09:00:00Z');
const CLI = fileURLToPath(new URL('../cli.ts', import.meta.url));

let office: Office;
let out: string;
let file: string;
beforeAll(async () => {
  office = await openOffice();
});
afterAll(() => office.close());
beforeEach(async () => {
  out = await mkdtemp(join(tmpdir(), 'huigao-backup-'));
  file = join(out, 'huigao.backup');
});
afterEach(() => rm(out, { recursive: true }));

const backup = (options: Partial<BackupOptions> = {}) =>
  makeBackup({ dataDir: office.dir, file, now: NOW, ...options });

async function checkFile() {
  const db = openBackup(file);
  return checkHoldings(holdingsOf(db, null)).finally(() => db.close());
}
function read(sql: string): unknown[] {
  const db = new SqliteDatabase(file, { readonly: true });
  const rows = db.prepare(sql).raw().all();
  db.close();
  return rows.flat();
}

test('a backup is one file with everything but sessions and failed sign-ins, for its owner only', async () => {
  const { db } = office.store;
  const at = NOW.toISOString();
  const session = { id: 's', userId: 'chen', token: '偷来的令牌', ipAddress: null, userAgent: null };
  await db
    .insertInto('session')
    .values({ ...session, expiresAt: at, createdAt: at, updatedAt: at })
    .execute();
  await db
    .insertInto('signInFailure')
    .values({ key: 'account:猜过的人', failures: 1, lockedUntil: null, lastAt: at })
    .execute();
  const { result, bytes } = await backup();
  expect(result).toEqual(await checkFile());
  expect(result).toMatchObject({
    people: 7,
    reports: 1,
    documents: 2,
    snapshots: 2,
    articles: 1,
    pictures: 1,
    faults: [],
  });
  expect(await readdir(out)).toEqual(['huigao.backup']);
  const { mode, size } = await stat(file);
  expect([mode & 0o777, size]).toEqual([0o600, bytes]);
  const whole = await readFile(file);
  expect(whole.includes('陈晓')).toBe(true);
  expect(whole.includes('偷来的令牌')).toBe(false);
  expect(whole.includes('猜过的人')).toBe(false);
  expect(read('SELECT format, madeAt FROM backup')).toEqual([1, at]);
});

test('[R22] the backup is the database at the moment it began, while people go on writing', async () => {
  const before = await office.store.db
    .selectFrom('doc')
    .select('headSeq')
    .where('id', '=', office.docId)
    .execute();
  // The picture is read after the database was copied.
  const readPicture = async (key: string) => {
    await office.write('备份的时候写的');
    return keptPicture(join(office.dir, 'pictures'), key);
  };
  expect((await backup({ readPicture })).result.faults).toEqual([]);
  expect(read(`SELECT headSeq FROM doc WHERE id = '${office.docId}'`)).toEqual([before[0]?.headSeq]);
});

test('[R22] a picture that is dropped while the backup is made is not missed in it', async () => {
  const other = await keepPicture(office, 'picture000000002', png({ seed: 2 }));
  const pictures = join(office.dir, 'pictures');
  let isDropped = false;
  const readPicture = async (key: string) => {
    // As a start of the server does it: the row goes, and then the bytes that no row names.
    if (!isDropped) {
      await office.store.db.deleteFrom('picture').where('sha256', '=', other).execute();
      await rm(join(pictures, other.slice(0, 2), other));
    }
    isDropped = true;
    return keptPicture(pictures, key);
  };
  const { result } = await backup({ readPicture });
  expect([result.pictures, result.faults]).toEqual([1, []]);
  expect(read('SELECT sha256 FROM pictureBytes')).toEqual([sha256(png())]);
});

test('a lost picture is named, and the rest is kept', async () => {
  const { dir, pictures } = await spoilable(office);
  const key = sha256(png());
  await rm(join(pictures, key.slice(0, 2), key));
  const { result } = await backup({ dataDir: dir });
  await rm(dir, { recursive: true });
  expect(result.faults).toMatchObject([{ about: 'picture', fault: 'missing', detail: key }]);
  expect(await checkFile()).toEqual(result);
});

test('a file that is there is left alone, also one that comes while the backup is made', async () => {
  const refused = { name: 'BackupError', kind: 'exists', path: file };
  const readPicture = async () => {
    await writeFile(file, '别人的');
    return null;
  };
  await expect(backup({ readPicture })).rejects.toMatchObject(refused);
  expect(await readFile(file, 'utf8')).toBe('别人的');
  await expect(backup()).rejects.toMatchObject(refused);
  expect(await readFile(file, 'utf8')).toBe('别人的');
  expect(await readdir(out)).toEqual(['huigao.backup']);
});

test('a place that is not there, and data without a workspace, are named', async () => {
  const nowhere = join(out, 'nowhere', 'huigao.backup');
  await expect(backup({ file: nowhere })).rejects.toMatchObject({
    kind: 'failed',
    path: nowhere,
    message: 'ENOENT',
  });
  await writeFile(file, '');
  const under = join(file, 'x');
  await expect(backup({ file: under })).rejects.toMatchObject({ kind: 'failed', message: 'ENOTDIR' });
  await expect(backup({ dataDir: out, file: under })).rejects.toMatchObject({
    kind: 'absent',
    path: join(out, 'huigao.db'),
  });
});

test('damaged data are named and not copied', async () => {
  const { dir, file: database, read: readRows } = await spoilable(office);
  const [table] = readRows(`SELECT rootpage FROM sqlite_schema WHERE name = 'docSnapshot'`);
  const start = ((table as { rootpage: number }).rootpage - 1) * 4096;
  await writeFile(database, (await readFile(database)).fill(0xff, start, start + 100));
  await expect(backup({ dataDir: dir })).rejects.toMatchObject({ kind: 'damaged', path: database });
  await rm(dir, { recursive: true });
  expect(await readdir(out)).toEqual([]);
});

test('whoever stops it finds nothing half-done', async () => {
  const controller = new AbortController();
  await keepPicture(office, 'picture000000003', png({ seed: 3 }));
  const readPicture = async () => {
    controller.abort(new BackupError('interrupted', file));
    return png();
  };
  await expect(backup({ signal: controller.signal, readPicture })).rejects.toMatchObject({
    kind: 'interrupted',
  });
  expect(await readdir(out)).toEqual([]);
});

/** Runs the real command on the office's data. */
function command(limit: string) {
  const env = { ...process.env, HUIGAO_DATA: office.dir };
  const child = spawn('sh', ['-c', `${limit} exec "$0" "$@"`, process.execPath, CLI, 'backup', file], {
    env,
  });
  let said = '';
  child.stderr.on('data', (data) => (said += String(data)));
  return { child, ended: once(child, 'close').then(([code]) => ({ code: code as number | null, said })) };
}

test('a disk that takes no more is named, and nothing is left on it', async () => {
  // In blocks of 512 bytes: smaller than the database.
  const { code, said } = await command('ulimit -f 100;').ended;
  expect(code).toBe(1);
  expect(said).toContain(file);
  expect(said).toContain('空间不足');
  expect(said).not.toMatch(/\n\s+at /);
  expect(await readdir(out)).toEqual([]);
});

test('[R22] a kill leaves nothing under the name of the backup, and the next one is made', async () => {
  await mkdir(out, { recursive: true });
  const watcher = watch(out);
  const { child, ended } = command('');
  await once(watcher, 'change');
  child.kill('SIGKILL');
  await ended;
  watcher.close();
  // The draft may have its journal beside it, by the moment of the kill.
  expect((await readdir(out)).filter((name) => !/\.part(-journal)?$/.test(name))).toEqual([]);
  expect((await backup()).result.faults).toEqual([]);
});
