import SqliteDatabase from 'better-sqlite3';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { watch } from 'node:fs';
import { cp, mkdir, mkdtemp, readdir, readFile, rename, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { openDataDir } from '../datadir.ts';
import { png } from '../pictures/testing.ts';
import { storedContent } from '../reports/testing.ts';
import { sha256 } from '../store/digest.ts';
import { MIGRATIONS } from '../store/sqlite/migrations.ts';
import { openSqliteStore } from '../store/store.ts';
import { REPORT } from '../sync/testing.ts';
import { makeBackup } from './backup.ts';
import { checkHoldings } from './check.ts';
import { BACKUP_TABLES, holdingsOf, keptPicture, openBackup, openForReading } from './database.ts';
import { restoreBackup, type Restored, type RestoreOptions } from './restore.ts';
import { DRAFT } from './switch.ts';
import { openOffice, type Office } from './testing.ts';

const CLI = fileURLToPath(new URL('../cli.ts', import.meta.url));
const NOW = new Date('2024-03-05T09:00:00Z');

let office: Office;
let out: string;
let file: string;
let dataDir: string;
beforeAll(async () => {
  office = await openOffice();
});
afterAll(() => office.close());
beforeEach(async () => {
  out = await mkdtemp(join(tmpdir(), 'huigao-restore-'));
  file = join(out, 'huigao.backup');
  dataDir = join(out, 'data');
  await makeBackup({ dataDir: office.dir, file, now: new Date('2024-03-02T09:00:00Z') });
});
afterEach(() => rm(out, { recursive: true }));

const attempt = (options: Partial<RestoreOptions> = {}) =>
  restoreBackup({ dataDir, file, replace: false, despiteFaults: false, now: NOW, ...options });
async function restore(options: Partial<RestoreOptions> = {}): Promise<Restored> {
  const outcome = await attempt(options);
  if (!outcome.ok) throw new Error(JSON.stringify(outcome.result.faults));
  return outcome.value;
}
async function check(dir: string) {
  const db = openForReading(join(dir, 'huigao.db'));
  return checkHoldings(holdingsOf(db, join(dir, 'pictures'))).finally(() => db.close());
}
/** The workspace's name, which tells two workspaces apart. */
function nameIn(dir: string): string {
  const db = new SqliteDatabase(join(dir, 'huigao.db'), { readonly: true });
  const name = db.prepare(`SELECT value FROM setting WHERE key = 'workspace.name'`).pluck().get() as string;
  db.close();
  return name;
}
function nameIt(dir: string, name: string): void {
  const db = new SqliteDatabase(join(dir, 'huigao.db'));
  db.prepare(`UPDATE setting SET value = ? WHERE key = 'workspace.name'`).run(name);
  db.close();
}

test('[R17] a restored workspace is the one that was backed up, under new epochs, with nobody signed in', async () => {
  const restored = await restore();
  expect(restored).toMatchObject({ workspace: '云禾县', madeAt: '2024-03-02T09:00:00.000Z', replaced: null });
  expect(await readdir(dataDir)).toEqual(['huigao.db', 'lock', 'pictures', 'secret']);
  expect(await check(dataDir)).toEqual(restored.result);
  expect(restored.result.faults).toEqual([]);
  expect(await keptPicture(join(dataDir, 'pictures'), sha256(png()))).toEqual(png());
  const store = await openSqliteStore(join(dataDir, 'huigao.db'));
  const [old, now] = await Promise.all([office.store, store].map(({ docs }) => docs.load(REPORT, 'content')));
  const content = await storedContent(store, REPORT);
  const sessions = await store.db.selectFrom('session').selectAll().execute();
  const line = await store.db.selectFrom('audit').selectAll().orderBy('id', 'desc').executeTakeFirst();
  await store.close();
  expect(content).toEqual(await storedContent(office.store, REPORT));
  expect(now?.epoch).toBeGreaterThan(old?.epoch ?? 0);
  expect(line).toMatchObject({
    act: 'workspace.restored',
    actorId: 'cli',
    at: NOW.toISOString(),
    detail: '{"madeAt":"2024-03-02T09:00:00.000Z"}',
  });
  expect([now?.restoredAt, now?.headSeq]).toEqual([NOW.toISOString(), old?.headSeq]);
  expect([...(now?.owners ?? [])]).toEqual([]);
  expect(sessions).toEqual([]);
});

test('what is there is left alone, unless it may be moved aside; then all of it is kept', async () => {
  await restore();
  nameIt(dataDir, '原来的');
  await expect(attempt()).rejects.toMatchObject({ name: 'BackupError', kind: 'occupied', path: dataDir });
  expect(nameIn(dataDir)).toBe('原来的');
  const { replaced } = await restore({ replace: true });
  expect(nameIn(dataDir)).toBe('云禾县');
  expect(nameIn(replaced ?? '')).toBe('原来的');
  expect((await check(replaced ?? '')).faults).toEqual([]);
  // Two on one day do not meet.
  expect((await restore({ replace: true })).replaced).not.toBe(replaced);
});

test('a backup of an older version is brought up to this one', async () => {
  const [first = ''] = MIGRATIONS;
  await rm(file);
  const db = new SqliteDatabase(file);
  db.exec(first + BACKUP_TABLES);
  db.pragma('user_version = 1');
  db.prepare(`INSERT INTO setting (key, value) VALUES ('workspace.name', '从前的')`).run();
  db.prepare(`INSERT INTO backup (format, madeAt) VALUES (1, '2024-01-01T00:00:00.000Z')`).run();
  db.close();
  expect(() => openBackup(file)).toThrow(expect.objectContaining({ kind: 'older', path: file }));
  expect(await restore()).toMatchObject({ workspace: '从前的', result: { faults: [] } });
  expect((await check(dataDir)).faults).toEqual([]);
});

test('mails that were due when the backup was made are not sent again', async () => {
  const db = new SqliteDatabase(file);
  db.prepare(
    `INSERT INTO notification (userId, kind, act, reportId, actorId, at, isShown, mailDue, mailTries)
     VALUES ('chen', 'kind', 'act', ?, 'wang', ?, 1, ?, 0)`,
  ).run(REPORT, NOW.toISOString(), NOW.toISOString());
  db.close();
  await restore();
  const store = await openSqliteStore(join(dataDir, 'huigao.db'));
  expect(await store.db.selectFrom('notification').select('mailDue').execute()).toEqual([{ mailDue: null }]);
  await store.close();
});

test('what cannot be read may still be somebody’s', async () => {
  await mkdir(dataDir);
  await writeFile(join(dataDir, 'huigao.db'), '不是数据库');
  await expect(attempt()).rejects.toMatchObject({ kind: 'occupied' });
  const { replaced } = await restore({ replace: true });
  expect(await readFile(join(replaced ?? '', 'huigao.db'), 'utf8')).toBe('不是数据库');
});

test('nothing is restored under a running process', async () => {
  await restore();
  const held = await openDataDir(dataDir);
  await expect(attempt({ replace: true })).rejects.toMatchObject({ name: 'DataDirError', kind: 'in_use' });
  held.close();
});

describe('[R22] a backup that is spoilt is refused before anything is touched', () => {
  const spoil = (sql: string) => async () => {
    const db = new SqliteDatabase(file);
    db.pragma('foreign_keys = OFF');
    const { changes } = db.prepare(sql).run();
    db.close();
    expect(changes).toBeGreaterThan(0);
  };
  const newest = '(SELECT max(seq) FROM docSnapshot)';
  const faults: [what: string, spoil: () => Promise<void>, fault: string][] = [
    [
      'a byte of a snapshot',
      spoil(
        `UPDATE docSnapshot SET bytes = CAST(substr(bytes, 1, 40) || x'ff' || substr(bytes, 42) AS BLOB)`,
      ),
      'digest',
    ],
    ['a row', spoil(`DELETE FROM docUpdate WHERE seq = ${newest} + 1`), 'gap'],
    ['the bytes of a picture', spoil('DELETE FROM pictureBytes'), 'missing'],
    ['a department', spoil(`DELETE FROM department WHERE id = 'water'`), 'reference'],
  ];
  test.each(faults)('%s', async (_what, damage, fault) => {
    await damage();
    const outcome = await attempt();
    expect(outcome.ok).toBe(false);
    if (!outcome.ok) expect(outcome.result.faults.map((one) => one.fault)).toContain(fault);
    expect(await readdir(dataDir)).toEqual(['lock', 'secret']);
  });

  test('in need what is left of it is better than nothing', async () => {
    await spoil('DELETE FROM pictureBytes')();
    const { result } = await restore({ despiteFaults: true });
    expect(result.faults).toMatchObject([{ about: 'picture', fault: 'missing' }]);
    expect((await check(dataDir)).faults).toEqual(result.faults);
    expect(nameIn(dataDir)).toBe('云禾县');
  });

  const files: [what: string, spoil: () => Promise<void>, kind: string][] = [
    ['cut short', async () => truncate(file, 100_000), 'damaged'],
    ['empty', async () => truncate(file, 0), 'notBackup'],
    ['no database', async () => writeFile(file, '会稿'.repeat(1000)), 'damaged'],
    ['not there', async () => rm(file), 'absent'],
    ['a workspace’s own database', async () => cp(join(office.dir, 'huigao.db'), file), 'notBackup'],
    ['of a newer version', spoil('UPDATE backup SET format = format + 1'), 'newer'],
  ];
  test.each(files)('a file that is %s', async (_what, damage, kind) => {
    await damage();
    await expect(attempt({ despiteFaults: true })).rejects.toMatchObject({ name: 'BackupError', kind });
    expect(await readdir(out)).not.toContain('pictures');
  });
});

describe('[R22] a crash leaves the old workspace or the new one, whole', () => {
  let stage: string;
  beforeAll(async () => {
    stage = await mkdtemp(join(tmpdir(), 'huigao-stage-'));
    const backup = join(stage, 'backup');
    await makeBackup({ dataDir: office.dir, file: backup, now: NOW });
    await restore({ dataDir: join(stage, 'new'), file: backup });
    await rm(join(stage, 'new', 'lock'));
    await rm(join(stage, 'new', 'secret'));
    await cp(join(stage, 'new'), join(stage, 'old'), { recursive: true });
    nameIt(join(stage, 'old'), '原来的');
  });
  afterAll(() => rm(stage, { recursive: true }));
  /** What a restore has built when it decides, beside the workspace that is there. */
  async function built(): Promise<string> {
    await cp(join(stage, 'old'), dataDir, { recursive: true });
    await cp(join(stage, 'new'), join(out, 'new'), { recursive: true });
    return join(out, 'new');
  }
  async function reopened(): Promise<string> {
    (await openDataDir(dataDir)).close();
    expect((await check(dataDir)).faults).toEqual([]);
    expect(await readdir(dataDir)).toEqual(
      expect.not.arrayContaining([expect.stringMatching(/^(restor|placing)/)]),
    );
    return nameIn(dataDir);
  }

  test('before it is decided', async () => {
    await rename(await built(), join(dataDir, DRAFT));
    await rm(join(dataDir, DRAFT, 'huigao.db'));
    expect(await reopened()).toBe('原来的');
  });

  const parts = ['pictures', 'huigao.db'];
  test.each([0, 1, 2])('decided, with %s parts of the old moved aside', async (moved) => {
    await rename(await built(), join(dataDir, 'restored-7'));
    await mkdir(join(dataDir, 'replaced-7'));
    for (const part of parts.slice(0, moved)) {
      await rename(join(dataDir, part), join(dataDir, 'replaced-7', part));
    }
    expect(await reopened()).toBe('云禾县');
    expect(nameIn(join(dataDir, 'replaced-7'))).toBe('原来的');
    expect((await check(join(dataDir, 'replaced-7'))).faults).toEqual([]);
  });

  test.each([0, 1, 2])('with %s parts of the new in their place', async (moved) => {
    await rename(await built(), join(dataDir, 'placing-7'));
    await mkdir(join(dataDir, 'replaced-7'));
    for (const part of parts) await rename(join(dataDir, part), join(dataDir, 'replaced-7', part));
    for (const part of parts.slice(0, moved)) {
      await rename(join(dataDir, 'placing-7', part), join(dataDir, part));
    }
    expect(await reopened()).toBe('云禾县');
    expect(nameIn(join(dataDir, 'replaced-7'))).toBe('原来的');
  });

  test.each([DRAFT, 'restored-', 'replaced-'])('killed when %s appears', async (step) => {
    await built();
    const watcher = watch(dataDir);
    const env = { ...process.env, HUIGAO_DATA: dataDir };
    const backup = join(stage, 'backup');
    const child = spawn(process.execPath, [CLI, 'restore', backup, '--replace'], { env });
    const ended = once(child, 'close');
    watcher.on('change', (_event, name) => {
      if (String(name).startsWith(step)) child.kill('SIGKILL');
    });
    await ended;
    watcher.close();
    const isDecided = (await readdir(dataDir)).some((name) => /^(restored|placing|replaced)-/.test(name));
    expect(await reopened()).toBe(isDecided ? '云禾县' : '原来的');
  });
});
