/** A workspace whose report has been written in for a while: rows, snapshots, authors and a picture. */
import SqliteDatabase from 'better-sqlite3';
import { copyFile, cp, mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as Y from 'yjs';
import { CONTENT_FRAGMENT } from '#lib/report/model.ts';
import { readTitle } from '#lib/report/title.ts';
import { png } from '../pictures/testing.ts';
import { openCounty, PEOPLE, type County } from '../reports/testing.ts';
import { sha256 } from '../store/digest.ts';
import { docOf } from '../store/snapshot.ts';
import { CommittedDoc } from '../sync/committed.ts';
import { paragraph, REPORT, writeReport } from '../sync/testing.ts';

const AT = '2024-03-01T09:00:00.000Z';

export interface Office extends County {
  docId: string;
  /** The report as its writers have it. */
  doc: Y.Doc;
  /** Has what is derived written, and the log compacted. */
  compact(): Promise<void>;
  /** Chen writes a paragraph, and it is committed. */
  write(text: string): Promise<void>;
}

/** A copy of a workspace's data, to be damaged. */
export interface Spoilable {
  dir: string;
  file: string;
  pictures: string;
  /** Changes the database by hand. */
  spoil(sql: string, ...params: unknown[]): void;
  read(sql: string): unknown[];
}

export async function spoilable({ dir: from, store }: County): Promise<Spoilable> {
  await store.connection.request({ op: 'query', sql: 'PRAGMA wal_checkpoint(TRUNCATE)', params: [] });
  const dir = await mkdtemp(join(tmpdir(), 'huigao-spoilt-'));
  const file = join(dir, 'huigao.db');
  await copyFile(join(from, 'huigao.db'), file);
  await cp(join(from, 'pictures'), join(dir, 'pictures'), { recursive: true });
  const using = <T>(use: (db: SqliteDatabase.Database) => T): T => {
    const db = new SqliteDatabase(file);
    db.pragma('foreign_keys = OFF');
    try {
      return use(db);
    } finally {
      db.close();
    }
  };
  return {
    dir,
    file,
    pictures: join(dir, 'pictures'),
    spoil: (sql, ...params) =>
      using((db) => {
        if (db.prepare(sql).run(...params).changes === 0) throw new Error(`changes nothing: ${sql}`);
      }),
    read: (sql) => using((db) => db.prepare(sql).all()),
  };
}

/** Three snapshots of which two are kept, three rows after the last, one picture, and an article of two revisions. */
export async function openOffice(): Promise<Office> {
  const county = await openCounty();
  const { store } = county;
  await writeReport(county, new Date(AT));
  await store.db.insertInto('setting').values({ key: 'workspace.name', value: '云禾县' }).execute();
  const office = await furnish(county);
  for (const part of ['一', '二', '三']) {
    for (let line = 1; line <= 3; line++) await office.write(`${part}之${line}`);
    await office.compact();
  }
  for (const text of ['甲', '乙', '丙']) await office.write(text);
  await keepPicture(office, 'picture000000001', png());
  await keepArticle(office);
  return office;
}

/** The report as an article that was published twice. */
async function keepArticle({ store: { db } }: County): Promise<void> {
  const number = 100_001;
  const article = { number, reportId: REPORT, departmentId: null, revision: 2, date: '2024-03-01' };
  await db
    .insertInto('article')
    .values({ ...article, isWithdrawn: 0, changedAt: AT })
    .execute();
  for (const revision of [1, 2]) {
    const bytes = new TextEncoder().encode(`第${revision}版`);
    const texts = {
      title: '春耕',
      byline: '陈晓',
      department: '水务局',
      date: article.date,
      description: '',
    };
    const facts = { words: 3, minutes: 1, contentSeq: 1, contentHash: sha256(bytes), figures: '[]' };
    const act = { correction: '', findings: '{}', reason: null, publishedBy: PEOPLE.pub.userId };
    await db
      .insertInto('publication')
      .values({ number, revision, ...texts, ...facts, ...act, publishedAt: AT, key: `key-${revision}` })
      .execute();
    const rendering = {
      number,
      revision,
      format: 'fragment',
      mime: 'text/html',
      sha256: sha256(bytes),
      bytes,
    };
    await db.insertInto('rendering').values(rendering).execute();
  }
  await db.insertInto('articleText').values({ rowid: number, words: '春耕' }).execute();
  await db.updateTable('report').set({ status: 'published' }).where('id', '=', REPORT).execute();
}

async function furnish(county: County): Promise<Office> {
  const { store } = county;
  const load = async () => {
    const stored = await store.docs.load(REPORT, 'content');
    if (stored === null) throw new Error('the report is not there');
    return stored;
  };
  const stored = await load();
  const doc = docOf(
    null,
    stored.rows.map(({ bytes }) => bytes),
  );
  let hasClaimed = false;
  return {
    ...county,
    docId: stored.id,
    doc,
    async compact() {
      const now = await load();
      const committed = new CommittedDoc(now);
      const authorship = committed.authorship?.takeChanges() ?? { runs: [], pool: null };
      const title = readTitle(committed.doc);
      await store.docs.project(stored.id, { seq: now.headSeq, title, authorship });
      await store.docs.compact(stored.id, AT);
    },
    async write(text) {
      const before = Y.encodeStateVector(doc);
      doc.getXmlFragment(CONTENT_FRAGMENT).push([paragraph(text)]);
      const bytes = Y.encodeStateAsUpdate(doc, before);
      const updates = [{ userId: PEOPLE.chen.userId, bytes, claims: hasClaimed ? [] : [doc.clientID] }];
      hasClaimed = true;
      const { epoch, accessEpoch } = stored;
      const [done] = await store.docs.commit([{ docId: stored.id, epoch, accessEpoch, at: AT, updates }]);
      if (done?.state !== 'committed') throw new Error(`not committed: ${done?.state}`);
    },
  };
}

/** Gives the report a picture. */
export async function keepPicture({ store, dir }: County, id: string, bytes: Buffer): Promise<string> {
  const key = sha256(bytes);
  const folder = join(dir, 'pictures', key.slice(0, 2));
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, key), bytes);
  const picture = { id, reportId: REPORT, type: 'image/png', bytes: bytes.length, width: 6, height: 4 };
  await store.db
    .insertInto('picture')
    .values({ ...picture, sha256: key, createdBy: PEOPLE.chen.userId, createdAt: AT })
    .execute();
  return key;
}
