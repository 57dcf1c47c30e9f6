/**
 * What was written without a connection, or before the text it speaks of was saved: it waits in this
 * browser, and each command is sent until the server has answered it. The server does a command with the
 * same `key` once, so one that was sent and whose answer was lost is not done twice.
 */
import { answer, openDatabase } from './databases.ts';

export interface Command {
  /** Chosen here; the body carries it too. */
  key: string;
  userId: string;
  reportId: string;
  /** ISO 8601, UTC: when it was written. */
  at: string;
  method: 'POST' | 'PATCH';
  path: string;
  body: Readonly<Record<string, unknown>>;
}

export interface Waiting {
  command: Command;
  /** Why the server does not take it, in words; null while it waits for its turn. */
  refused: string | null;
}

/** What the server said; `status` 0: it could not be reached. */
export type Said =
  { ok: true; value: unknown } | { ok: false; status: number; code: string; message: string };

const DATABASE = 'huigao-outbox';
const STORE = 'commands';
/** Milliseconds until the next attempt, after one that failed for now; doubled up to the second. */
const RETRY_AFTER = 1_000;
const RETRY_AT_MOST = 30_000;

/** 128 random bits. (`crypto.randomUUID` is missing where the office's server has no certificate.) */
export function newKey(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) =>
    byte.toString(16).padStart(2, '0'),
  ).join('');
}

async function withStore<T>(
  mode: IDBTransactionMode,
  use: (store: IDBObjectStore) => Promise<T>,
): Promise<T | null> {
  const db = await openDatabase(DATABASE, (created) => created.createObjectStore(STORE, { keyPath: 'key' }));
  if (db === null) return null;
  try {
    return await use(db.transaction(STORE, mode).objectStore(STORE));
  } finally {
    db.close();
  }
}

/** What a person's browser still has to send, of one report or of all, the oldest first. */
export async function listCommands(userId: string, reportId?: string): Promise<Command[]> {
  const all = (await withStore('readonly', (store) => answer(store.getAll()))) as Command[] | null;
  return (all ?? [])
    .filter((one) => one.userId === userId && (reportId === undefined || one.reportId === reportId))
    .sort((a, b) => (a.at < b.at ? -1 : 1));
}

const keep = (command: Command) => withStore('readwrite', (store) => answer(store.put(command)));
const forget = (key: string) => withStore('readwrite', (store) => answer(store.delete(key)));

export async function forgetCommandsOf(userId: string): Promise<void> {
  for (const { key } of await listCommands(userId)) await forget(key);
}

export interface Outbox {
  readonly waiting: readonly Waiting[];
  /** Keeps a command and sends it as soon as it may go. */
  add(command: Command): void;
  /** Sends what may go now. Call it whenever {@link OutboxOptions.maySend} may have changed its answer. */
  flush(): void;
  /** Throws a waiting or refused command away. */
  remove(key: string): void;
  destroy(): void;
}

export interface OutboxOptions {
  userId: string;
  reportId: string;
  send: (command: Command) => Promise<Said>;
  /** Whether the content that commands speak of is on the server. */
  maySend: () => boolean;
  /** What waits has changed. */
  onChange: (waiting: readonly Waiting[]) => void;
  /** The server has done a command. It stops waiting once this has resolved. */
  onDone: (command: Command, value: unknown) => Promise<void>;
}

/** Whether an answer says nothing of the command itself, so that it may be sent again. */
function isForNow({ status }: Extract<Said, { ok: false }>): boolean {
  // A conflict: the text that the command speaks of is still on its way there.
  return status === 0 || status >= 500 || status === 401 || status === 409 || status === 429;
}

/** What an earlier visit left is there after a moment, and is sent too. */
export function openOutbox(options: OutboxOptions): Outbox {
  const { userId, reportId, send, maySend, onChange, onDone } = options;
  let waiting: readonly Waiting[] = [];
  let isSending = false;
  let isOver = false;
  let pause = RETRY_AFTER;
  let timer: ReturnType<typeof setTimeout> | undefined;

  function set(now: readonly Waiting[]): void {
    waiting = now;
    if (!isOver) onChange(waiting);
  }
  const without = (key: string) => waiting.filter(({ command }) => command.key !== key);

  function later(): void {
    clearTimeout(timer);
    timer = setTimeout(flush, pause);
    pause = Math.min(2 * pause, RETRY_AT_MOST);
  }

  async function sendAll(): Promise<void> {
    for (;;) {
      const next = waiting.find(({ refused }) => refused === null)?.command;
      if (next === undefined || isOver || !maySend()) return;
      const said = await send(next);
      if (said.ok) {
        pause = RETRY_AFTER;
        await forget(next.key);
        await onDone(next, said.value);
        set(without(next.key));
      } else if (isForNow(said)) return later();
      else {
        const refused: Waiting = { command: next, refused: said.message };
        set(waiting.map((one) => (one.command.key === next.key ? refused : one)));
      }
    }
  }

  function flush(): void {
    clearTimeout(timer);
    if (isSending || isOver) return;
    isSending = true;
    void sendAll().finally(() => (isSending = false));
  }

  void listCommands(userId, reportId).then((kept) => {
    const known = new Set(waiting.map(({ command }) => command.key));
    const left = kept.filter(({ key }) => !known.has(key));
    if (left.length === 0) return;
    set([...left.map((command) => ({ command, refused: null })), ...waiting]);
    flush();
  });
  const online = () => flush();
  globalThis.addEventListener?.('online', online);

  return {
    get waiting() {
      return waiting;
    },
    add(command) {
      set([...waiting, { command, refused: null }]);
      // Kept before it is sent: what the browser loses on the way must be there to send again.
      void keep(command).then(flush);
    },
    flush,
    remove(key) {
      set(without(key));
      void forget(key);
    },
    destroy() {
      isOver = true;
      clearTimeout(timer);
      globalThis.removeEventListener?.('online', online);
    },
  };
}
