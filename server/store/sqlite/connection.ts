import { Worker } from 'node:worker_threads';
import type { OpenFailure, Request, Response } from './messages.ts';

/** A statement the database refused, with SQLite's code (`SQLITE_FULL`, `SQLITE_CONSTRAINT_UNIQUE`, …). */
class DatabaseError extends Error {
  readonly code: string;
  constructor(code: string, message: string) {
    super(message);
    this.name = 'DatabaseError';
    this.code = code;
  }
}

/** The database's file cannot be used. `kind` says whether it is damaged or written by a newer version. */
export class DatabaseOpenError extends Error {
  readonly kind: OpenFailure['kind'];
  constructor(failure: OpenFailure, file: string) {
    super(`${file}: ${failure.detail}`);
    this.name = 'DatabaseOpenError';
    this.kind = failure.kind;
  }
}

/**
 * The one connection to the database, in a thread of its own. Requests are answered in order. A
 * transaction of several requests takes the connection for itself with {@link acquire}; whoever calls
 * {@link request} outside it waits until it is released.
 */
export class Connection {
  readonly #worker: Worker;
  readonly #pending = new Map<
    number,
    { resolve: (value: unknown) => void; reject: (error: Error) => void }
  >();
  #nextId = 1;
  #turn: Promise<void> = Promise.resolve();
  /** Why the thread answers no more; null: it does. */
  #ended: Error | null = null;

  private constructor(worker: Worker) {
    this.#worker = worker;
    worker.on('message', (response: Response) => {
      const waiting = this.#pending.get(response.id);
      if (waiting === undefined) return;
      this.#pending.delete(response.id);
      if (response.ok) waiting.resolve(response.value);
      else waiting.reject(new DatabaseError(response.code, response.message));
    });
    worker.on('error', (error) => this.#fail(error instanceof Error ? error : new Error(String(error))));
    worker.on('exit', () => this.#fail(new DatabaseError('CLOSED', 'the database is closed')));
  }

  /** Opens (and if need be creates or migrates) the database. Throws {@link DatabaseOpenError}. */
  static async open(file: string): Promise<Connection> {
    const worker = new Worker(new URL('./worker.ts', import.meta.url), { workerData: { file } });
    const failure = await new Promise<OpenFailure | null>((resolve, reject) => {
      worker.once('message', (message: { open: OpenFailure | null }) => resolve(message.open));
      worker.once('error', reject);
    });
    if (failure !== null) throw new DatabaseOpenError(failure, file);
    return new Connection(worker);
  }

  /** Waits for the connection and keeps it until the returned function is called. */
  async acquire(): Promise<() => void> {
    const before = this.#turn;
    let release = () => {};
    this.#turn = new Promise((resolve) => (release = resolve));
    await before;
    return release;
  }

  /** One request by itself. */
  async request<T>(request: Request): Promise<T> {
    const release = await this.acquire();
    try {
      return await this.send<T>(request);
    } finally {
      release();
    }
  }

  /** A request by someone who has acquired the connection. */
  send<T>(request: Request): Promise<T> {
    if (this.#ended !== null) return Promise.reject(this.#ended);
    const id = this.#nextId++;
    return new Promise<T>((resolve, reject) => {
      this.#pending.set(id, { resolve: (value) => resolve(value as T), reject });
      this.#worker.postMessage({ id, request });
    });
  }

  async close(): Promise<void> {
    const exited = new Promise<void>((resolve) => this.#worker.once('exit', () => resolve()));
    await this.request({ op: 'close' });
    await exited;
  }

  #fail(error: Error): void {
    this.#ended ??= error;
    for (const waiting of this.#pending.values()) waiting.reject(error);
    this.#pending.clear();
  }
}
