/** Text that the server did not take: kept in this browser until its author has copied or thrown it away. */
import * as Y from 'yjs';
import { CONTENT_FRAGMENT } from '#lib/report/model.ts';
import type { NackCode } from './protocol.ts';
import { answer, openDatabase } from './databases.ts';

export interface Rescued {
  id: number;
  userId: string;
  reportId: string;
  /** Why it was refused. */
  code: NackCode;
  /** ISO 8601, UTC. */
  at: string;
  /** The text block by block, empty ones left out. */
  passages: string[];
}

const DATABASE = 'huigao-rescue';
const STORE = 'passages';

async function open(): Promise<IDBDatabase | null> {
  return openDatabase(DATABASE, (db) => db.createObjectStore(STORE, { keyPath: 'id', autoIncrement: true }));
}

/** The text of each top-level block of a doc, empty ones left out. */
export function passagesOf(doc: Y.Doc): string[] {
  return doc
    .getXmlFragment(CONTENT_FRAGMENT)
    .toArray()
    .map(textOf)
    .filter((text) => text.trim() !== '');
}

function textOf(node: unknown): string {
  if (node instanceof Y.XmlText) {
    const delta = node.toDelta() as { insert: unknown }[];
    return delta.map(({ insert }) => (typeof insert === 'string' ? insert : '')).join('');
  }
  if (!(node instanceof Y.XmlElement)) return '';
  const separator = node.nodeName === 'tableRow' ? '\t' : node.nodeName === 'paragraph' ? '' : '\n';
  return node.toArray().map(textOf).join(separator);
}

/** Keeps passages. Answers their id; null where the browser cannot keep anything. */
export async function rescue(refused: Omit<Rescued, 'id'>): Promise<number | null> {
  const db = await open();
  if (db === null) return null;
  const key = await answer(db.transaction(STORE, 'readwrite').objectStore(STORE).add(refused));
  db.close();
  return Number(key);
}

/** What is kept of a person, or of a report of theirs, oldest first. */
export async function listRescued(userId: string, reportId?: string): Promise<Rescued[]> {
  const db = await open();
  if (db === null) return [];
  const all = (await answer(db.transaction(STORE).objectStore(STORE).getAll())) as Rescued[];
  db.close();
  return all.filter((one) => one.userId === userId && (reportId === undefined || one.reportId === reportId));
}

export async function removeRescued(id: number): Promise<void> {
  const db = await open();
  if (db === null) return;
  await answer(db.transaction(STORE, 'readwrite').objectStore(STORE).delete(id));
  db.close();
}

/**
 * Leaves of what is kept only the passages that the doc, which is now the server's, does not have word
 * for word; and nothing when it has them all.
 */
export async function narrowRescued(id: number, doc: Y.Doc): Promise<void> {
  const db = await open();
  if (db === null) return;
  const store = db.transaction(STORE, 'readwrite').objectStore(STORE);
  const kept = (await answer(store.get(id))) as Rescued | undefined;
  if (kept !== undefined) {
    const there = new Set(passagesOf(doc));
    const passages = kept.passages.filter((text) => !there.has(text));
    if (passages.length > 0) await answer(store.put({ ...kept, passages }));
    else await answer(store.delete(id));
  }
  db.close();
}

/** Forgets all that is kept of a person. */
export async function removeRescuedOf(userId: string): Promise<void> {
  for (const { id } of await listRescued(userId)) await removeRescued(id);
}
