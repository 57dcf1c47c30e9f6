import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type * as Y from 'yjs';
import type { ImportOptions } from '#lib/import/imported.ts';
import { CONTENT_FRAGMENT, type BlockJson, type ContentJson, type ReportJson } from '#lib/report/model.ts';
import { openOffice, type Office } from '../people/testing.ts';
import { png } from '../pictures/testing.ts';
import { valueOf } from '../review/testing.ts';
import { createConverter } from './converter.ts';
import { docx, paragraph, picture, run, statedIn } from './testing.ts';

const PLAIN: ImportOptions = { punctuation: false };
let office: Office;
beforeAll(async () => {
  office = await openOffice();
});
afterAll(() => office.close());

const FILE = docx({
  body:
    paragraph(run('抓春耕'), '<w:pStyle w:val="Title"/>') +
    paragraph(run('今年以来，全县春耕有序。')) +
    paragraph(picture('rId5')),
  relations: [{ id: 'rId5', type: 'image', target: 'media/image1.png' }],
  parts: { 'word/media/image1.png': png({ seed: 7 }) },
});

/** What there is of reports and pictures, in the database and on the disk. */
async function holdings(): Promise<unknown[]> {
  const { store, config } = office.app;
  const count = async (table: 'report' | 'picture') => {
    const row = await store.db
      .selectFrom(table)
      .select(({ fn }) => fn.countAll<number>().as('all'))
      .executeTakeFirst();
    return row?.all;
  };
  const files = await readdir(join(config.dataDir, 'pictures'), { recursive: true });
  return [
    await count('report'),
    await count('picture'),
    files.filter((name) => /[0-9a-f]{64}/.test(name)).length,
  ];
}

test('a file becomes a report of the importer’s, with its pictures, its authorship and a line in the log', async () => {
  const { app, member } = office;
  const made = valueOf(await app.importFile(member, { name: '春耕.docx', bytes: FILE }, PLAIN));
  if (!made.ok) throw new Error(made.fault);
  const summary = valueOf(await app.reports.get(member, made.reportId));
  expect([summary.title, summary.role, summary.status]).toEqual(['抓春耕', 'owner', 'draft']);
  const textOf = ({ body }: { body: Uint8Array }) => new TextDecoder().decode(body);
  const body = textOf(valueOf(await app.exportReport(member, made.reportId, 'json')));
  const json = JSON.parse(body) as { pictures: object; content: { content: { type: string }[] } };
  expect(json.content.content.map(({ type }) => type)).toEqual(['paragraph', 'paragraph', 'picture']);
  expect(Object.keys(json.pictures)).toHaveLength(1);
  const authorship = valueOf(await app.review.authorship(member, made.reportId));
  expect(authorship.report.people).toEqual([{ id: member.userId, characters: 15 }]);
  const asked = { person: '', report: made.reportId, area: null, from: null, to: null, asAdmin: false };
  const { lines } = valueOf(await app.audit.list(office.admin, asked));
  expect(lines.at(-1)).toMatchObject({ act: 'report.imported', detail: { format: 'docx' } });

  const again = valueOf(await app.importFile(member, { name: 'x.json', bytes: Buffer.from(body) }, PLAIN));
  if (!again.ok) throw new Error(again.fault);
  const second = textOf(valueOf(await app.exportReport(member, again.reportId, 'json')));
  const ids = /"id": ?"[a-z0-9]{12,32}"|"[a-z0-9]{12,32}": ?\{/g;
  expect(second.replace(ids, '')).toBe(body.replace(ids, ''));
});

test('a file that is refused leaves nothing behind', async () => {
  const before = await holdings();
  const broken = FILE.subarray(0, FILE.length - 40);
  for (const bytes of [broken, Buffer.from('%PDF-1.7'), Buffer.alloc(0)]) {
    const refused = valueOf(await office.app.importFile(office.member, { name: 'a.docx', bytes }, PLAIN));
    expect(refused.ok).toBe(false);
  }
  expect(await holdings()).toEqual(before);
});

test('a file that takes too long is ended, and the next one is read', async () => {
  const converter = createConverter({ time: 1, heap: 64 });
  const task = { fileName: 'a.docx', bytes: new Uint8Array(FILE), options: PLAIN };
  expect(await converter.convert(task)).toEqual({ ok: false, fault: 'tooComplex' });
  await converter.close();
  const next = valueOf(await office.app.importFile(office.member, { name: 'a.docx', bytes: FILE }, PLAIN));
  expect(next.ok).toBe(true);
});

const showing = (figures: string[], caption: string): BlockJson => ({
  type: 'figures',
  attrs: { show: 'bar', figures, caption },
});
const WATER: ContentJson = {
  type: 'doc',
  content: [
    { type: 'paragraph', attrs: { style: 'title' }, content: [{ type: 'text', text: '水利' }] },
    {
      type: 'paragraph',
      attrs: { bid: 'b1' },
      content: [{ type: 'text', text: '新建供水点2168个，力争完成投资6.85亿元。' }],
    },
    showing(['figure1000001', 'figure1000000'], '主要数据'),
    showing(['figure1000001'], '投资'),
    showing(['figure2000000'], '旧数'),
  ],
};
test('tables and charts come back live: their figures are registered with the report, and nobody vouches for them', async () => {
  const { app, member } = office;
  const figures = statedIn(WATER, [{ object: '供水站点' }, { modality: 'actual' }]);
  const old = { surface: '2169个', value: '2169', unit: '个', at: { paragraph: 1, start: 5 } };
  const stated = { ...figures, figure2000000: old };
  const json = { schema: 1, title: '水利', content: WATER, pictures: {}, figures: stated };
  const bytes = Buffer.from(JSON.stringify(json));
  const made = valueOf(await app.importFile(member, { name: 'a.json', bytes }, PLAIN));
  if (!made.ok) throw new Error(made.fault);
  expect(made.summary.found.registered).toBe(2);
  expect(made.summary.leftOut).toEqual([{ kind: 'figureLinks', text: '旧数', count: 1 }]);
  const { figures: registered } = valueOf(await app.figures.list(member, made.reportId));
  expect(registered).toMatchObject(
    [
      { surface: '2168个', object: '供水站点', set: { object: '供水站点' } },
      { surface: '6.85亿元', set: { modality: 'actual' } },
    ].map((one) => ({
      ...one,
      state: 'registered',
      department: member.departmentId,
      owner: member.userId,
      registeredBy: member.userId,
      history: [{ act: 'registered', by: member.userId }],
    })),
  );

  const exported = async (reportId: string) =>
    JSON.parse(
      new TextDecoder().decode(valueOf(await app.exportReport(member, reportId, 'json')).body),
    ) as ReportJson;
  const first = await exported(made.reportId);
  expect(Object.values(first.figures ?? {})).toEqual([figures['figure1000001'], figures['figure1000000']]);
  const file = { name: 'b.json', bytes: Buffer.from(JSON.stringify(first)) };
  const again = valueOf(await app.importFile(member, file, PLAIN));
  if (!again.ok) throw new Error(again.fault);
  expect(again.summary.leftOut).toEqual([]);
  const second = await exported(again.reportId);
  const ids = Object.keys(second.figures ?? {});
  const names = new Map(ids.map((id, index) => [id, Object.keys(first.figures ?? {})[index] ?? '']));
  expect(new Set([...names.keys(), ...names.values()]).size).toBe(4);
  const renamed = JSON.stringify(second).replace(/[a-z0-9]{16}/g, (id) => names.get(id) ?? id);
  expect(renamed).toBe(JSON.stringify(first));

  // Nobody has opened it.
  const query = { scope: 'all', text: '供水站点', unit: '', departmentId: null, period: '' } as const;
  await expect
    .poll(async () => {
      const { figures: found } = await app.figures.search(member, { ...query, filter: null, page: 1 });
      return found.map(({ report }) => report.id);
    })
    .toEqual(expect.arrayContaining([made.reportId, again.reportId]));
});

test('what is done to the imported text is done to its figures', async () => {
  const { app, member } = office;
  const figures = statedIn(WATER, [{}]);
  const json = { schema: 1, title: '水利', content: WATER, pictures: {}, figures };
  const bytes = Buffer.from(JSON.stringify(json));
  const made = valueOf(await app.importFile(member, { name: 'a.json', bytes }, PLAIN));
  if (!made.ok) throw new Error(made.fault);
  const edited = await app.sync.edit(member, made.reportId, (doc) => {
    const paragraph = doc.getXmlFragment(CONTENT_FRAGMENT).get(1) as Y.XmlElement;
    (paragraph.get(0) as Y.XmlText).insert(6, '0');
  });
  expect(edited.ok).toBe(true);
  await expect
    .poll(async () => valueOf(await app.figures.list(member, made.reportId)).figures)
    .toMatchObject([{ surface: '20168个', value: '20168', state: 'registered' }, { surface: '6.85亿元' }]);
});
