import { mkdtemp, readdir, rm, truncate } from 'node:fs/promises';
import { join } from 'node:path';
import { unzipSync } from 'fflate';
import { pino } from 'pino';
import { afterEach, beforeEach, expect, test } from 'vitest';
import * as Y from 'yjs';
import { EVERYTHING } from '#lib/publish/fixtures/everything.ts';
import { FORMATS, type Format } from '#lib/publish/formats.ts';
import type { ContentJson } from '#lib/report/model.ts';
import { parseReport } from '#lib/report/parse.ts';
import { CONTENT_FRAGMENT } from '#lib/report/model.ts';
import { writeContent } from '#lib/report/ydoc.ts';
import type { Actor } from '#lib/review/permissions.ts';
import { refuse } from '../outcome.ts';
import { openFilePictures } from '../pictures/files.ts';
import { createPictures, type Pictures } from '../pictures/pictures.ts';
import { png } from '../pictures/testing.ts';
import { createSync, type SyncServer } from '../sync/sync.ts';
import { createKeeping } from '../review/keeping.ts';
import { createAccess } from './access.ts';
import { createReport } from './create.ts';
import { chinaDay, exportReport, type ExportDeps } from './export.ts';
import { HOSTILE, openCounty, PEOPLE, writeHostile, type County } from './testing.ts';

/** Late in the evening of the first in London, the second in China. */
const AT = new Date('2024-03-01T20:00:00Z');

let county: County;
let sync: SyncServer;
let deps: ExportDeps & { pictures: Pictures };

beforeEach(async () => {
  county = await openCounty();
  const { db, docs } = county.store;
  const access = createAccess(db);
  const now = () => AT;
  sync = createSync({
    docs,
    log: pino({ level: 'silent' }),
    now,
    access,
    isOwnOrigin: () => true,
    addressOf: () => '',
    authenticate: () => Promise.resolve(null),
    actor: () => Promise.resolve(PEOPLE.chen),
    department: () => Promise.resolve(null),
    follow: (content) => keeping.follow(content),
  });
  const keeping = createKeeping({
    db,
    log: pino({ level: 'silent' }),
    now,
    sync: () => sync,
    onStale: () => Promise.resolve(),
  });
  const store = await openFilePictures(await mkdtemp(join(county.dir, 'pictures-')));
  deps = {
    db,
    access,
    events: county.events,
    sync,
    keeping,
    pictures: createPictures({ db, store, access, now }),
  };
});
afterEach(async () => {
  await sync.close();
  await county.close();
});

async function newReport(content: ContentJson): Promise<string> {
  const created = await createReport(
    county.events,
    PEOPLE.chen,
    { from: 'content', content, title: null },
    AT,
  );
  if (!created.ok) throw new Error(created.code);
  return created.value.id;
}

async function exported(id: string, format: Format, actor: Actor = PEOPLE.chen) {
  const outcome = await exportReport(deps, actor, id, format);
  if (!outcome.ok) throw new Error(outcome.code);
  return { ...outcome.value, body: textOf(format, outcome.value.body) };
}

/** What a file says; of a Word document all its parts. */
function textOf(format: Format, bytes: Uint8Array): string {
  const parts = format === 'docx' ? Object.values(unzipSync(bytes)) : [bytes];
  return parts.map((part) => new TextDecoder().decode(part)).join('\n');
}

test('a report leaves with its text, its byline and the day in China', async () => {
  const id = await newReport(EVERYTHING.content);
  const { body, fileName, mime, leftOut } = await exported(id, 'text');
  expect(body.split('\n').slice(0, 4)).toEqual([
    '青岚县：兴水利惠民生',
    '强产业促振兴',
    '——2023年工作报告',
    '陈晓　2024年3月2日　水务局　共164字，预计阅读时长1分钟',
  ]);
  expect(fileName).toBe('青岚县：兴水利惠民生 强产业促振兴.txt');
  expect(mime).toBe('text/plain; charset=utf-8');
  // Its register is empty, so its tables and charts have nothing to show.
  expect(new Set(leftOut.map(({ code }) => code))).toEqual(new Set(['lost_figure']));
});

test('pictures of the report are embedded; others are named as missing', async () => {
  const id = await newReport({ type: 'doc', content: [] });
  const bytes = Buffer.from(EVERYTHING.pictures['reservoir']?.base64 ?? '', 'base64');
  const picture = await deps.pictures.upload(PEOPLE.chen, id, bytes);
  if (!picture.ok) throw new Error(picture.code);
  await sync.edit(PEOPLE.chen, id, (doc) => {
    for (const pictureId of [picture.value.id, 'elsewhere']) {
      const element = new Y.XmlElement('picture');
      element.setAttribute('id', pictureId);
      doc.getXmlFragment(CONTENT_FRAGMENT).push([element]);
    }
  });
  const json = await exported(id, 'json');
  const parsed = parseReport(JSON.parse(json.body));
  expect(parsed.ok && Object.keys(parsed.report.pictures)).toEqual([picture.value.id]);
  expect(json.missingPictures).toEqual(['elsewhere']);
  expect((await exported(id, 'html')).body).toContain('src="data:image/png;base64,');
});

test('a picture whose file is lost or damaged is named as missing, and the rest of the report leaves', async () => {
  const id = await newReport({ type: 'doc', content: [] });
  const ids: string[] = [];
  for (const seed of [1, 2, 3]) {
    const picture = await deps.pictures.upload(PEOPLE.chen, id, png({ seed }));
    if (!picture.ok) throw new Error(picture.code);
    ids.push(picture.value.id);
  }
  const shown = ids.map((one) => ({ type: 'picture' as const, attrs: { id: one, alt: '', caption: '' } }));
  await sync.edit(PEOPLE.chen, id, (doc) => writeContent(doc, { type: 'doc', content: shown }));
  const files = (await readdir(county.dir, { recursive: true, withFileTypes: true }))
    .filter(({ name }) => /^[0-9a-f]{64}$/.test(name))
    .map(({ parentPath, name }) => join(parentPath, name));
  const [lost = '', damaged = ''] = files;
  await rm(lost);
  await truncate(damaged, 30);
  const { body, missingPictures } = await exported(id, 'json');
  expect(missingPictures).toHaveLength(2);
  expect(Object.keys((JSON.parse(body) as { pictures: object }).pictures)).toHaveLength(1);
});

test('whatever was written into the document, every format leaves, without what is unknown or unsafe', async () => {
  const id = await newReport(EVERYTHING.content);
  await sync.edit(PEOPLE.chen, id, writeHostile);
  for (const format of FORMATS) {
    const { body, leftOut } = await exported(id, format);
    expect(body).toContain('甲乙丁');
    expect(body).toContain('丙');
    expect(body).not.toMatch(HOSTILE);
    expect(body.length).toBeLessThan(50_000);
    expect(leftOut.map(({ code }) => code)).toEqual(
      expect.arrayContaining([
        'unknown_node',
        'unknown_attribute',
        'bad_attribute',
        'unsafe_link',
        'unknown_mark',
      ]),
    );
  }
});

test('for those who may not read it there is no report; those who may read it may export it', async () => {
  const id = await newReport(EVERYTHING.content);
  expect(await exportReport(deps, PEOPLE.lone, id, 'html')).toEqual(refuse('not_found'));
  expect(await exportReport(deps, PEOPLE.pub, id, 'html')).toEqual(refuse('not_found'));
  expect(await exportReport(deps, PEOPLE.admin, 'nowhere', 'html')).toEqual(refuse('not_found'));
  const share = { reportId: id, subjectKind: 'person', subjectId: 'lone', role: 'viewer' } as const;
  await county.store.db.insertInto('reportShare').values(share).execute();
  expect((await exported(id, 'html', PEOPLE.lone)).body).toContain('全县落实');
});

test('the day is the day in China', () => {
  expect(chinaDay('2024-03-01T15:59:59.999Z')).toBe('2024-03-01');
  expect(chinaDay('2024-03-01T16:00:00.000Z')).toBe('2024-03-02');
});
