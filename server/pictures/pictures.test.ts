import { writeFile } from 'node:fs/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { ReportRole } from '#lib/review/permissions.ts';
import { createAccess } from '../reports/access.ts';
import { createReport } from '../reports/create.ts';
import { openCounty, PEOPLE, type County } from '../reports/testing.ts';
import { openFilePictures } from './files.ts';
import { createPictures, sweepPictures, type Pictures } from './pictures.ts';
import type { PictureStore } from './store.ts';
import { png } from './testing.ts';

const NOW = () => new Date('2024-03-02T09:00:00Z');

let county: County;
let store: PictureStore;
let pictures: Pictures;
let chens: string;
let lis: string;
beforeEach(async () => {
  county = await openCounty();
  store = await openFilePictures(`${county.dir}/pictures`);
  pictures = open(store);
  chens = await create('chen');
  lis = await create('li');
});
afterEach(() => county.close());

const open = (over: PictureStore) =>
  createPictures({ db: county.store.db, store: over, access: createAccess(county.store.db), now: NOW });

async function create(who: 'chen' | 'li'): Promise<string> {
  const input = { from: 'template', template: 'blank', title: '题' } as const;
  const outcome = await createReport(county.events, PEOPLE[who], input, NOW());
  if (!outcome.ok) throw new Error(outcome.code);
  return outcome.value.id;
}
async function give(reportId: string, subjectId: string, role: ReportRole) {
  const share = { reportId, subjectKind: 'person' as const, subjectId, role };
  await county.store.db.insertInto('reportShare').values(share).execute();
}
async function uploaded(seed = 0): Promise<string> {
  const outcome = await pictures.upload(PEOPLE.chen, chens, png({ seed }));
  if (!outcome.ok) throw new Error(outcome.code);
  return outcome.value.id;
}
const code = (outcome: { ok: true } | { ok: false; code: string }) => (outcome.ok ? 'ok' : outcome.code);
const rows = () => county.store.db.selectFrom('picture').selectAll().execute();

test('who may write uploads, who may read reads, and to others there is nothing', async () => {
  const id = await uploaded();
  expect(code(await pictures.read(PEOPLE.li, chens, id))).toBe('not_found');
  expect(code(await pictures.upload(PEOPLE.li, chens, png()))).toBe('not_found');
  await give(chens, 'li', 'viewer');
  expect(await pictures.read(PEOPLE.li, chens, id)).toMatchObject({ ok: true, value: { type: 'image/png' } });
  expect(code(await pictures.upload(PEOPLE.li, chens, png()))).toBe('forbidden');
});

test('a picture is read through its own report only', async () => {
  const id = await uploaded();
  expect(code(await pictures.read(PEOPLE.li, lis, id))).toBe('not_found');
  expect(code(await pictures.read(PEOPLE.chen, chens, 'nosuchpicture000'))).toBe('not_found');
});

test('what is no picture is refused, and nothing is kept', async () => {
  expect(code(await pictures.upload(PEOPLE.chen, chens, Buffer.from('<html>')))).toBe('unsupported_type');
  expect(code(await pictures.upload(PEOPLE.chen, chens, png().subarray(0, 40)))).toBe('invalid');
  expect([await rows(), await store.list()]).toEqual([[], []]);
});

test('the same bytes once more are the picture that is there, also twice at once', async () => {
  const outcomes = await Promise.all([1, 2, 3].map(() => pictures.upload(PEOPLE.chen, chens, png())));
  expect(new Set(outcomes.map((outcome) => outcome.ok && outcome.value.id)).size).toBe(1);
  expect(await rows()).toHaveLength(1);
});

test('copying into another report asks for both rights, and costs no bytes', async () => {
  const from = { reportId: chens, pictureId: await uploaded() };
  expect(code(await pictures.copy(PEOPLE.li, from, lis))).toBe('not_found');
  expect(code(await pictures.copy(PEOPLE.chen, from, lis))).toBe('not_found');
  await give(chens, 'li', 'viewer');
  await give(lis, 'chen', 'viewer');
  expect(code(await pictures.copy(PEOPLE.chen, from, lis))).toBe('forbidden');
  const copy = await pictures.copy(PEOPLE.li, from, lis);
  expect(copy.ok && copy.value.id !== from.pictureId).toBe(true);
  expect(code(await pictures.read(PEOPLE.li, lis, copy.ok ? copy.value.id : ''))).toBe('ok');
  expect([(await rows()).length, (await store.list()).length]).toEqual([2, 1]);
});

test('a full disk is said, and nothing is kept', async () => {
  // The system's own refusal, from the device that is always full.
  const full = open({ ...store, put: (_, bytes) => writeFile('/dev/full', bytes) });
  expect(code(await full.upload(PEOPLE.chen, chens, png()))).toBe('storage_full');
  expect(await rows()).toEqual([]);
});

test('sweeping removes the bytes that no report refers to, and no others', async () => {
  const id = await uploaded();
  const orphan = await pictures.keep(png({ seed: 9 }));
  expect(code(orphan)).toBe('ok');
  expect(await sweepPictures(county.store.db, store)).toBe(1);
  expect(await store.list()).toHaveLength(1);
  expect(code(await pictures.read(PEOPLE.chen, chens, id))).toBe('ok');
});
