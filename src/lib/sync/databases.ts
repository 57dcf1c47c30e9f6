/** IndexedDB, as far as y-indexeddb leaves it to us. */

/** What a request answers. Rejects with the request's error. */
export function answer<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.addEventListener('success', () => resolve(request.result));
    request.addEventListener('error', () => reject(failure(request)));
  });
}

/** Resolves when a transaction is written. Rejects with its error when nothing of it is. */
export function completed(transaction: IDBTransaction): Promise<void> {
  return new Promise((resolve, reject) => {
    transaction.addEventListener('complete', () => resolve());
    transaction.addEventListener('abort', () => reject(failure(transaction)));
  });
}

function failure(request: IDBRequest | IDBTransaction): Error {
  return request.error ?? new Error('IndexedDB gave no reason');
}

/** Opens a database, creating the stores it lacks. Null where the browser has none, or refuses. */
export async function openDatabase(
  name: string,
  create: (db: IDBDatabase) => void = () => {},
): Promise<IDBDatabase | null> {
  if (typeof indexedDB === 'undefined') return null;
  try {
    const request = indexedDB.open(name);
    request.addEventListener('upgradeneeded', () => create(request.result));
    const db = await answer(request);
    // Another tab wants to delete it: do not stand in its way.
    db.addEventListener('versionchange', () => db.close());
    return db;
  } catch {
    // A private window or a full disk: the caller does without.
    return null;
  }
}

/** Resolves also when another tab still holds the database: it goes when that tab lets go. */
export function deleteDatabase(name: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const request = indexedDB.deleteDatabase(name);
    request.addEventListener('success', () => resolve());
    request.addEventListener('blocked', () => resolve());
    request.addEventListener('error', () => reject(failure(request)));
  });
}

const NAMES = 'huigao-databases';
const STORE = 'names';

/** Some browsers cannot say which databases there are: for them we keep a list. */
const canList = () => typeof indexedDB !== 'undefined' && typeof indexedDB.databases === 'function';

async function withNames<T>(
  mode: IDBTransactionMode,
  use: (names: IDBObjectStore) => Promise<T>,
): Promise<T | null> {
  const db = await openDatabase(NAMES, (created) => created.createObjectStore(STORE));
  if (db === null) return null;
  const result = await use(db.transaction(STORE, mode).objectStore(STORE));
  db.close();
  return result;
}

/** The databases of this site, or, where the browser does not tell, those {@link remember}ed. */
export async function databaseNames(): Promise<string[]> {
  if (canList()) return (await indexedDB.databases()).flatMap(({ name }) => name ?? []);
  const names = await withNames('readonly', (store) => answer(store.getAllKeys()));
  return (names ?? []).map(String);
}

/** Keeps the name of a database for {@link databaseNames}, where that is needed. */
export async function remember(name: string): Promise<void> {
  if (!canList()) await withNames('readwrite', (store) => answer(store.put(true, name)));
}

/** The database is gone. */
export async function forget(name: string): Promise<void> {
  if (!canList()) await withNames('readwrite', (store) => answer(store.delete(name)));
}
