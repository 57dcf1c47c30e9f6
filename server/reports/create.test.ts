import { afterEach, beforeEach, expect, test } from 'vitest';
import { createAccess } from './access.ts';
import { createReport } from './create.ts';
import { openCounty, PEOPLE, storedContent, type County } from './testing.ts';
import { TITLE_GUIDE } from './template.ts';

const AT = new Date('2024-03-02T09:00:00Z');
let county: County;
beforeEach(async () => {
  county = await openCounty();
});
afterEach(() => county.close());

interface Block {
  type: string;
  attrs?: { style?: string };
  content?: { text?: string; marks?: { type: string }[] }[];
}
async function blocks(reportId: string): Promise<Block[]> {
  return ((await storedContent(county.store, reportId)) as { content: Block[] }).content;
}
const text = (block: Block | undefined) => (block?.content ?? []).map((inline) => inline.text ?? '').join('');

async function created(input: Parameters<typeof createReport>[2], actor = PEOPLE.chen): Promise<string> {
  const outcome = await createReport(county.events, actor, input, AT);
  if (!outcome.ok) throw new Error(outcome.code);
  return outcome.value.id;
}

test('a blank report holds its title as the first paragraph and one empty paragraph', async () => {
  const id = await created({ from: 'template', template: 'blank', title: ' 岚亭县  治水 ' });
  const found = await blocks(id);
  expect(found.map((block) => block.attrs?.style)).toEqual(['title', 'body']);
  expect(found.map(text)).toEqual(['岚亭县 治水', '']);
  const row = await county.store.db.selectFrom('report').selectAll().executeTakeFirstOrThrow();
  expect(row).toMatchObject({
    id,
    title: '岚亭县 治水',
    status: 'draft',
    departmentId: 'water',
    titleSeq: 2,
  });
});

test('the four-section template has a lead and four sections that open with a run-in heading', async () => {
  const id = await created({ from: 'template', template: 'four-sections', title: '' });
  const found = await blocks(id);
  expect(text(found[0])).toBe(TITLE_GUIDE);
  const runIns = found.flatMap((block) =>
    (block.content ?? []).filter((inline) => inline.marks?.some((mark) => mark.type === 'runIn')),
  );
  expect(runIns).toHaveLength(4);
  for (const runIn of runIns) expect(runIn.text).toMatch(/。$/);
});

test("the title is the creator's text, a template's guiding text is nobody's, given content is its importer's", async () => {
  const author = async (reportId: string) => {
    const rows = await county.store.db
      .selectFrom('docUpdate')
      .innerJoin('doc', 'doc.number', 'docUpdate.docNumber')
      .select('docUpdate.userId')
      .where('doc.reportId', '=', reportId)
      .orderBy('docUpdate.seq')
      .execute();
    return rows.map((row) => row.userId);
  };
  expect(await author(await created({ from: 'template', template: 'four-sections', title: '治水' }))).toEqual(
    ['chen', null],
  );
  const content = { type: 'doc' as const, content: [{ type: 'divider' as const }] };
  expect(await author(await created({ from: 'content', content, title: null }))).toEqual(['chen']);
});

test('two creations at once make two reports, each seeded once, each with both documents', async () => {
  const input = { from: 'template', template: 'blank', title: '同名' } as const;
  const ids = await Promise.all([created(input), created(input, PEOPLE.li)]);
  expect(new Set(ids).size).toBe(2);
  for (const id of ids) {
    expect((await blocks(id)).map(text)).toEqual(['同名', '']);
    const docs = await county.store.db
      .selectFrom('doc')
      .select(['kind', 'headSeq'])
      .where('reportId', '=', id)
      .execute();
    expect(docs.sort((a, b) => a.kind.localeCompare(b.kind))).toEqual([
      { kind: 'content', headSeq: 2 },
      { kind: 'review', headSeq: 0 },
    ]);
  }
});

test('a given title takes the place of the one in given content, and keeps the rest', async () => {
  const content = {
    type: 'doc' as const,
    content: [
      {
        type: 'paragraph' as const,
        attrs: { style: 'title' as const },
        content: [{ type: 'text' as const, text: '旧' }],
      },
      {
        type: 'paragraph' as const,
        attrs: { style: 'body' as const },
        content: [{ type: 'text' as const, text: '正文' }],
      },
    ],
  };
  expect((await blocks(await created({ from: 'content', content, title: '新' }))).map(text)).toEqual([
    '新',
    '正文',
  ]);
  expect((await blocks(await created({ from: 'content', content, title: null }))).map(text)).toEqual([
    '旧',
    '正文',
  ]);
});

test('access is the higher of what the person and the department were given; nothing for others', async () => {
  const id = await created({ from: 'template', template: 'blank', title: '甲' });
  const access = createAccess(county.store.db);
  await county.store.db
    .insertInto('reportShare')
    .values([
      { reportId: id, subjectKind: 'department', subjectId: 'stats', role: 'editor' },
      { reportId: id, subjectKind: 'person', subjectId: 'li', role: 'viewer' },
      { reportId: id, subjectKind: 'person', subjectId: 'zhao', role: 'owner' },
    ])
    .execute();
  const given = async (actor: (typeof PEOPLE)[keyof typeof PEOPLE]) => (await access(actor, id))?.given;
  expect(await given(PEOPLE.chen)).toBe('owner');
  expect(await given(PEOPLE.li)).toBe('editor');
  expect(await given(PEOPLE.zhao)).toBe('owner');
  expect(await given(PEOPLE.wang)).toBeNull();
  expect(await given(PEOPLE.lone)).toBeNull();
  expect(await access(PEOPLE.chen, 'nosuchreport0000')).toBeNull();
});
