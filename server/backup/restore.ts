/** Puts a backup in the place of a data directory's workspace: see docs/decisions/0007. */
import SqliteDatabase from 'better-sqlite3';
import { copyFile, lstat, mkdir, open, rm, stat, writeFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { isStorageFull } from '#lib/http/storage.ts';
import { writeAudit } from '../audit/write.ts';
import { openDataDir } from '../datadir.ts';
import { syncFile, syncFolder } from '../disk.ts';
import { newId } from '../ids.ts';
import { OPERATOR } from '../operator.ts';
import { pictureFile } from '../pictures/files.ts';
import { PICTURE_KEY } from '../pictures/store.ts';
import { DatabaseOpenError } from '../store/sqlite/connection.ts';
import { openSqliteStore } from '../store/store.ts';
import { checkHoldings, type CheckResult } from './check.ts';
import { asBackupError, holdingsOf, markOf, openBackup, openForReading, workspaceName } from './database.ts';
import { BackupError } from './errors.ts';
import { DRAFT, switchTo } from './switch.ts';

export interface RestoreOptions {
  dataDir: string;
  file: string;
  /** Whether a workspace that is there may be moved aside. */
  replace: boolean;
  /** Whether a backup with faults is taken all the same; never one whose database is damaged. */
  despiteFaults: boolean;
  now: Date;
  signal?: AbortSignal;
}

export interface Restored {
  file: string;
  dataDir: string;
  workspace: string | null;
  /** When the backup was made. */
  madeAt: string;
  /** Where what was there is now; null: there was nothing. */
  replaced: string | null;
  result: CheckResult;
}

/** The backup has faults, and nothing was changed; or what is there now. */
export type RestoreOutcome = { ok: true; value: Restored } | { ok: false; result: CheckResult };

/**
 * Throws {@link BackupError}, and DataDirError when a process uses the directory. What is there stays as
 * it is until a whole, checked and synced workspace lies beside it.
 */
export async function restoreBackup(options: RestoreOptions): Promise<RestoreOutcome> {
  const { dataDir, file } = options;
  openBackup(file, { mayBeOlder: true }).close();
  const held = await openDataDir(dataDir);
  const draft = join(dataDir, DRAFT);
  try {
    await assertFree(options);
    await mkdir(draft, { mode: 0o700 });
    const copy = join(draft, 'backup.db');
    await copyBackup(file, copy);
    const checked = await checkCopy(copy, file);
    if (!isAcceptable(checked.result, options)) return { ok: false, result: checked.result };
    await unpack(copy, draft, checked.madeAt, options);
    const day = options.now.toISOString().slice(0, 10);
    const replaced = await switchTo(dataDir, `${day}-${newId(4)}`);
    return { ok: true, value: { file, dataDir, replaced, ...checked } };
  } catch (error) {
    if (isStorageFull(error)) throw new BackupError('full', dataDir, codeOf(error));
    throw asBackupError(error, dataDir);
  } finally {
    await rm(draft, { recursive: true, force: true });
    held.close();
  }
}

const codeOf = (error: unknown): string => String((error as { code?: unknown }).code ?? '');

async function assertFree({ dataDir, replace }: RestoreOptions): Promise<void> {
  if (!replace && holdsWorkspace(join(dataDir, 'huigao.db'))) throw new BackupError('occupied', dataDir);
  const pictures = await lstat(join(dataDir, 'pictures')).catch(() => null);
  // A disk of its own cannot be moved aside.
  if (pictures !== null && pictures.dev !== (await stat(dataDir)).dev) {
    throw new BackupError('failed', join(dataDir, 'pictures'), 'EXDEV');
  }
}

function holdsWorkspace(database: string): boolean {
  if (!existsSync(database)) return false;
  try {
    const db = openForReading(database, { mayBeOlder: true });
    try {
      return workspaceName(db) !== null;
    } finally {
      db.close();
    }
  } catch {
    // What cannot be read may still be somebody's.
    return true;
  }
}

/** A copy of the file that nobody else changes any more, brought up to this version. */
async function copyBackup(file: string, copy: string): Promise<void> {
  await (await open(copy, 'wx', 0o600)).close();
  await copyFile(file, copy);
  try {
    // Opening migrates, and refuses what is damaged.
    await (await openSqliteStore(copy)).close();
  } catch (error) {
    if (!(error instanceof DatabaseOpenError)) throw error;
    throw new BackupError(error.kind === 'corrupt' ? 'damaged' : error.kind, file);
  }
}

async function checkCopy(
  copy: string,
  file: string,
): Promise<Pick<Restored, 'workspace' | 'madeAt' | 'result'>> {
  const db = openBackup(copy);
  try {
    const madeAt = markOf(db)?.madeAt;
    if (madeAt === undefined) throw new BackupError('notBackup', file);
    return { workspace: workspaceName(db), madeAt, result: await checkHoldings(holdingsOf(db, null)) };
  } finally {
    db.close();
  }
}

function isAcceptable({ faults }: CheckResult, { despiteFaults }: RestoreOptions): boolean {
  if (faults.length === 0) return true;
  return despiteFaults && !faults.some(({ fault }) => fault === 'damaged');
}

/** All of them are written before the first is synced: the disk then takes them together. */
async function unpackPictures(
  db: SqliteDatabase.Database,
  pictures: string,
  signal: AbortSignal | undefined,
): Promise<void> {
  const keys = (db.prepare('SELECT sha256 FROM pictureBytes').pluck().all() as string[]).filter((key) =>
    PICTURE_KEY.test(key),
  );
  const bytesOf = db.prepare('SELECT bytes FROM pictureBytes WHERE sha256 = ?').pluck();
  const files = keys.map((key) => pictureFile(pictures, key));
  const folders = new Set([...files.map((file) => dirname(file)), pictures]);
  for (const folder of folders) await mkdir(folder, { recursive: true });
  for (const [index, file] of files.entries()) {
    signal?.throwIfAborted();
    await writeFile(file, bytesOf.get(keys[index]) as Uint8Array, { flag: 'wx' });
  }
  for (const file of files) {
    signal?.throwIfAborted();
    await syncFile(file);
  }
  for (const folder of folders) await syncFolder(folder);
}

/** Makes a data directory's files of the copy, which is used up. */
async function unpack(
  copy: string,
  draft: string,
  madeAt: string,
  { now, signal }: RestoreOptions,
): Promise<void> {
  const database = join(draft, 'huigao.db');
  const db = new SqliteDatabase(copy);
  try {
    await unpackPictures(db, join(draft, 'pictures'), signal);
    // The mails that were due then were sent then.
    db.exec('DROP TABLE pictureBytes; DROP TABLE backup; UPDATE notification SET mailDue = NULL');
    await (await open(database, 'wx', 0o600)).close();
    db.prepare('VACUUM INTO ?').run(database);
  } finally {
    db.close();
  }
  for (const end of ['', '-wal', '-shm']) await rm(copy + end, { force: true });
  const store = await openSqliteStore(database);
  await store.docs.raiseEpochs(now.toISOString());
  await writeAudit(store.db, { type: 'workspace.restored', actor: OPERATOR, madeAt }, now);
  await store.close();
  signal?.throwIfAborted();
  await syncFile(database);
  await syncFolder(draft);
}
