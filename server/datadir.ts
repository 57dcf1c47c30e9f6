/** The data directory: made on first use, held by one process at a time, with the workspace's secret in it. */
import SqliteDatabase from 'better-sqlite3';
import { randomBytes } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { finishSwitch } from './backup/switch.ts';

/** The data directory cannot be used; the message names it and says what to do. */
export class DataDirError extends Error {
  readonly kind: 'in_use' | 'unusable';
  readonly dir: string;
  constructor(kind: 'in_use' | 'unusable', dir: string, detail: string) {
    super(detail);
    this.name = 'DataDirError';
    this.kind = kind;
    this.dir = dir;
  }
}

export interface DataDir {
  path: string;
  /** 64 hexadecimal digits; sessions are signed with it. Made once, readable by the owner only. */
  secret: string;
  database: string;
  /** Lets another process have the directory. */
  close(): void;
}

const codeOf = (error: unknown): string => (error as { code?: string }).code ?? '';

/**
 * An exclusive transaction on a database of its own, kept open. SQLite's lock is the operating system's,
 * so it ends with the process however that ends; a file with a process number in it would outlive a
 * SIGKILL, and so would a socket's name. `node:fs` has no `flock`.
 */
function lock(dir: string): SqliteDatabase.Database {
  let db: SqliteDatabase.Database | null = null;
  try {
    db = new SqliteDatabase(join(dir, 'lock'), { timeout: 0 });
    db.exec('BEGIN EXCLUSIVE');
    return db;
  } catch (error) {
    db?.close();
    if (codeOf(error).startsWith('SQLITE_BUSY')) {
      throw new DataDirError('in_use', dir, 'another process is using it');
    }
    throw new DataDirError('unusable', dir, error instanceof Error ? error.message : String(error));
  }
}

async function readSecret(dir: string): Promise<string> {
  const file = join(dir, 'secret');
  try {
    // `wx`: two processes cannot both believe that they made it.
    await writeFile(file, randomBytes(32).toString('hex'), { flag: 'wx', mode: 0o600 });
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') throw error;
  }
  const secret = await readFile(file, 'utf8');
  if (!/^[0-9a-f]{64}$/.test(secret)) {
    throw new DataDirError('unusable', dir, 'its file `secret` does not hold 64 hexadecimal digits');
  }
  return secret;
}

/** Throws {@link DataDirError} when the directory is in use or cannot be written. */
export async function openDataDir(path: string): Promise<DataDir> {
  try {
    await mkdir(path, { recursive: true, mode: 0o700 });
  } catch (error) {
    throw new DataDirError('unusable', path, error instanceof Error ? error.message : String(error));
  }
  const held = lock(path);
  try {
    await finishSwitch(path);
    const secret = await readSecret(path);
    return { path, secret, database: join(path, 'huigao.db'), close: () => held.close() };
  } catch (error) {
    held.close();
    if (error instanceof DataDirError) throw error;
    throw new DataDirError('unusable', path, error instanceof Error ? error.message : String(error));
  }
}
