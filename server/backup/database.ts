/** A workspace's database, or a backup, opened for reading only: beside a running server, without a lock. */
import SqliteDatabase from 'better-sqlite3';
import { accessSync, constants } from 'node:fs';
import { WORKSPACE_NAME } from '../people/workspace.ts';
import { readPictureFile } from '../pictures/files.ts';
import { PICTURE_KEY } from '../pictures/store.ts';
import { MIGRATIONS } from '../store/sqlite/migrations.ts';
import { BackupError } from './errors.ts';
import type {
  DocHead,
  HeldArticle,
  HeldOwner,
  HeldPicture,
  HeldRendering,
  HeldRow,
  HeldRun,
  HeldSnapshot,
  Holdings,
} from './holdings.ts';

/** Rises when a backup is laid out differently in what the migrations do not say: docs/decisions/0007. */
export const BACKUP_FORMAT = 1;
/** What a backup has beside the workspace's own tables. */
export const BACKUP_TABLES = `
  CREATE TABLE backup (format INTEGER NOT NULL, madeAt TEXT NOT NULL) STRICT;
  CREATE TABLE pictureBytes (sha256 TEXT PRIMARY KEY, bytes BLOB NOT NULL) STRICT;
`;

/** Opens a file that must be there, and be a database of this version. Throws {@link BackupError}. */
export function openForReading(file: string, { mayBeOlder = false } = {}): SqliteDatabase.Database {
  let db: SqliteDatabase.Database | null = null;
  try {
    accessSync(file, constants.R_OK);
    db = new SqliteDatabase(file, { readonly: true, fileMustExist: true });
    const version = db.pragma('user_version', { simple: true }) as number;
    if (version > MIGRATIONS.length) throw new BackupError('newer', file);
    if (version < MIGRATIONS.length && !mayBeOlder) throw new BackupError('older', file);
    return db;
  } catch (error) {
    db?.close();
    throw asBackupError(error, file);
  }
}

/** The same for a file that must be a backup. */
export function openBackup(file: string, { mayBeOlder = false } = {}): SqliteDatabase.Database {
  const db = openForReading(file, { mayBeOlder });
  try {
    const mark = markOf(db);
    if (mark === null) throw new BackupError('notBackup', file);
    if (mark.format > BACKUP_FORMAT) throw new BackupError('newer', file);
    return db;
  } catch (error) {
    db.close();
    throw asBackupError(error, file);
  }
}

/** What SQLite said of a file, as something that its owner can be told; anything else is passed on. */
export function asBackupError(error: unknown, file: string): unknown {
  const code = error instanceof Error && 'code' in error ? error.code : null;
  if (typeof code !== 'string') return error;
  if (/^SQLITE_(CORRUPT|NOTADB)/.test(code)) return new BackupError('damaged', file);
  if (code === 'ENOENT') return new BackupError('absent', file);
  return /^(SQLITE_|E[A-Z]+$)/.test(code) ? new BackupError('failed', file, code) : error;
}

/** What makes a database a backup; null: it is none. */
export function markOf(db: SqliteDatabase.Database): { format: number; madeAt: string } | null {
  const isBackup = db.prepare(`SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = 'backup'`).get();
  if (isBackup === undefined) return null;
  const mark = db.prepare('SELECT format, madeAt FROM backup').get();
  return (mark as { format: number; madeAt: string } | undefined) ?? null;
}

/** Null: nobody has set a workspace up in it. */
export function workspaceName(db: SqliteDatabase.Database): string | null {
  const name = db.prepare('SELECT value FROM setting WHERE key = ?').pluck().get(WORKSPACE_NAME);
  return (name as string | undefined) ?? null;
}

/**
 * What a database holds at the moment of the first reading, until it is closed. `pictures` is the folder
 * of their files; null: they are in the database, which is a backup.
 */
export function holdingsOf(db: SqliteDatabase.Database, pictures: string | null): Holdings {
  db.exec('BEGIN');
  const all = <T>(sql: string, ...params: unknown[]): T[] => db.prepare(sql).all(...params) as T[];
  // A statement that has begun keeps the connection from closing, so it begins with the first step.
  function* each<T>(sql: string, ...params: unknown[]): Iterable<T> {
    yield* db.prepare(sql).iterate(...params) as IterableIterator<T>;
  }
  const projectionsOf = (docId: string) =>
    new Map(
      all<{ name: string; seq: number }>('SELECT name, seq FROM docProjection WHERE docId = ?', docId).map(
        ({ name, seq }) => [name, seq],
      ),
    );
  const inBackup = async (key: string): Promise<Uint8Array | null> => {
    const bytes = db.prepare('SELECT bytes FROM pictureBytes WHERE sha256 = ?').pluck().get(key);
    return (bytes as Uint8Array | undefined) ?? null;
  };
  return {
    damage: () =>
      all<{ integrity_check: string }>('PRAGMA integrity_check(20)')
        .map(({ integrity_check }) => integrity_check)
        .filter((line) => line !== 'ok'),
    strayParts: () => strayParts(db, pictures === null ? [BACKUP_TABLES] : []),
    brokenReferences() {
      const broken = new Map<string, number>();
      for (const { table } of all<{ table: string }>('PRAGMA foreign_key_check')) {
        broken.set(table, (broken.get(table) ?? 0) + 1);
      }
      return [...broken].map(([table, rows]) => ({ table, rows }));
    },
    people: () => new Set(all<{ id: string }>('SELECT id FROM user').map(({ id }) => id)),
    reports: () => all('SELECT id, title, titleSeq FROM report'),
    documents: () =>
      all<Omit<DocHead, 'projections'>>(
        `SELECT d.id, d.reportId, d.kind, d.headSeq, d.snapSeq, d.logBytes, d.snapBytes, p.state AS pool
         FROM doc d LEFT JOIN docProjection p ON p.docId = d.id AND p.name = 'authorship'
         ORDER BY d.reportId, d.kind`,
      ).map((head) => Object.assign(head, { projections: projectionsOf(head.id) })),
    rows: (docId) =>
      all<HeldRow>(
        `SELECT u.seq, u.userId, u.bytes FROM doc d
         JOIN docUpdate u ON u.place BETWEEN d.number << 32 AND (d.number << 32) + 4294967295
         WHERE d.id = ? ORDER BY u.place`,
        docId,
      ),
    snapshots: (docId) =>
      each<HeldSnapshot>('SELECT seq, sha256, bytes FROM docSnapshot WHERE docId = ? ORDER BY seq', docId),
    owners: (docId) =>
      all<HeldOwner>('SELECT clientId, userId, firstSeq FROM clientOwner WHERE docId = ?', docId),
    runs: (docId) =>
      each<HeldRun>('SELECT client, clock, length, userId FROM authorshipRun WHERE docId = ?', docId),
    figures: (reportId) => all('SELECT * FROM figure WHERE reportId = ?', reportId),
    articles: () =>
      all<HeldArticle>(
        `SELECT a.number, a.reportId, a.revision, a.date, a.isWithdrawn, p.date AS newestDate, r.status,
           (SELECT count(*) FROM publication WHERE number = a.number) AS revisions,
           w.number IS NOT NULL AS isNewestWithdrawn, t.id IS NOT NULL AS isIndexed
         FROM article a LEFT JOIN report r ON r.id = a.reportId
         LEFT JOIN publication p ON p.number = a.number AND p.revision = a.revision
         LEFT JOIN withdrawal w ON w.number = a.number AND w.revision = a.revision
         LEFT JOIN articleText_docsize t ON t.id = a.number ORDER BY a.number`,
      ),
    renderings: () =>
      each<HeldRendering>(
        'SELECT number, revision, format, sha256, bytes FROM rendering ORDER BY number, revision',
      ),
    pictures: () => all<HeldPicture>('SELECT id, reportId, bytes, sha256 FROM picture ORDER BY id'),
    pictureBytes: pictures === null ? inBackup : (key) => keptPicture(pictures, key),
    isStillNamed: (key) => pictures === null || isNamedNow(db.name, key),
  };
}

/** The bytes that a data directory keeps under a digest, whatever they are now; null: none. */
export async function keptPicture(pictures: string, key: string): Promise<Uint8Array | null> {
  return PICTURE_KEY.test(key) ? readPictureFile(pictures, key) : null;
}

/** Tables and indexes that are not as this version makes them, by name. */
function strayParts(db: SqliteDatabase.Database, known: readonly string[]): string[] {
  const partsOf = (one: SqliteDatabase.Database) =>
    new Map(one.prepare('SELECT name, sql FROM sqlite_schema').raw().all() as [string, string | null][]);
  const fresh = new SqliteDatabase(':memory:');
  for (const step of [...MIGRATIONS, ...known]) fresh.exec(step);
  const [expected, present] = [partsOf(fresh), partsOf(db)];
  fresh.close();
  const names = new Set([...expected.keys(), ...present.keys()]);
  return [...names].filter((name) => expected.get(name) !== present.get(name));
}

/** Asked on a connection of its own, which sees the present. */
function isNamedNow(file: string, key: string): boolean {
  const db = openForReading(file);
  try {
    return db.prepare('SELECT 1 FROM picture WHERE sha256 = ?').get(key) !== undefined;
  } finally {
    db.close();
  }
}
