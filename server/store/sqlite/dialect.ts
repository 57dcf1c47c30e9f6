import type { CompiledQuery, DatabaseConnection, Dialect, Driver, QueryResult as KyselyResult } from 'kysely';
import { SqliteAdapter, SqliteIntrospector, SqliteQueryCompiler } from 'kysely';
import type { Connection } from './connection.ts';
import type { QueryResult } from './messages.ts';

/**
 * Kysely on the database's own thread. Inside `db.transaction()` only the given transaction may be
 * used: a query on `db` itself would wait for the transaction, and the transaction for it.
 */
export function workerDialect(connection: Connection): Dialect {
  return {
    createAdapter: () => new SqliteAdapter(),
    createDriver: () => new WorkerDriver(connection),
    createIntrospector: (db) => new SqliteIntrospector(db),
    createQueryCompiler: () => new SqliteQueryCompiler(),
  };
}

class WorkerDriver implements Driver {
  readonly #connection: Connection;
  constructor(connection: Connection) {
    this.#connection = connection;
  }
  async init(): Promise<void> {}
  async acquireConnection(): Promise<WorkerConnection> {
    return new WorkerConnection(this.#connection, await this.#connection.acquire());
  }
  async beginTransaction(connection: WorkerConnection): Promise<void> {
    await connection.run('BEGIN IMMEDIATE');
  }
  async commitTransaction(connection: WorkerConnection): Promise<void> {
    await connection.run('COMMIT');
  }
  async rollbackTransaction(connection: WorkerConnection): Promise<void> {
    await connection.rollback();
  }
  async releaseConnection(connection: WorkerConnection): Promise<void> {
    connection.release();
  }
  async destroy(): Promise<void> {}
}

class WorkerConnection implements DatabaseConnection {
  readonly #connection: Connection;
  readonly release: () => void;
  constructor(connection: Connection, release: () => void) {
    this.#connection = connection;
    this.release = release;
  }
  async run(sql: string): Promise<void> {
    await this.#connection.send({ op: 'query', sql, params: [] });
  }
  async rollback(): Promise<void> {
    await this.#connection.send({ op: 'rollback' });
  }
  async executeQuery<R>(query: CompiledQuery): Promise<KyselyResult<R>> {
    const result = await this.#connection.send<QueryResult>({
      op: 'query',
      sql: query.sql,
      params: query.parameters.map(toSqlite),
    });
    return { rows: result.rows as R[], numAffectedRows: BigInt(result.changes) };
  }
  streamQuery<R>(): AsyncIterableIterator<KyselyResult<R>> {
    throw new Error('this dialect does not stream');
  }
}

/** SQLite knows neither booleans nor dates. */
function toSqlite(value: unknown): unknown {
  if (typeof value === 'boolean') return value ? 1 : 0;
  if (value instanceof Date) return value.toISOString();
  return value;
}
