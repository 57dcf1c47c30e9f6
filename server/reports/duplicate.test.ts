/** What of a register goes along into a copy of its report. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import * as Y from 'yjs';
import { toBase64 } from 'lib0/buffer';
import { CONTENT_FRAGMENT, type BlockJson, type ContentJson, type ReportJson } from '#lib/report/model.ts';
import { buildBlocks } from '#lib/report/ydoc.ts';
import type { Actor } from '#lib/review/permissions.ts';
import { openOffice, type Office } from '../people/testing.ts';
import { newKey, valueOf } from '../review/testing.ts';

let office: Office;
beforeAll(async () => {
  office = await openOffice();
});
afterAll(() => office.close());

const words = (text: string, style: 'title' | 'body' = 'body'): BlockJson => ({
  type: 'paragraph',
  attrs: { style },
  content: [{ type: 'text', text }],
});
const cell = (text: string) => ({ type: 'tableCell' as const, content: [words(text)] });
const TABLE: BlockJson = {
  type: 'table',
  content: [
    { type: 'tableRow', content: [cell('项目'), cell('投资（万元）')] },
    { type: 'tableRow', content: [cell('水厂'), cell('3120')] },
  ],
};
const BODY = [words('新建供水点2168个，力争完成投资6.85亿元。'), TABLE, words('惠及群众43万多人。')];

/** A report with all its figures registered, and a chart of them. */
async function reportOf(blocks: BlockJson[]): Promise<string> {
  const { app, member } = office;
  const content: ContentJson = { type: 'doc', content: blocks };
  const { id } = valueOf(await app.reports.create(member, { from: 'content', content, title: null }));
  const stateVector = toBase64(Y.encodeStateVector(new Y.Doc()));
  const { ids } = valueOf(await app.figures.register(member, id, { key: newKey(), stateVector, all: true }));
  const chart = { show: 'table' as const, figures: ids, caption: '数据' };
  await edit(id, (fragment) => fragment.push(buildBlocks([{ type: 'figures', attrs: chart }])));
  return id;
}

const edit = async (id: string, change: (content: Y.XmlFragment) => void) =>
  valueOf(
    await office.app.sync.edit(office.member, id, (doc) => change(doc.getXmlFragment(CONTENT_FRAGMENT))),
  );
const registered = async (who: Actor, id: string) => valueOf(await office.app.figures.list(who, id)).figures;
const exported = async (who: Actor, id: string) =>
  JSON.parse(
    new TextDecoder().decode(valueOf(await office.app.exportReport(who, id, 'json')).body),
  ) as ReportJson;

test.each([
  ['with a title', [words('水利：新增水厂12座', 'title'), ...BODY]],
  ['without one', BODY],
])(
  'a copy of a report %s has its register, vouched for by nobody, and its charts are live',
  async (_, blocks) => {
    const { app, member, admin } = office;
    const id = await reportOf(blocks);
    const [first, second] = await registered(member, id);
    if (first === undefined || second === undefined) throw new Error('nothing is registered');
    const source = { text: '年报第3页', asOf: '2024-03-01' };
    const facts = { source, note: '含乡镇', object: '供水站点' };
    const at = (figureId: string) => ({ reportId: id, figureId });
    valueOf(await app.figures.change(member, at(first.id), { key: newKey(), ...facts }));
    valueOf(
      await app.figures.change(member, at(second.id), { key: newKey(), department: null, owner: null }),
    );
    const [{ valueKey } = first] = await registered(member, id);
    valueOf(await app.figures.verify(admin, at(first.id), { key: newKey(), valueKey }));

    const copy = valueOf(await app.reports.duplicate(admin, id)).id;
    const original = await registered(member, id);
    expect(original[0]?.state).toBe('verified');
    const copied = await registered(admin, copy);
    expect(copied).toHaveLength(blocks.length + 1);
    expect(copied).toMatchObject(
      original.map(({ surface, value, unit, set, department, owner, source: from, note }) => ({
        surface,
        value,
        unit,
        set,
        department,
        owner,
        source: from,
        note,
        state: 'registered',
        verifiedBy: null,
        registeredBy: admin.userId,
        history: [{ act: 'registered', by: admin.userId }],
      })),
    );
    expect(copied[0]).toMatchObject({ ...facts, set: { object: '供水站点' } });

    const [before, after] = [await exported(member, id), await exported(admin, copy)];
    const stated = ({ figures = {} }: ReportJson) =>
      Object.values(figures).map(({ at: _at, ...said }) => said);
    expect(stated(after)).toEqual(stated(before));
    expect(stated(after)).toHaveLength(copied.length);
    const chart = after.content.content?.at(-1);
    expect(chart?.type === 'figures' && chart.attrs.figures).toEqual(copied.map((one) => one.id));
    expect(copied.some((one) => original.some((other) => other.id === one.id))).toBe(false);
  },
);

test('what is not in the text, or was of another register, has no place in the copy', async () => {
  const { app, member } = office;
  const id = await reportOf([words('水利', 'title'), ...BODY]);
  await edit(id, (content) => {
    content.delete(1, 1);
    content.push(
      buildBlocks([{ type: 'figures', attrs: { show: 'bar', figures: ['another0000001'], caption: '' } }]),
    );
  });
  await expect
    .poll(async () => (await registered(member, id)).map(({ state }) => state).toSorted())
    .toEqual(['orphan', 'orphan', 'registered', 'registered']);
  const copy = valueOf(await app.reports.duplicate(member, id)).id;
  const copied = await registered(member, copy);
  expect(copied.map(({ surface }) => surface)).toEqual(['3120', '43万多人']);
  const { content } = await exported(member, copy);
  const shown = content.content?.flatMap((one) => (one.type === 'figures' ? [one.attrs.figures] : []));
  expect(shown).toEqual([copied.map((one) => one.id), []]);
});
