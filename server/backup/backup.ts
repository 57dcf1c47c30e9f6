/** One file that holds a whole workspace, made beside a running server: see docs/decisions/0007. */
import SqliteDatabase from 'better-sqlite3';
import { link, open, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { isStorageFull } from '#lib/http/storage.ts';
import { syncFile, syncFolder } from '../disk.ts';
import { newId } from '../ids.ts';
import { checkHoldings, type CheckResult } from './check.ts';
import {
  asBackupError,
  BACKUP_FORMAT,
  BACKUP_TABLES,
  holdingsOf,
  keptPicture,
  openBackup,
  openForReading,
  workspaceName,
} from './database.ts';
import { BackupError } from './errors.ts';

export interface BackupOptions {
  dataDir: string;
  /** Where it goes; there must be nothing yet. */
  file: string;
  now: Date;
  signal?: AbortSignal;
  /** The bytes kept under a picture's digest; null: none. */
  readPicture?: (key: string) => Promise<Uint8Array | null>;
}

export interface BackupMade {
  file: string;
  madeAt: string;
  bytes: number;
  /** What it holds, found by opening it again. Its faults are those of the data that it was made from. */
  result: CheckResult;
}

/** Who is signed in, and who failed to, is of no use later, and the first is worth stealing. */
const LEFT_OUT = ['session', 'verification', 'signInFailure'];

/** How often it is begun anew because a picture was dropped while it was made: only a start of the server drops any. */
const ATTEMPTS = 3;

/** Throws {@link BackupError}; then there is nothing under the file's name that was not there before. */
export async function makeBackup(options: BackupOptions): Promise<BackupMade> {
  const { dataDir, file, now, signal } = options;
  const database = join(dataDir, 'huigao.db');
  assertWorkspace(database);
  const draft = await createDraft(file);
  try {
    for (let attempt = 1; ; attempt++) {
      copyDatabase(database, draft, now);
      const lost = await copyPictures(draft, options);
      if (attempt === ATTEMPTS || !wereDropped(database, lost)) break;
      await (await open(draft, 'w')).close();
    }
    signal?.throwIfAborted();
    const result = await verify(draft);
    await syncFile(draft);
    const { size: bytes } = await stat(draft);
    signal?.throwIfAborted();
    await give(draft, file);
    await syncFolder(dirname(file));
    return { file, madeAt: now.toISOString(), bytes, result };
  } catch (error) {
    if (isStorageFull(error)) throw new BackupError('full', file, codeOf(error));
    throw asBackupError(error, file);
  } finally {
    await rm(draft, { force: true });
  }
}

const codeOf = (error: unknown): string => String((error as { code?: unknown }).code ?? '');

function assertWorkspace(database: string): void {
  const db = openForReading(database);
  try {
    if (workspaceName(db) === null) throw new BackupError('absent', database);
  } finally {
    db.close();
  }
}

/** An empty file beside the backup's place that only its owner can read. */
async function createDraft(file: string): Promise<string> {
  const taken = await stat(file).catch((error: unknown) => {
    if (codeOf(error) === 'ENOENT') return null;
    throw new BackupError('failed', file, codeOf(error));
  });
  if (taken !== null) throw new BackupError('exists', file);
  const draft = `${file}.${newId(6)}.part`;
  try {
    await (await open(draft, 'wx', 0o600)).close();
  } catch (error) {
    throw new BackupError(isStorageFull(error) ? 'full' : 'failed', file, codeOf(error));
  }
  return draft;
}

/**
 * The database at one moment. `VACUUM INTO` reads in one transaction, which holds up no writer in WAL
 * mode, and leaves out what was deleted; the backup interface would copy free pages and begin anew with
 * every commit of another process.
 */
function copyDatabase(database: string, draft: string, now: Date): void {
  const source = openForReading(database);
  try {
    source.prepare('VACUUM INTO ?').run(draft);
  } catch (error) {
    if (/^SQLITE_(CORRUPT|NOTADB)/.test(codeOf(error))) throw new BackupError('damaged', database);
    throw error;
  } finally {
    source.close();
  }
  using(draft, (db) => {
    db.pragma('secure_delete = ON');
    db.transaction(() => {
      for (const table of LEFT_OUT) db.exec(`DELETE FROM ${table}`);
      db.exec(BACKUP_TABLES);
      db.prepare('INSERT INTO backup (format, madeAt) VALUES (?, ?)').run(BACKUP_FORMAT, now.toISOString());
    })();
  });
}

/** The draft, written without care: it counts only when it is finished, synced and renamed. */
function openDraft(draft: string): SqliteDatabase.Database {
  const db = new SqliteDatabase(draft, { fileMustExist: true });
  db.pragma('journal_mode = MEMORY');
  db.pragma('synchronous = OFF');
  return db;
}

function using<T>(draft: string, use: (db: SqliteDatabase.Database) => T): T {
  const db = openDraft(draft);
  try {
    return use(db);
  } finally {
    db.close();
  }
}

/** Copies the bytes that the draft's pictures name; answers the digests that there was nothing under. */
async function copyPictures(
  draft: string,
  { dataDir, signal, readPicture }: BackupOptions,
): Promise<string[]> {
  const pictures = join(dataDir, 'pictures');
  const read = readPicture ?? ((key) => keptPicture(pictures, key));
  const db = openDraft(draft);
  try {
    const put = db.prepare('INSERT INTO pictureBytes (sha256, bytes) VALUES (?, ?)');
    const keys = db.prepare('SELECT DISTINCT sha256 FROM picture').pluck().all() as string[];
    const lost: string[] = [];
    for (const key of keys) {
      signal?.throwIfAborted();
      const bytes = await read(key).catch((error: unknown) => {
        throw asBackupError(error, pictures);
      });
      if (bytes === null) lost.push(key);
      else put.run(key, bytes);
    }
    return lost;
  } finally {
    db.close();
  }
}

/** Whether one of the digests is no picture's any more: then the moment that was copied is past. */
function wereDropped(database: string, lost: readonly string[]): boolean {
  if (lost.length === 0) return false;
  const db = openForReading(database);
  try {
    const named = db.prepare('SELECT 1 FROM picture WHERE sha256 = ?');
    return lost.some((key) => named.get(key) === undefined);
  } finally {
    db.close();
  }
}

async function verify(draft: string): Promise<CheckResult> {
  const db = openBackup(draft);
  try {
    return await checkHoldings(holdingsOf(db, null));
  } finally {
    db.close();
  }
}

/** Gives the finished draft its name, unless somebody took it meanwhile. */
async function give(draft: string, file: string): Promise<void> {
  try {
    await link(draft, file);
  } catch (error) {
    if (codeOf(error) === 'EEXIST') throw new BackupError('exists', file);
    // Sticks and shares know no second name for a file; a rename would replace what is there.
    if ((await stat(file).catch(() => null)) !== null) throw new BackupError('exists', file);
    await rename(draft, file);
  }
}
