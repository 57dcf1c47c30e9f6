/** A small county for tests of reports: a real store in a directory of its own, three departments, seven people. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import * as Y from 'yjs';
import { CONTENT_FRAGMENT } from '#lib/report/model.ts';
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

/** What must be in no format of a report that {@link writeHostile} was written into. */
export const HOSTILE = /alert\(|srcdoc|onclick|onerror|javascript:|vbscript:|blink|xxxxx/i;

/** Writes into a document what no editor of ours does; its words are 甲, 乙, 丙 and 丁. */
export function writeHostile(doc: Y.Doc): void {
  const fragment = doc.getXmlFragment(CONTENT_FRAGMENT);
  const frame = new Y.XmlElement('iframe');
  frame.setAttribute('srcdoc', '<script>alert(1)</script>');
  const paragraph = new Y.XmlElement('paragraph');
  paragraph.setAttribute('style', '"><script>alert(2)</script>');
  paragraph.setAttribute('onclick', 'x'.repeat(2 * 1024 * 1024));
  const text = new Y.XmlText();
  text.insert(0, '甲', { link: { href: 'javascript:alert(3)' } });
  text.insert(1, '乙', { evil: { onload: 'alert(4)' } });
  text.insert(2, '丁', { link: { href: 'vbscript:alert(5)', onclick: 'alert(6)' } });
  paragraph.insert(0, [text]);
  const unknown = new Y.XmlElement('blink');
  unknown.insert(0, [new Y.XmlText('丙')]);
  const picture = new Y.XmlElement('picture');
  picture.setAttribute('id', '"onerror="alert(7)');
  fragment.push([frame, paragraph, unknown, picture]);
  let deep = new Y.XmlElement('paragraph');
  fragment.push([deep]);
  for (let depth = 0; depth < 3_000; depth += 1) {
    const inner = new Y.XmlElement('x');
    deep.insert(0, [inner]);
    deep = inner;
  }
}
