import SqliteDatabase from 'better-sqlite3';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import * as Y from 'yjs';
import { CONTENT_FRAGMENT } from '#lib/report/model.ts';
import { png } from '../pictures/testing.ts';
import { sha256 } from '../store/digest.ts';
import { docOf, takeSnapshot } from '../store/snapshot.ts';
import { paragraph } from '../sync/testing.ts';
import { checkHoldings } from './check.ts';
import { holdingsOf, openForReading } from './database.ts';
import { checkDocument } from './document.ts';
import type { DocHead, HeldRow, HeldSnapshot } from './holdings.ts';
import { openOffice, spoilable, type Office, type Spoilable } from './testing.ts';

const EMPTY: DocHead = {
  id: 'doc',
  reportId: 'report',
  kind: 'review',
  headSeq: 0,
  snapSeq: 0,
  logBytes: 0,
  snapBytes: 0,
  projections: new Map(),
  pool: null,
};

let source: Office;
let office: Spoilable;
beforeAll(async () => {
  source = await openOffice();
});
afterAll(() => source.close());
beforeEach(async () => {
  office = await spoilable(source);
});
afterEach(() => rm(office.dir, { recursive: true }));

async function check() {
  const db = openForReading(office.file);
  try {
    return await checkHoldings(holdingsOf(db, office.pictures));
  } finally {
    db.close();
  }
}
/** What the check finds, as short as it can be said. */
async function faults(): Promise<string[]> {
  return (await check()).faults.map(({ about, fault, detail }) => `${about} ${fault} ${detail}`);
}
const spoil = (sql: string, ...params: unknown[]) => office.spoil(sql, ...params);
const snapshots = () => office.read('SELECT seq, bytes FROM docSnapshot ORDER BY seq') as SnapshotRow[];
const newestSnapshot = () => snapshots().at(-1)?.seq ?? 0;
interface SnapshotRow {
  seq: number;
  bytes: Buffer;
}

test('a workspace that people wrote in has no faults, and all of it is gone through', async () => {
  const { faults: found, ...counts } = await check();
  expect(found).toEqual([]);
  expect(counts).toEqual({
    people: 7,
    reports: 1,
    documents: 2,
    rows: 6,
    snapshots: 2,
    articles: 1,
    pictures: 1,
  });
});

test('a byte that changed in a snapshot is found and named', async () => {
  const { seq, bytes } = snapshots().at(-1) as SnapshotRow;
  bytes[bytes.length >> 1] = (bytes[bytes.length >> 1] ?? 0) ^ 1;
  spoil('UPDATE docSnapshot SET bytes = ? WHERE seq = ?', bytes, seq);
  expect(await faults()).toEqual([`document digest snapshot ${seq}`]);
});

test('a snapshot that is another document under a digest of its own is found', async () => {
  const seq = newestSnapshot();
  const other = new Y.Doc();
  other.getXmlFragment(CONTENT_FRAGMENT).push([paragraph('别的')]);
  const bytes = Buffer.from(Y.encodeStateAsUpdate(other));
  spoil('UPDATE docSnapshot SET bytes = ?, sha256 = ? WHERE seq = ?', bytes, sha256(bytes), seq);
  expect(await faults()).toContain(`document snapshotDiffers snapshot ${seq}`);
});

test('a missing row is found wherever it was', async () => {
  const head = newestSnapshot() + 3;
  spoil('DELETE FROM docUpdate WHERE seq = ?', head - 1);
  expect(await faults()).toEqual([
    `document gap rows ${head - 1}–${head - 1}`,
    expect.stringMatching(/^document sizes \d+ bytes of log/),
    expect.stringMatching(/^document unloadable from/),
  ]);
  await rm(office.dir, { recursive: true });
  office = await spoilable(source);
  // Needed only should the newest snapshot be unreadable one day.
  const older = snapshots().at(-2)?.seq ?? 0;
  spoil('DELETE FROM docUpdate WHERE seq = ?', older + 1);
  expect(await faults()).toEqual([`document gap rows ${older + 1}–${older + 1}`]);
  spoil('DELETE FROM docUpdate WHERE seq > ?', head - 1);
  expect((await faults()).filter((line) => line.includes('gap'))).toEqual([
    `document gap rows ${older + 1}–${older + 1}`,
    `document gap rows ${head}–${head}`,
  ]);
});

test('a row that is no update, and one that builds on what is not there', async () => {
  const head = newestSnapshot() + 3;
  spoil('UPDATE docUpdate SET bytes = substr(bytes, 1, length(bytes) - 2) WHERE seq = ?', head);
  expect(await faults()).toContain(`document undecodable row ${head}`);
  const lost = new Y.Doc();
  lost.getXmlFragment(CONTENT_FRAGMENT).push([paragraph('先')]);
  const before = Y.encodeStateVector(lost);
  lost.getXmlFragment(CONTENT_FRAGMENT).push([paragraph('后')]);
  const bytes = Buffer.from(Y.encodeStateAsUpdate(lost, before));
  spoil('UPDATE docUpdate SET bytes = ? WHERE seq = ?', bytes, head);
  expect(await faults()).toContain(`document pending at ${head}`);
});

test('what is derived and ahead of the text, or not what the text says', async () => {
  spoil(`UPDATE report SET title = '另一个标题'`);
  expect(await faults()).toEqual([expect.stringMatching(/^document title at \d+$/)]);
  spoil('UPDATE report SET titleSeq = 999');
  spoil('UPDATE docProjection SET seq = 999');
  const head = newestSnapshot() + 3;
  expect(await faults()).toEqual([
    `document projectionAhead title 999, head ${head}`,
    `document projectionAhead authorship 999, head ${head}`,
  ]);
});

test('owners and authors that cannot be', async () => {
  const { docId } = source;
  const client = source.doc.clientID;
  const owner = 'INSERT INTO clientOwner (docId, clientId, userId, firstSeq) VALUES (?, ?, ?, ?)';
  spoil(owner, docId, 5, 'chen', 2);
  spoil('UPDATE clientOwner SET firstSeq = 999 WHERE clientId = ?', client);
  spoil('UPDATE authorshipRun SET length = 9999 WHERE client = ?', client);
  expect(await faults()).toEqual([
    'document owner client 5',
    `document owner client ${client}`,
    `document author client ${client}`,
  ]);
});

test('a picture that is lost, cut short or altered is named', async () => {
  const key = sha256(png());
  const file = join(office.pictures, key.slice(0, 2), key);
  await writeFile(file, png().subarray(1));
  expect(await faults()).toEqual([`picture altered ${key}`]);
  await rm(file);
  expect(await faults()).toEqual([`picture missing ${key}`]);
  await writeFile(file, png());
  spoil('UPDATE picture SET bytes = bytes + 1');
  expect(await faults()).toEqual([`picture altered ${key}`]);
});

test('an article whose bytes, revisions, index or report are not as it was published', async () => {
  const db = new SqliteDatabase(office.file);
  // Nobody gets past these but by hand.
  db.exec('DROP TRIGGER rendering_stays; DROP TRIGGER publication_keeps');
  db.close();
  spoil(`UPDATE rendering SET bytes = x'00' WHERE revision = 1`);
  const laidOpen = Array.from({ length: 2 }, () => 'database schema ');
  expect(await faults()).toEqual([...laidOpen, 'article rendering 1 fragment']);
  spoil(`UPDATE article SET isWithdrawn = 1, date = '2024-03-02'`);
  spoil(`UPDATE rendering SET format = 'text' WHERE revision = 2`);
  spoil('DELETE FROM publication WHERE revision = 1');
  expect(await faults()).toEqual([
    ...laidOpen,
    expect.stringMatching(/^database reference /),
    'article article revision 2 of 1',
    'article article withdrawal',
    'article article index',
    'article article report published',
    'article rendering 1 fragment',
    'article rendering 2 fragment',
  ]);
});

test('references to what is not there, and a report without its document', async () => {
  spoil(`DELETE FROM doc WHERE kind = 'review'`);
  spoil(`DELETE FROM department WHERE id = 'water'`);
  expect(await faults()).toEqual([
    expect.stringMatching(/^database reference [1-9]/),
    expect.stringMatching(/^database reference [1-9]/),
    'report noDocument review',
  ]);
});

test('damage that SQLite finds is told with its code, and the rest is still gone through', async () => {
  const [table] = office.read(`SELECT rootpage FROM sqlite_schema WHERE name = 'docSnapshot'`);
  const start = ((table as { rootpage: number }).rootpage - 1) * 4096;
  const bytes = await readFile(office.file);
  await writeFile(office.file, bytes.fill(0xff, start, start + 100));
  const { faults: found, pictures } = await check();
  expect(found).toContainEqual(expect.objectContaining({ about: 'database', fault: 'damaged' }));
  expect(found).toContainEqual(expect.objectContaining({ about: 'document', fault: 'damaged' }));
  expect(pictures).toBe(1);
});

test('however people edit and whenever the log is compacted, there is nothing to find', () => {
  const step = fc.record({
    who: fc.nat(2),
    what: fc.constantFrom('write', 'delete', 'format', 'split', 'share', 'commit', 'compact'),
    at: fc.nat(),
  });
  fc.assert(
    fc.property(fc.array(step, { minLength: 20, maxLength: 80 }), (steps) => {
      const docs = [0, 1, 2].map(() => new Y.Doc());
      const kept = new Kept();
      for (const { who, what, at } of steps) {
        const doc = docs[who] as Y.Doc;
        if (what === 'share') Y.applyUpdate(doc, Y.encodeStateAsUpdate(kept.doc));
        else if (what === 'commit') kept.commit(doc);
        else if (what === 'compact') kept.compact();
        else edit(doc, what, at);
      }
      for (const doc of docs) kept.commit(doc);
      expect(checkDocument(kept, new Set(['chen']))).toEqual([]);
    }),
    { numRuns: 100 },
  );
});

/** A document as the store keeps one: a log, and snapshots that replace all of it but the last part. */
class Kept {
  readonly figures = [];
  readonly doc = docOf(null, []);
  rows: HeldRow[] = [];
  snapshots: HeldSnapshot[] = [];
  readonly owners = [];
  readonly runs = [];
  #headSeq = 0;

  get head(): DocHead {
    const { seq = 0, bytes = new Uint8Array() } = this.snapshots.at(-1) ?? {};
    return {
      ...EMPTY,
      kind: 'content',
      headSeq: this.#headSeq,
      snapSeq: seq,
      snapBytes: bytes.length,
      logBytes: this.#after(seq).reduce((sum, row) => sum + row.bytes.length, 0),
      projections: new Map([['authorship', this.#headSeq]]),
    };
  }
  get title() {
    return { text: '', seq: this.#headSeq };
  }
  #after(seq: number): HeldRow[] {
    return this.rows.filter((row) => row.seq > seq);
  }
  commit(from: Y.Doc): void {
    const bytes = Y.encodeStateAsUpdate(from, Y.encodeStateVector(this.doc));
    Y.applyUpdate(this.doc, bytes);
    this.rows.push({ seq: ++this.#headSeq, userId: 'chen', bytes });
  }
  compact(): void {
    const base = this.snapshots.at(-1);
    const rows = this.#after(base?.seq ?? 0).map(({ bytes }) => bytes);
    this.snapshots.push({ seq: this.#headSeq, ...takeSnapshot(base?.bytes ?? null, rows) });
    this.snapshots = this.snapshots.slice(-2);
    if (this.snapshots.length === 2) this.rows = this.#after(this.snapshots[0]?.seq ?? 0);
  }
}

function edit(doc: Y.Doc, what: 'write' | 'delete' | 'format' | 'split', at: number): void {
  const content = doc.getXmlFragment(CONTENT_FRAGMENT);
  const index = content.length === 0 ? 0 : at % content.length;
  const text = (content.toArray()[index] as Y.XmlElement | undefined)?.get(0) as Y.XmlText | undefined;
  doc.transact(() => {
    if (what === 'split' || text === undefined || text.length === 0) {
      content.insert(index, [paragraph(`段${at % 10}`)]);
    } else if (what === 'write') text.insert(at % text.length, '字');
    else if (what === 'format') text.format(0, 1 + (at % text.length), { bold: at % 2 === 0 ? true : null });
    else if (at % 3 === 0) content.delete(index, 1);
    else text.delete(at % text.length, 1);
  });
}

test('the core asks for nothing but what is stored', () => {
  const empty = { title: null, rows: [], snapshots: [], owners: [], runs: [], figures: [] };
  expect(checkDocument({ head: { ...EMPTY, headSeq: 1 }, ...empty }, new Set())).toEqual([
    { fault: 'gap', detail: 'rows 1–1' },
    { fault: 'unloadable', detail: 'from 0' },
  ]);
  expect(checkDocument({ head: EMPTY, ...empty }, new Set())).toEqual([]);
});
