import SqliteDatabase from 'better-sqlite3';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { isStorageFull } from '#lib/http/storage.ts';
import { openSqliteStore, type Store } from './store.ts';
import { fillDisk } from './testing.ts';

let dir: string;
let store: Store;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'huigao-store-'));
  store = await openSqliteStore(join(dir, 'huigao.db'));
});
afterEach(() => rm(dir, { recursive: true, force: true }));

const insert = (db: Store['db'], key: string, value: string) =>
  db.insertInto('setting').values({ key, value }).execute();

test('a transaction that finds the disk full says so, leaves nothing, and others go on', async () => {
  const { db } = store;
  const empty = await fillDisk(store.connection);
  const error = await db
    .transaction()
    .execute(async (trx) => {
      await insert(trx, 'small', '小');
      await insert(trx, 'big', '满'.repeat(200_000));
    })
    .catch((reason: unknown) => reason);
  expect(isStorageFull(error)).toBe(true);
  expect(await db.selectFrom('setting').selectAll().execute()).toEqual([]);
  await empty();
  await db.transaction().execute((trx) => insert(trx, 'big', '满'.repeat(200_000)));
  await store.close();
});

test('a stop does not wait for someone who still reads', async () => {
  await insert(store.db, 'workspace.name', '云禾县');
  const reader = new SqliteDatabase(join(dir, 'huigao.db'), { readonly: true });
  const rows = reader.prepare('SELECT * FROM setting').iterate();
  rows.next();
  await store.close();
  rows.return?.();
  reader.close();
}, 4_000);

test('a database that is closed answers at once that it is', async () => {
  await store.close();
  await expect(insert(store.db, 'late', '晚了')).rejects.toThrow('the database is closed');
}, 4_000);
