/** A small county for tests of reports: a real store in a directory of its own, three departments, seven people. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import * as Y from 'yjs';
import { readContent } from '#lib/report/ydoc.ts';
import { createEvents, type Events } from '../events.ts';
import { PEOPLE } from '../testing-people.ts';
import { openSqliteStore, type Store } from '../store/store.ts';

const NOW = '2024-03-01T08:00:00.000Z';

export { PEOPLE };

export interface County {
  /** Another one when the database was restored. */
  store: Store;
  events: Events;
  dir: string;
  close(): Promise<void>;
}

export async function openCounty(): Promise<County> {
  const dir = await mkdtemp(join(tmpdir(), 'huigao-reports-'));
  const store = await openSqliteStore(join(dir, 'huigao.db'));
  await store.db
    .insertInto('department')
    .values([
      { id: 'water', name: '水务局', hue: 1, createdAt: NOW },
      { id: 'stats', name: '统计局', hue: 2, createdAt: NOW },
      { id: 'press', name: '宣传部', hue: 0, createdAt: NOW },
    ])
    .execute();
  await store.db
    .insertInto('user')
    .values(
      Object.values(PEOPLE).map((actor) => ({
        id: actor.userId,
        name: actor.name,
        email: `${actor.userId}@example.invalid`,
        emailVerified: 0 as const,
        image: null,
        createdAt: NOW,
        updatedAt: NOW,
        username: actor.userId,
        displayUsername: null,
        role: actor.role,
        departmentId: actor.departmentId,
        disabled: 0 as const,
      })),
    )
    .execute();
  const county: County = {
    store,
    events: createEvents(store.db, pino({ level: 'silent' }), () => new Date(NOW)),
    dir,
    async close() {
      await county.store.close();
      await rm(dir, { recursive: true, force: true });
    },
  };
  return county;
}

/** The content that a report's log adds up to, read from the rows as they are on disk. */
export async function storedContent(store: Store, reportId: string): Promise<unknown> {
  const rows = await store.db
    .selectFrom('docUpdate')
    .innerJoin('doc', 'doc.number', 'docUpdate.docNumber')
    .select('docUpdate.bytes')
    .where('doc.reportId', '=', reportId)
    .where('doc.kind', '=', 'content')
    .orderBy('docUpdate.seq')
    .execute();
  const doc = new Y.Doc();
  for (const { bytes } of rows) Y.applyUpdate(doc, bytes);
  return readContent(doc);
}
