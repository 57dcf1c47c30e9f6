/** Publishing, from outside: a whole app on a real store. */
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { FORMAT_TABLE, FORMATS } from '#lib/publish/formats.ts';
import { writeContent } from '#lib/report/ydoc.ts';
import { refuse } from '../outcome.ts';
import { newKey, valueOf } from '../review/testing.ts';
import { openPress, PICTURE, said, textOf, type Press } from './testing.ts';

let press: Press;
beforeAll(async () => {
  press = await openPress();
});
afterAll(() => press.close());

const rewrite = (id: string, title: string, ...lines: string[]) =>
  press.app.sync.edit(press.writer, id, (doc) => writeContent(doc, textOf(title, ...lines)));
const status = async (id: string) => valueOf(await press.app.reports.get(press.admin, id)).status;
/** Everything that readers have of an article. */
async function bytesOf(number: number): Promise<string> {
  const all = await Promise.all(FORMATS.map((format) => press.app.articles.rendered(number, format)));
  return JSON.stringify(all.map((one) => one && [one.mime, Buffer.from(one.bytes).toString('base64')]));
}

test('what is published has a number of six digits, and readers find it in every format', async () => {
  const id = await press.ready('全县水利工作综述');
  const { number, revision } = valueOf(await press.publish(id));
  expect([String(number).length, revision]).toEqual([6, 1]);
  expect(await status(id)).toBe('published');
  expect(await press.app.articles.find(number)).toMatchObject({
    state: 'published',
    number,
    title: '全县水利工作综述',
    byline: '林晓禾',
    department: '县教育局',
    date: '2024-03-01',
    minutes: 1,
    corrected: null,
    html: expect.stringContaining('全县落实水利工作部署'),
  });
  for (const format of FORMATS) {
    const rendered = await press.app.articles.rendered(number, format);
    expect(rendered && said(rendered.bytes)).toContain('全县落实水利工作部署');
    expect(rendered?.fileName).toContain('全县水利工作综述.');
    expect(rendered?.mime).toBe(FORMAT_TABLE[format].mime);
  }
  const next = valueOf(await press.publish(await press.ready('另一篇')));
  expect(next.number).toBe(number + 1);
});

test('only a publisher publishes and withdraws, and only what is ready', async () => {
  const { app, publisher, writer, admin } = press;
  const id = await press.ready('谁来发布');
  const command = await press.command(id);
  for (const actor of [writer, admin]) {
    expect(await app.publications.checklist(actor, id)).toEqual(refuse('forbidden'));
    expect(await app.publications.publish(actor, id, command)).toEqual(refuse('forbidden'));
  }
  valueOf(await app.reports.setStatus(writer, id, 'review'));
  expect(await app.publications.publish(publisher, id, command)).toEqual(refuse('not_found'));
  expect(await app.publications.revisions(publisher, id)).toEqual(refuse('not_found'));
  valueOf(await app.reports.setStatus(writer, id, 'ready'));
  const { number } = valueOf(await press.publish(id));
  for (const actor of [writer, admin]) {
    expect(await app.publications.withdraw(actor, number, { note: '不' })).toEqual(refuse('forbidden'));
  }
});

test('publishing again is a new revision of the same number, which says that it was corrected', async () => {
  const { app, publisher, writer } = press;
  const id = await press.ready('先有差错', '全县新建水库十二座。');
  const first = valueOf(await press.publish(id));
  await rewrite(id, '先有差错', '全县新建水库十三座。');
  const second = valueOf(await press.publish(id, { correction: '水库应为十三座。' }));
  expect(second).toEqual({ number: first.number, revision: 2 });
  expect(await app.articles.find(first.number)).toMatchObject({
    revision: 2,
    corrected: { note: '水库应为十三座。' },
    html: expect.stringContaining('十三座'),
  });
  expect(valueOf(await app.publications.revisions(writer, id))).toMatchObject([
    { revision: 2, correction: '水库应为十三座。', publishedBy: { name: publisher.name } },
    { revision: 1, correction: '', withdrawn: null },
  ]);
  const wasSaid = async (revision: number) =>
    new TextDecoder().decode(valueOf(await app.publications.rendered(writer, id, revision, 'text')).bytes);
  expect([await wasSaid(1), await wasSaid(2)]).toEqual([
    expect.stringContaining('十二座'),
    expect.stringContaining('十三座'),
  ]);
  expect(await app.publications.rendered(writer, id, 3, 'text')).toEqual(refuse('not_found'));
  expect(await app.publications.rendered(press.reviewer, id, 1, 'text')).toEqual(refuse('not_found'));
});

test('withdrawing leaves a note, and the report is ready again; publishing it brings the article back', async () => {
  const { app, publisher } = press;
  const id = await press.ready('将要撤回的');
  const { number } = valueOf(await press.publish(id));
  const found = async () => (await app.articles.list({ query: '将要撤回' })).total;
  expect(await found()).toBe(1);
  valueOf(await app.publications.withdraw(publisher, number, { note: '数据有误，核实后重新发布。' }));
  expect(await app.articles.find(number)).toMatchObject({
    state: 'withdrawn',
    title: '将要撤回的',
    note: '数据有误，核实后重新发布。',
  });
  expect(await app.articles.rendered(number, 'html')).toBeNull();
  expect(await found()).toBe(0);
  expect(await status(id)).toBe('ready');
  const again = { note: '再次' };
  expect(await app.publications.withdraw(publisher, number, again)).toEqual(refuse('conflict', 'withdrawn'));
  expect(await app.publications.withdraw(publisher, 1, again)).toEqual(refuse('not_found'));
  expect(valueOf(await press.publish(id))).toEqual({ number, revision: 2 });
  expect(await app.articles.find(number)).toMatchObject({ state: 'published', corrected: null });
  expect(await found()).toBe(1);
});

test('whose report it is hears that it was published and withdrawn', async () => {
  const { app, publisher, writer, reviewer } = press;
  const id = await press.ready('说给作者');
  const { number } = valueOf(await press.publish(id));
  valueOf(await app.publications.withdraw(publisher, number, { note: '撤回' }));
  const heard = async (who: typeof writer) => {
    const { notifications } = await app.notifications.list(who, { page: 1, unreadOnly: false });
    return notifications.filter(({ report }) => report.id === id).map(({ kind }) => kind);
  };
  expect(await heard(writer)).toEqual(['withdrawn', 'published']);
  expect(await heard(reviewer)).toEqual([]);
});

test('of two publishers at once one publishes, the other is told', async () => {
  const { app, publisher } = press;
  const id = await press.ready('两人同时');
  const [one, other] = [await press.command(id), await press.command(id)];
  const [won, lost] = await Promise.all(
    [one, other].map((command) => app.publications.publish(publisher, id, command)),
  );
  expect(won).toMatchObject({ ok: true });
  expect(lost).toEqual(refuse('conflict', 'published'));
  // Sent again, since its answer was lost on the way: it answers the same and does nothing.
  expect(await app.publications.publish(publisher, id, one)).toEqual(won);
  expect(valueOf(await app.publications.revisions(publisher, id))).toHaveLength(1);
});

test('what is another than the publisher saw is not published, and they are told what', async () => {
  const { app, publisher } = press;
  const id = await press.ready('看过之后改了');
  const command = await press.command(id);
  await rewrite(id, '看过之后改了', '换了一句话。');
  expect(await app.publications.publish(publisher, id, command)).toEqual(refuse('conflict', 'content'));
  const seen = await press.command(id);
  await app.store.db
    .insertInto('term')
    .values({
      id: 'term',
      name: '换了两句话',
      kind: 'slogan',
      definition: '',
      departmentId: null,
      note: '',
      updatedBy: press.admin.userId,
      updatedAt: '2024-03-01T08:00:00.000Z',
    })
    .execute();
  expect(await app.publications.publish(publisher, id, seen)).toEqual(refuse('conflict', 'checklist'));
  expect(await status(id)).toBe('ready');
});

test('what was published stays as it is, whatever becomes of the report and its pictures', async () => {
  const { app, writer } = press;
  const id = await press.ready('图片也在其中');
  const picture = valueOf(await app.pictures.upload(writer, id, PICTURE));
  const shown = { type: 'picture' as const, attrs: { id: picture.id, alt: '', caption: '水库' } };
  const { content = [] } = textOf('图片也在其中', '见图。');
  await app.sync.edit(writer, id, (doc) => writeContent(doc, { type: 'doc', content: [...content, shown] }));
  const { number } = valueOf(await press.publish(id));
  const before = await bytesOf(number);
  expect(Buffer.from(before).length).toBeGreaterThan(2 * PICTURE.length);
  await rewrite(id, '改得面目全非', '没有图了。');
  await app.store.db.deleteFrom('picture').where('reportId', '=', id).execute();
  valueOf(await app.reports.trash(writer, id));
  expect(await bytesOf(number)).toBe(before);
  // Nothing deletes a report yet; an article outlives that, too.
  const documents = sql`SELECT number FROM doc WHERE reportId = ${id}`;
  await sql`DELETE FROM docUpdate WHERE docNumber IN (${documents})`.execute(app.store.db);
  await app.store.db.deleteFrom('report').where('id', '=', id).execute();
  expect(await bytesOf(number)).toBe(before);
  expect(await app.articles.find(number)).toMatchObject({ title: '图片也在其中' });
  valueOf(await app.publications.withdraw(press.publisher, number, { note: '稿件已删除。' }));
});

test('no row of what was published can be changed, removed or replaced', async () => {
  const { db } = press.app.store;
  const { number } = valueOf(await press.publish(await press.ready('不可更改')));
  valueOf(await press.app.publications.withdraw(press.publisher, number, { note: '撤回' }));
  for (const table of ['publication', 'rendering', 'withdrawal']) {
    const refused = 'what was published is immutable';
    const of = sql.table(table);
    await expect(sql`UPDATE ${of} SET revision = 9`.execute(db)).rejects.toThrow(refused);
    await expect(sql`DELETE FROM ${of}`.execute(db)).rejects.toThrow(refused);
    await expect(sql`INSERT OR REPLACE INTO ${of} SELECT * FROM ${of}`.execute(db)).rejects.toThrow(refused);
  }
  await expect(db.deleteFrom('article').execute()).rejects.toThrow('given once');
});

test('a step that fails leaves nothing of a publication', async () => {
  const { app } = press;
  const { db } = app.store;
  const id = await press.ready('半途而废');
  const count = async () => {
    const rows = async (table: 'article' | 'publication' | 'rendering' | 'audit') =>
      (
        await db
          .selectFrom(table)
          .select(({ fn }) => fn.countAll<number>().as('n'))
          .executeTakeFirstOrThrow()
      ).n;
    return [await rows('article'), await rows('publication'), await rows('rendering'), await rows('audit')];
  };
  const before = await count();
  for (const table of ['publication', 'rendering', 'article', 'audit']) {
    await sql`CREATE TEMP TRIGGER fails AFTER INSERT ON ${sql.table(table)}
      BEGIN SELECT RAISE(ABORT, 'out of order'); END`.execute(db);
    await expect(press.publish(id)).rejects.toThrow('out of order');
    await sql`DROP TRIGGER fails`.execute(db);
    expect(await count()).toEqual(before);
    expect(await status(id)).toBe('ready');
    expect(await app.articles.list({ query: '半途而废' })).toMatchObject({ total: 0 });
  }
  expect(await press.publish(id)).toMatchObject({ ok: true });
});

test('numbers that contradict each other stop it, unless a reason is given, which is recorded', async () => {
  const { app, publisher, writer } = press;
  const id = await press.ready('数据有矛盾', '选派党员1886名，其中妇女599名，占31.67%。');
  const { groups } = valueOf(await app.publications.checklist(publisher, id));
  expect(groups).toMatchObject([{ kind: 'mismatch', stops: true, count: 1 }]);
  expect(await press.publish(id)).toEqual(refuse('invalid', 'reason'));
  valueOf(await press.publish(id, { reason: '以统计局口径为准。' }));
  expect(valueOf(await app.publications.revisions(writer, id))).toMatchObject([
    { reason: '以统计局口径为准。' },
  ]);
  const line = await app.store.db
    .selectFrom('audit')
    .select(['actorId', 'detail'])
    .where('act', '=', 'report.published')
    .where('reportId', '=', id)
    .executeTakeFirstOrThrow();
  expect(line.actorId).toBe(publisher.userId);
  expect(JSON.parse(line.detail)).toMatchObject({ reason: '以统计局口径为准。', revision: '1' });
  // What somebody looked at and let stand is none of the publisher's business.
  const [item] = groups[0]?.items ?? [];
  const finding = item !== undefined && 'finding' in item ? item.finding.key : '';
  valueOf(
    await app.figures.dismiss(writer, id, { key: newKey(), finding, rule: 'share', reason: '四舍五入' }),
  );
  expect(valueOf(await app.publications.checklist(publisher, id)).groups).toEqual([]);
});
