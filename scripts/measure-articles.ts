/**
 * How long readers wait for the reading site's queries when 5,000 articles of 2,600 characters are published, in
 * milliseconds; the database answers nobody else meanwhile.
 */
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openArticles, type ArticleQuery } from '../server/publications/articles.ts';
import { indexedWords } from '../server/publications/words.ts';
import { openSqliteStore } from '../server/store/store.ts';

const ARTICLES = 5_000;
const CHARACTERS = 2_600;
const RUNS = 21;
const AT = '2024-03-01T08:00:00.000Z';
/** So many characters are written with; a few of them are half of any text. */
const ALPHABET = Array.from({ length: 3_000 }, (_, index) => String.fromCharCode(0x4e00 + index * 6));

let seed = 7;
const random = () => (seed = (seed * 48_271) % 2_147_483_647) / 2_147_483_647;
const character = () => ALPHABET[Math.floor(random() ** 3 * ALPHABET.length)] ?? '';
const sentence = () => `${Array.from({ length: 25 }, character).join('')}，`;
const text = () => Array.from({ length: CHARACTERS / 26 }, sentence).join('');

const dir = await mkdtemp(join(tmpdir(), 'huigao-articles-'));
const file = join(dir, 'huigao.db');
const store = await openSqliteStore(file);
const { db } = store;
const user = {
  id: 'pub',
  name: '发布人',
  email: 'pub@example.invalid',
  emailVerified: 0,
  image: null,
} as const;
const account = { username: 'pub', displayUsername: null, role: 'publisher', departmentId: null } as const;
await db
  .insertInto('user')
  .values({ ...user, ...account, createdAt: AT, updatedAt: AT, disabled: 0 })
  .execute();

const begun = performance.now();
let sample = '';
for (let from = 0; from < ARTICLES; from += 100) {
  await db.transaction().execute(async (tx) => {
    for (let index = from; index < from + 100; index++) {
      const number = 100_001 + index;
      const body = text();
      sample = body.slice(300, 302);
      const date = `20${10 + (index % 14)}-${String(1 + (index % 12)).padStart(2, '0')}-01`;
      const row = { number, revision: 1 };
      await tx
        .insertInto('article')
        .values({ ...row, reportId: null, departmentId: null, date, isWithdrawn: 0, changedAt: AT })
        .execute();
      const said = {
        title: body.slice(0, 20),
        byline: '',
        department: '',
        date,
        description: body.slice(0, 120),
      };
      const facts = { words: CHARACTERS, minutes: 9, contentSeq: 1, contentHash: '', figures: '[]' };
      const act = { correction: '', findings: '{}', reason: null, publishedBy: 'pub', publishedAt: AT };
      await tx
        .insertInto('publication')
        .values({ ...row, ...said, ...facts, ...act, key: `key-${index}` })
        .execute();
      const bytes = new TextEncoder().encode(`<p>${body}</p>`);
      const rendering = { ...row, format: 'fragment', mime: 'text/html', sha256: '', bytes };
      await tx.insertInto('rendering').values(rendering).execute();
      await tx
        .insertInto('articleText')
        .values({ rowid: number, words: indexedWords(body) })
        .execute();
    }
  });
}
const each = (performance.now() - begun) / ARTICLES;
const bytes = (await stat(file)).size;
process.stdout.write(
  `publishing, index and rows: ${each.toFixed(2)} ms an article; the database has ${(bytes / 1e6).toFixed(0)} MB\n`,
);

const articles = openArticles(db);
async function measure(what: string, work: () => Promise<unknown>): Promise<void> {
  const spent: number[] = [];
  for (let run = 0; run < RUNS; run++) {
    const start = performance.now();
    await work();
    spent.push(performance.now() - start);
  }
  const [median = 0, worst = 0] = [spent.toSorted((a, b) => a - b)[(RUNS - 1) / 2], Math.max(...spent)];
  process.stdout.write(`${what}: median ${median.toFixed(1)}, most ${worst.toFixed(1)}\n`);
}
const found = async (query: ArticleQuery) => `${(await articles.list(query)).total} articles`;
const common = ALPHABET.slice(0, 2).join('');
for (const [what, query] of [
  ['the first page', {}],
  ['the last page', { page: 250 }],
  ['a month', { month: '2012-05' }],
  ['two characters', { query: sample }],
  ['two of the most common characters', { query: common }],
  ['one of the most common characters', { query: common.slice(0, 1) }],
  ['words that are nowhere', { query: '龘龘龘' }],
] satisfies [string, ArticleQuery][]) {
  await measure(`${what} (${await found(query)})`, () => articles.list(query));
}
await measure('an article with its neighbours', () => articles.find(102_500));
await measure('whether anything has changed', () => articles.lastChanged());
await measure('months and departments', () => articles.shelves());
await store.close();
await rm(dir, { recursive: true });
