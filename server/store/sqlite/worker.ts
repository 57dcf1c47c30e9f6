/**
 * The thread that owns the database: the only connection, so the only writer. It answers one request
 * at a time, in order; SQLite's fsync happens here and never on the loop that serves people.
 */
import SqliteDatabase from 'better-sqlite3';
import { parentPort, workerData } from 'node:worker_threads';
import { documents } from './docs.ts';
import { MIGRATIONS } from './migrations.ts';
import type { OpenFailure, QueryResult, Request, Response } from './messages.ts';

const port = parentPort;
if (port === null) throw new Error('server/store/sqlite/worker.ts runs as a worker thread only');

function open(file: string): SqliteDatabase.Database {
  const db = new SqliteDatabase(file);
  db.pragma('journal_mode = WAL');
  db.pragma('synchronous = FULL');
  db.pragma('foreign_keys = ON');
  db.pragma('busy_timeout = 5000');
  // Checkpoints in the middle of a burst stall every commit behind them.
  db.pragma('wal_autocheckpoint = 20000');
  const [integrity] = db.pragma('quick_check(1)') as { quick_check: string }[];
  if (integrity?.quick_check !== 'ok')
    throw new Error(integrity?.quick_check ?? 'quick_check gave no answer');
  const seen = db.pragma('user_version', { simple: true }) as number;
  if (seen > MIGRATIONS.length) {
    throw Object.assign(new Error(`schema ${seen}`), { code: 'HUIGAO_NEWER' });
  }
  for (let step = seen; step < MIGRATIONS.length; step++) {
    db.transaction(() => {
      db.exec(MIGRATIONS[step] ?? '');
      db.pragma(`user_version = ${step + 1}`);
    })();
  }
  return db;
}

let db: SqliteDatabase.Database;
try {
  db = open((workerData as { file: string }).file);
} catch (error) {
  const code = (error as { code?: string }).code ?? '';
  const failure: OpenFailure = {
    kind: code === 'HUIGAO_NEWER' ? 'newer' : /CORRUPT|NOTADB/.test(code) ? 'corrupt' : 'failed',
    detail: error instanceof Error ? error.message : String(error),
  };
  // An integrity check that fails reports through its text, not through a code.
  if (failure.kind === 'failed' && code === '') failure.kind = 'corrupt';
  port.postMessage({ open: failure });
  process.exit(0);
}
port.postMessage({ open: null });

const answerDocuments = documents(db);
const statements = new Map<string, SqliteDatabase.Statement>();
function prepare(sql: string): SqliteDatabase.Statement {
  let statement = statements.get(sql);
  if (statement === undefined) {
    if (statements.size > 500) statements.clear();
    statement = db.prepare(sql);
    statements.set(sql, statement);
  }
  return statement;
}

function query(sql: string, params: readonly unknown[]): QueryResult {
  const statement = prepare(sql);
  if (statement.reader) return { rows: statement.all(...params), changes: 0 };
  return { rows: [], changes: statement.run(...params).changes };
}

function handle(request: Request): unknown {
  switch (request.op) {
    case 'query':
      return query(request.sql, request.params);
    case 'doc.load':
    case 'doc.commit':
    case 'doc.probe':
    case 'doc.project':
    case 'doc.switch':
    case 'doc.hasCommand':
    case 'doc.raiseEpochs':
      return answerDocuments(request);
    case 'rollback':
      // On a full or failing disk SQLite has rolled back by itself: that must not hide the reason.
      if (db.inTransaction) db.exec('ROLLBACK');
      return null;
    case 'close':
      // SQLite empties the log into the database on the way, unless somebody still reads or the disk is full.
      db.close();
      return null;
    default:
      return request satisfies never;
  }
}

port.on('message', ({ id, request }: { id: number; request: Request }) => {
  let response: Response;
  try {
    response = { id, ok: true, value: handle(request) };
  } catch (error) {
    response = {
      id,
      ok: false,
      code: (error as { code?: string }).code ?? 'ERROR',
      message: error instanceof Error ? error.message : String(error),
    };
  }
  port.postMessage(response);
  if (request.op === 'close') port.close();
});
