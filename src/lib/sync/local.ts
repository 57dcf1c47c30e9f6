/** What the browser keeps of a report for its person: edits made offline survive a reload. */
import { IndexeddbPersistence } from 'y-indexeddb';
import { encodeStateAsUpdate, type Doc } from 'yjs';
import {
  answer,
  completed,
  databaseNames,
  deleteDatabase,
  forget,
  openDatabase,
  remember,
} from './databases.ts';
import { forgetCommandsOf, listCommands } from './outbox.ts';
import { removeRescuedOf } from './rescue.ts';

/** y-indexeddb's own stores. */
const UPDATES = 'updates';
const CUSTOM = 'custom';
const PREFIX = 'huigao';
/** Milliseconds after which the count is written down: what the server has by then needs no count. */
const COUNT_AFTER = 100;

const nameOf = (userId: string, reportId: string) => `${PREFIX}/${userId}/${reportId}`;

export interface LocalCopy {
  /** How many changes it holds that no server has. */
  readonly unsaved: number;
  /** The epoch of the document that it is a copy of; null: the server has not said. */
  readonly epoch: number | null;
  /**
   * Writes down, a moment later, how many changes no server has, after all that the document was told before;
   * the last call wins. `onKept` of the call that won hears when both are written; false: they could not be.
   * It hears nothing where there is nothing to count. The changes themselves are written at once.
   */
  setUnsaved(count: number, onKept: (isKept: boolean) => void): void;
  setEpoch(epoch: number): void;
  /** Stops writing and forgets everything. */
  clear(): Promise<void>;
  destroy(): Promise<void>;
}

/** Whether a transaction's origin is a local copy. */
export function isFromLocalCopy(origin: unknown): boolean {
  return origin instanceof IndexeddbPersistence;
}

/** Loads the kept state into a doc. Null: this browser keeps nothing. */
export async function openLocalCopy(doc: Doc, userId: string, reportId: string): Promise<LocalCopy | null> {
  const name = nameOf(userId, reportId);
  // y-indexeddb never settles when the database cannot be opened.
  const probe = await openDatabase(name, (db) => {
    db.createObjectStore(UPDATES, { autoIncrement: true });
    db.createObjectStore(CUSTOM);
  });
  if (probe === null) return null;
  probe.close();
  await remember(name);
  const persistence = new IndexeddbPersistence(name, doc);
  await persistence.whenSynced;
  const unsaved = Number((await persistence.get('unsaved')) ?? 0);
  const epoch = (await persistence.get('epoch')) as number | undefined;
  let wanted: { count: number; onKept: (isKept: boolean) => void } | null = null;
  let written = unsaved;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let writing: Promise<unknown> | null = null;
  let isOver = false;
  // An update that could not be written is not in any later one: then all of the document is written anew.
  let isIncomplete = false;
  persistence.db?.addEventListener('abort', () => (isIncomplete = true));
  const write = async () => {
    for (let asked = wanted; asked !== null; asked = wanted) {
      wanted = null;
      // Each key is safe with the server a few milliseconds later: that costs the browser no transaction.
      if (asked.count > 0 || written > 0 || isIncomplete) asked.onKept(await writeDown(asked.count));
    }
  };
  const writeNow = () => {
    clearTimeout(timer);
    timer = undefined;
    writing ??= write().finally(() => (writing = null));
  };
  // With the window goes what it would have counted a moment later.
  globalThis.addEventListener?.('pagehide', writeNow);
  /** In a transaction over both stores, which begins when every earlier one has ended. */
  const writeDown = async (count: number): Promise<boolean> => {
    const { db } = persistence;
    if (db === null) return false;
    const isWhole = isIncomplete;
    isIncomplete = false;
    try {
      const transaction = db.transaction([UPDATES, CUSTOM], 'readwrite');
      if (isWhole) transaction.objectStore(UPDATES).add(encodeStateAsUpdate(doc));
      transaction.objectStore(CUSTOM).put(count, 'unsaved');
      // A window that goes would take with it what it had not yet committed.
      transaction.commit();
      await completed(transaction);
      written = count;
    } catch {
      // The disk is full, or the browser wants its room back: the caller is told.
      isIncomplete = true;
    }
    return !isIncomplete;
  };
  const stop = () => {
    isOver = true;
    clearTimeout(timer);
    globalThis.removeEventListener?.('pagehide', writeNow);
  };
  return {
    unsaved,
    epoch: epoch ?? null,
    setUnsaved(count, onKept) {
      if (isOver) return;
      wanted = { count, onKept };
      timer ??= setTimeout(writeNow, COUNT_AFTER);
    },
    setEpoch(epoch) {
      if (!isOver) void persistence.set('epoch', epoch);
    },
    async clear() {
      stop();
      wanted = null;
      await writing;
      const { db } = persistence;
      if (db !== null) {
        // Deleting the database would wait for other tabs, and whoever opens it next would wait behind.
        const transaction = db.transaction([UPDATES, CUSTOM], 'readwrite');
        await Promise.all([UPDATES, CUSTOM].map((store) => answer(transaction.objectStore(store).clear())));
      }
      await persistence.destroy();
    },
    async destroy() {
      stop();
      writeNow();
      await writing;
      await persistence.destroy();
    },
  };
}

async function copiesOf(userId: string): Promise<{ name: string; reportId: string }[]> {
  const prefix = nameOf(userId, '');
  const names = (await databaseNames()).filter((name) => name.startsWith(prefix));
  return names.map((name) => ({ name, reportId: name.slice(prefix.length) }));
}

/** The reports of which this browser holds a person's changes or comments that no server has. Ask before signing out. */
export async function unsavedReports(userId: string): Promise<{ reportId: string; unsaved: number }[]> {
  const found: { reportId: string; unsaved: number }[] = [];
  for (const { name, reportId } of await copiesOf(userId)) {
    const db = await openDatabase(name);
    if (db === null) continue;
    if (db.objectStoreNames.contains(CUSTOM)) {
      const unsaved = Number((await answer(db.transaction(CUSTOM).objectStore(CUSTOM).get('unsaved'))) ?? 0);
      if (unsaved > 0) found.push({ reportId, unsaved });
    }
    db.close();
  }
  for (const { reportId } of await listCommands(userId)) {
    const known = found.find((one) => one.reportId === reportId);
    if (known) known.unsaved += 1;
    else found.push({ reportId, unsaved: 1 });
  }
  return found;
}

/** Forgets all that this browser keeps of a person: office computers are shared. */
export async function clearLocal(userId: string): Promise<void> {
  for (const { name } of await copiesOf(userId)) {
    await deleteDatabase(name);
    await forget(name);
  }
  await removeRescuedOf(userId);
  await forgetCommandsOf(userId);
}
