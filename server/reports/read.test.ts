import { toBase64 } from 'lib0/buffer';
import { afterEach, beforeEach, expect, test } from 'vitest';
import * as Y from 'yjs';
import { checkedReport } from '#lib/figures/document.ts';
import { renderJson } from '#lib/publish/json.ts';
import { CONTENT_FRAGMENT, type BlockJson, type CellJson } from '#lib/report/model.ts';
import { buildBlocks } from '#lib/report/ydoc.ts';
import { paragraph } from '#lib/review/testing.ts';
import { newKey, openReviewDesk, valueOf, type Person, type ReviewDesk } from '../review/testing.ts';
import { REPORT } from '../sync/testing.ts';
import { readReport, type ReadReport } from './read.ts';
import { PEOPLE } from './testing.ts';

let one: ReviewDesk;
let author: Person;
let figureId: string;

beforeEach(async () => {
  one = await openReviewDesk();
  author = await one.join(PEOPLE.chen);
  await author.send(
    author.editor.edit((tr) =>
      tr.replaceWith(0, tr.doc.content.size, [paragraph('全县培育经营主体2168个，带动群众43万多人。')]),
    ),
  );
  const command = {
    key: newKey(),
    ...author.editor.selectWords('2168个'),
    stateVector: toBase64(Y.encodeStateVector(author.client.doc)),
    fields: { note: '内部说明', source: { text: '年报第3页' }, scope: '全县' },
  };
  [figureId = ''] = valueOf(await one.figures.register(PEOPLE.chen, REPORT, command)).ids;
  await show([figureId]);
});
afterEach(() => one.close());

/** Writes a chart of figures to the end of the report, as the server does for a person. */
async function show(figures: string[]): Promise<void> {
  const block = { type: 'figures' as const, attrs: { show: 'bar' as const, figures, caption: '主体' } };
  const added = await one.desk.sync.edit(PEOPLE.chen, REPORT, (doc) =>
    doc.getXmlFragment(CONTENT_FRAGMENT).push(buildBlocks([block])),
  );
  if (!added.ok) throw new Error(added.code);
}
async function read(): Promise<ReadReport> {
  const found = await readReport({ sync: one.desk.sync, keeping: one.keeping }, REPORT);
  if (found === null) throw new Error('no report');
  return found;
}
const replace = (words: string, instead: string) =>
  author.send(
    author.editor.edit((tr) => {
      const from = author.editor.find(words);
      return tr.insertText(instead, from, from + words.length);
    }),
  );

test('a chart says what the text says at the moment it is read, whatever the register has got to', async () => {
  expect((await read()).report.figures).toMatchObject({
    [figureId]: {
      surface: '2168个',
      value: '2168',
      unit: '个',
      scope: '全县',
      at: { paragraph: 0, start: 8 },
    },
  });
  await replace('68', '86');
  expect((await read()).report.figures).toMatchObject({ [figureId]: { surface: '2186个', value: '2186' } });
});

test('what is not in the text any more, or not of this report, is left out and told', async () => {
  await show(['another00001']);
  await replace('2168个', '一批');
  const { report, leftOut } = await read();
  expect(report.figures).toEqual({});
  expect(leftOut).toEqual([
    { path: `figures.${figureId}`, code: 'lost_figure' },
    { path: 'figures.another00001', code: 'lost_figure' },
  ]);
});

test('nothing internal leaves with a figure', async () => {
  const json = renderJson((await read()).report);
  expect(json).toContain('2168个');
  for (const word of ['内部说明', '年报', PEOPLE.chen.userId, 'anchor', 'registered', 'history'])
    expect(json).not.toContain(`${word}`);
});

test('where a figure stands is told as the content that leaves has it, whatever was written into the document', async () => {
  const cell = (...content: BlockJson[]): CellJson => ({ type: 'tableCell', content });
  const words = (text: string): BlockJson => ({ type: 'paragraph', content: [{ type: 'text', text }] });
  const picture: BlockJson = { type: 'picture', attrs: { id: null, alt: '', caption: '' } };
  const table: BlockJson = {
    type: 'table',
    content: [
      {
        type: 'tableRow',
        content: [cell(words('项目')), cell(picture, words('\ufffc座')), cell(words('数量（座）'))],
      },
      { type: 'tableRow', content: [cell(), cell(picture), cell(words(''), words('118'))] },
    ],
  };
  const added = await one.desk.sync.edit(PEOPLE.chen, REPORT, (doc) => {
    const strange = new Y.XmlElement('marquee');
    strange.insert(0, [
      ...buildBlocks([words('甲'), { type: 'divider' }, words('乙')]),
      new Y.XmlElement('blink'),
    ]);
    doc.getXmlFragment(CONTENT_FRAGMENT).insert(0, [...buildBlocks([table, picture]), strange]);
  });
  expect(added.ok).toBe(true);
  const stateVector = toBase64(Y.encodeStateVector(author.client.doc));
  const command = { key: newKey(), stateVector, all: true as const };
  const { ids } = valueOf(await one.figures.register(PEOPLE.chen, REPORT, command));
  await show(ids);
  const { report } = await read();
  const { figures = {} } = report;
  const places = Object.values(figures).map(({ surface, at }) => [surface, at?.paragraph, at?.start]);
  expect(places.toSorted()).toEqual([
    ['118', 4, 0],
    ['2168个', 7, 8],
    ['43万多人', 7, 18],
  ]);
  const paragraphs = checkedReport(report.content).blocks;
  for (const { surface, at } of Object.values(figures))
    expect(paragraphs[at?.paragraph ?? -1]?.text.slice(at?.start)).toMatch(new RegExp(`^${surface}`));
});
