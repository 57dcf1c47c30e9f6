import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ImportOptions } from '#lib/import/imported.ts';
import { openOffice, type Office } from '../people/testing.ts';
import { png } from '../pictures/testing.ts';
import { valueOf } from '../review/testing.ts';
import { createConverter } from './converter.ts';
import { docx, paragraph, picture, run } from './testing.ts';

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
