/** What the server edits in a report's content on somebody's behalf, over a real sync server. */
import { pino } from 'pino';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { ContentJson, ReportJson } from '#lib/report/model.ts';
import { titleOf } from '#lib/report/title.ts';
import { readContent } from '#lib/report/ydoc.ts';
import type { Actor } from '#lib/review/permissions.ts';
import { tellStale } from '../figures/stale.ts';
import { openFilePictures } from '../pictures/files.ts';
import { createPictures, type Pictures } from '../pictures/pictures.ts';
import { png } from '../pictures/testing.ts';
import { createKeeping } from '../review/keeping.ts';
import { openDesk, REPORT, type Desk } from '../sync/testing.ts';
import { createAccess } from './access.ts';
import { createReports, type Reports } from './reports.ts';
import { PEOPLE } from './testing.ts';

let desk: Desk;
let reports: Reports;
let pictures: Pictures;
beforeEach(async () => {
  desk = await openDesk();
  const { events, store } = desk.county;
  const { db } = store;
  const deps = { db, events, access: createAccess(db), now: () => desk.clock.now };
  pictures = createPictures({ ...deps, store: await openFilePictures(`${desk.county.dir}/pictures`) });
  const keeping = createKeeping({
    db,
    log: pino({ level: 'silent' }),
    now: deps.now,
    sync: () => desk.sync,
    onStale: tellStale(db, events),
  });
  reports = createReports({ ...deps, sync: desk.sync, keeping, pictures });
});
afterEach(() => desk.close());

async function content(id = REPORT): Promise<ContentJson> {
  const read = await desk.sync.read(id, readContent);
  return read as ContentJson;
}
const texts = async (id = REPORT) =>
  ((await content(id)).content ?? []).map((block) =>
    block.type === 'paragraph'
      ? (block.content ?? []).map((part) => ('text' in part ? part.text : '↵')).join('')
      : block.type,
  );
const code = (outcome: { ok: true } | { ok: false; code: string }) => (outcome.ok ? 'ok' : outcome.code);
const title = async (actor: Actor, id = REPORT) => {
  const got = await reports.get(actor, id);
  return got.ok ? got.value.title : got.code;
};
function json(changes: Partial<ReportJson> = {}): ReportJson {
  const blocks = ['title', 'body'] as const;
  return {
    schema: 1,
    title: '夏播',
    content: {
      type: 'doc',
      content: blocks.map((style) => ({
        type: 'paragraph',
        attrs: { style },
        content: [{ type: 'text', text: style === 'title' ? '夏播' : '全县播种完成。' }],
      })),
    },
    pictures: {},
    ...changes,
  };
}
const picture = (id: string) => ({ type: 'picture' as const, attrs: { id, alt: '', caption: '图' } });
const withPicture = (id: string, pictures: ReportJson['pictures']): ReportJson =>
  json({ content: { type: 'doc', content: [picture(id)] }, pictures });
const embedded = (seed = 0) => ({ type: 'image/png' as const, base64: png({ seed }).toString('base64') });

test('renaming edits the title paragraph, and the list shows it at once', async () => {
  expect(code(await reports.rename(PEOPLE.chen, REPORT, ' 秋收  总结 '))).toBe('ok');
  expect(await texts()).toEqual(['秋收 总结', '']);
  expect(await title(PEOPLE.chen)).toBe('秋收 总结');
});

test('renaming reaches whoever has the report open', async () => {
  const li = await desk.connect(PEOPLE.li).join();
  await reports.rename(PEOPLE.chen, REPORT, '秋收');
  await li.until(({ text }) => text.includes('秋收'));
});

test('only an owner renames, and to something', async () => {
  expect(code(await reports.rename(PEOPLE.li, REPORT, '新题'))).toBe('forbidden');
  expect(code(await reports.rename(PEOPLE.lone, REPORT, '新题'))).toBe('not_found');
  expect(code(await reports.rename(PEOPLE.chen, REPORT, ' \n'))).toBe('invalid');
  expect(await title(PEOPLE.chen)).toBe('春耕');
});

test('our JSON takes the place of the content as one forward edit, attributed to who sent it', async () => {
  expect(code(await reports.putContent(PEOPLE.li, REPORT, json()))).toBe('ok');
  expect(await texts()).toEqual(['夏播', '全县播种完成。']);
  expect(await title(PEOPLE.chen)).toBe('夏播');
  const log = await desk.county.store.db
    .selectFrom('docUpdate')
    .select(['seq', 'userId'])
    .orderBy('seq')
    .execute();
  expect(log.map(({ userId }) => userId)).toEqual(['chen', null, 'li']);
});

test('content is not replaced under somebody who is writing', async () => {
  const wang = await desk.connect(PEOPLE.wang).join();
  expect(code(await reports.putContent(PEOPLE.li, REPORT, json()))).toBe('locked');
  wang.write('王岚写的');
  await wang.settled();
  expect(await texts()).toEqual(['春耕', '', '王岚写的']);
});

test('a reader with the report open locks nothing', async () => {
  await desk.connect(PEOPLE.zhao).join();
  expect(code(await reports.putContent(PEOPLE.li, REPORT, json()))).toBe('ok');
});

test('content that the schema does not know is refused with its place, and nothing is changed', async () => {
  const put = (input: unknown) => reports.putContent(PEOPLE.li, REPORT, input);
  expect(await put(json({ schema: 99 }))).toMatchObject({
    ok: false,
    code: 'invalid',
    detail: 'schema: newer_schema',
  });
  expect(await put({ ...json(), content: { type: 'doc', content: [{ type: 'script' }] } })).toMatchObject({
    ok: false,
    code: 'invalid',
    detail: expect.stringContaining('content.content[0]'),
  });
  expect(code(await put('text'))).toBe('invalid');
  expect(code(await reports.putContent(PEOPLE.zhao, REPORT, json()))).toBe('forbidden');
  expect(code(await reports.putContent(PEOPLE.lone, REPORT, json()))).toBe('not_found');
  expect(await texts()).toEqual(['春耕', '']);
});

test('pictures travel in the JSON: they become the report’s own, and stay when sent back', async () => {
  expect(code(await reports.putContent(PEOPLE.li, REPORT, withPicture('p1', { p1: embedded() })))).toBe('ok');
  const stored = await content();
  const shown = stored.content?.find((block) => block.type === 'picture');
  const id = shown?.attrs.id ?? '';
  expect(id).toMatch(/^[a-z0-9]{16}$/);
  const read = await pictures.read(PEOPLE.zhao, REPORT, id);
  expect(read.ok && Buffer.from(read.value.bytes).equals(png())).toBe(true);
  const back = { ...json(), content: stored, pictures: await pictures.embedded(REPORT, [id]) };
  expect(code(await reports.putContent(PEOPLE.li, REPORT, back))).toBe('ok');
  expect((await content()).content?.find((block) => block.type === 'picture')?.attrs.id).toBe(id);
  expect(await desk.county.store.db.selectFrom('picture').select('id').execute()).toEqual([{ id }]);
});

test('a picture that is missing, disguised, or another report’s is refused, and nothing is kept', async () => {
  const put = (input: unknown) => reports.putContent(PEOPLE.li, REPORT, input);
  const other = await reports.create(PEOPLE.chen, { from: 'template', template: 'blank', title: '别篇' });
  if (!other.ok) throw new Error(other.code);
  const theirs = await pictures.upload(PEOPLE.chen, other.value.id, png());
  if (!theirs.ok) throw new Error(theirs.code);
  expect(await put(withPicture(theirs.value.id, {}))).toMatchObject({
    code: 'invalid',
    detail: `pictures.${theirs.value.id}`,
  });
  const html = { type: 'image/png' as const, base64: Buffer.from('<script>1</script>').toString('base64') };
  expect(await put(withPicture('p1', { p1: html }))).toMatchObject({
    code: 'unsupported_type',
    detail: 'pictures.p1',
  });
  expect(await texts()).toEqual(['春耕', '']);
  const rows = await desk.county.store.db
    .selectFrom('picture')
    .select('id')
    .where('reportId', '=', REPORT)
    .execute();
  expect(rows).toEqual([]);
});

test('a copy has the text and the pictures, is the copier’s own draft, and leaves the rest behind', async () => {
  await reports.putContent(PEOPLE.li, REPORT, withPicture('p1', { p1: embedded() }));
  await reports.setStatus(PEOPLE.chen, REPORT, 'review');
  const copied = await reports.duplicate(PEOPLE.zhao, REPORT);
  if (!copied.ok) throw new Error(copied.code);
  const { id } = copied.value;
  expect(await reports.get(PEOPLE.zhao, id)).toMatchObject({
    value: { title: '夏播（副本）', status: 'draft', role: 'owner', shares: 1 },
  });
  expect(await title(PEOPLE.chen, id)).toBe('not_found');
  const stored = await content(id);
  expect(titleOf(stored)).toBe('夏播（副本）');
  const shown = stored.content?.find((block) => block.type === 'picture')?.attrs.id ?? '';
  expect(code(await pictures.read(PEOPLE.zhao, id, shown))).toBe('ok');
  expect(code(await pictures.read(PEOPLE.zhao, REPORT, shown))).toBe('not_found');
  expect(code(await reports.duplicate(PEOPLE.lone, REPORT))).toBe('not_found');
});

test('what was committed a moment ago is in the copy', async () => {
  const li = await desk.connect(PEOPLE.li).join();
  li.write('刚写的');
  await li.settled();
  const copied = await reports.duplicate(PEOPLE.zhao, REPORT);
  if (!copied.ok) throw new Error(copied.code);
  expect(await texts(copied.value.id)).toEqual(['春耕（副本）', '', '刚写的']);
});

test('a share that is taken back closes the socket, and one that is lowered stops the writing', async () => {
  const wang = await desk.connect(PEOPLE.wang).join();
  await reports.unshare(PEOPLE.chen, REPORT, { kind: 'person', id: 'wang' });
  expect(await wang.untilClosed()).toBe(4403);
  await reports.share(PEOPLE.chen, REPORT, { kind: 'person', id: 'li' }, 'viewer');
  expect(code(await reports.putContent(PEOPLE.li, REPORT, json()))).toBe('forbidden');
});

test('moving to the trash takes the report from those who had it open', async () => {
  const wang = await desk.connect(PEOPLE.wang).join();
  await reports.trash(PEOPLE.chen, REPORT);
  expect(await wang.untilClosed()).toBe(4403);
  expect(code(await reports.rename(PEOPLE.chen, REPORT, '新题'))).toBe('forbidden');
  await reports.restore(PEOPLE.chen, REPORT);
  expect(await desk.connect(PEOPLE.wang).join()).toBeTruthy();
});
