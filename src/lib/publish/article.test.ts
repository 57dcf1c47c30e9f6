import { expect, test } from 'vitest';
import type { BlockJson, ParagraphAttrs } from '#lib/report/model.ts';
import { lostFigures, missingPictures, toArticle, type ArticleBlock, type List } from './article.ts';
import { titleHalves } from './title.ts';
import { EVERYTHING, META } from './fixtures/everything.ts';
import { renderFragment } from './fragment.ts';
import { annotateText } from './annotate.ts';
import { NO_META } from './meta.ts';

test.each([
  ['岚亭县：系统治水添动能 兴水惠民促发展', ['岚亭县：系统治水添动能', '兴水惠民促发展']],
  ['抓水网强保障　绘就好“丰”景', ['抓水网强保障', '绘就好“丰”景']],
  ['抓水网\n强保障', ['抓水网', '强保障']],
  ['岚亭县：系统治水添动能', ['岚亭县：', '系统治水添动能']],
  ['岚亭县工作报告', ['岚亭县工作报告']],
  ['GDP growth 2023', ['GDP growth 2023']],
  ['比分 3:2', ['比分', '3:2']],
  ['', []],
])('the title %j breaks between %j', (title, halves) => {
  expect(titleHalves(title)).toEqual(halves);
});

test.each(['青岚县：一渠清水入万家', '青岚县：一渠清水 流进万家'])(
  '%j keeps its spaces, and gets none',
  (title) => {
    const report = { schema: 1, title, content: { type: 'doc' as const }, pictures: {} };
    const html = renderFragment(toArticle(report, NO_META));
    expect(html.replaceAll(/<[^>]*>/g, '')).toContain(title);
  },
);

test.each([
  ['印发《甲》和《乙》', ['《甲》', '《乙》']],
  ['《关于〈甲〉的说明》', ['《关于〈甲〉的说明》']],
  ['《关于《甲》的说明》', ['《关于《甲》的说明》']],
  ['《未完', []],
  ['》颠倒《', []],
  ['《》', []],
  ['《跨\n行》', []],
])('in %j the documents are %j', (text, names) => {
  expect(annotateText(text).map(({ from, to }) => text.slice(from, to))).toEqual(names);
});

test.each([
  [
    '2023年完成投资6.85亿元，12月8日止',
    ['2023年 time 2023', '6.85亿元 data 685000000', '12月8日 time 12-08'],
  ],
  ['2023年12月8日', ['2023年12月8日 time 2023-12-08']],
  ['2021—2025年', ['2021—2025年 data 2021/2025']],
  ['企业10至15家', ['10至15家 data 10~15']],
  ['2023年2月42日', ['2023年2月 time 2023-02', '42日 data 42']],
  ['《规划（2021—2025年）》和3个方案', ['《规划（2021—2025年）》 cite', '3个 data 3']],
])('of %j a program reads %j', (text, said) => {
  expect(
    annotateText(text).map((one) => {
      const value = one.kind === 'data' ? one.value : one.kind === 'time' ? one.datetime : '';
      return `${text.slice(one.from, one.to)} ${one.kind} ${value}`.trim();
    }),
  ).toEqual(said);
});

const item = (
  style: 'bullet' | 'ordered' | 'body',
  text: string,
  attrs: Partial<ParagraphAttrs> = {},
): BlockJson => ({
  type: 'paragraph',
  attrs: { style, ...attrs },
  content: [{ type: 'text', text }],
});
const shape = (list: List): string =>
  `${list.ordered ? list.start : '*'}[${list.items
    .map((one) =>
      [
        one.content.map((inline) => (inline.type === 'text' ? inline.text : '')).join(''),
        ...one.lists.map(shape),
      ].join(''),
    )
    .join(' ')}]`;
const lists = (...content: BlockJson[]) =>
  toArticle({ schema: 1, title: '', content: { type: 'doc', content }, pictures: {} }, NO_META).blocks.map(
    (block: ArticleBlock) => (block.kind === 'list' ? shape(block) : block.kind),
  );

test('paragraphs of a list become nested lists', () => {
  expect(
    lists(
      item('ordered', 'a'),
      item('ordered', 'b', { level: 1 }),
      item('bullet', 'c', { level: 2 }),
      item('ordered', 'd', { level: 1 }),
      item('ordered', 'e'),
    ),
  ).toEqual(['1[a1[b*[c] d] e]']);
});

test('a list that starts deep, or skips a level, loses nothing', () => {
  expect(
    lists(item('bullet', 'a', { level: 3 }), item('bullet', 'b'), item('bullet', 'c', { level: 2 })),
  ).toEqual(['*[a]', '*[b*[c]]']);
});

test('a numbering goes on past other text, until it is begun anew', () => {
  expect(
    lists(
      item('ordered', 'a'),
      item('body', '文'),
      item('ordered', 'b'),
      item('ordered', 'c', { restart: true }),
      item('bullet', 'x'),
      item('ordered', 'd'),
    ),
  ).toEqual(['1[a]', 'paragraph', '2[b]', '1[c]', '*[x]', '2[d]']);
});

test('the numbering below an item begins anew under the next', () => {
  expect(
    lists(
      item('ordered', 'a'),
      item('ordered', 'b', { level: 1 }),
      item('ordered', 'c'),
      item('ordered', 'd', { level: 1 }),
    ),
  ).toEqual(['1[a1[b] c1[d]]']);
});

const outlineOf = (blocks: readonly ArticleBlock[]): unknown[] =>
  blocks.flatMap((block): unknown[] => {
    if (block.kind === 'section') return [[block.depth, ...outlineOf(block.blocks)]];
    return block.kind === 'heading'
      ? [block.content.map((one) => (one.type === 'text' ? one.text : '')).join('')]
      : [];
  });

test('sections nest by rank, and no level of headings is skipped', () => {
  const heading = (rank: 1 | 2 | 3 | 4, text: string): BlockJson => ({
    type: 'paragraph',
    attrs: { style: `heading${rank}` },
    content: [{ type: 'text', text }],
  });
  const content = [heading(2, '甲'), heading(1, '乙'), heading(3, '丙'), heading(1, '丁')];
  const article = toArticle(
    { schema: 1, title: '', content: { type: 'doc', content }, pictures: {} },
    NO_META,
  );
  expect(outlineOf(article.blocks)).toEqual([
    [1, '甲'],
    [1, '乙', [2, '丙']],
    [1, '丁'],
  ]);
});

test('pictures that the report does not carry are named', () => {
  expect(missingPictures(EVERYTHING)).toEqual(['lost']);
  expect(missingPictures({ ...EVERYTHING, pictures: {} })).toEqual(['reservoir', 'lost']);
});

test('the description is the beginning of the lead', () => {
  expect(toArticle(EVERYTHING, META).description).toMatch(/^全县落实《水网建设规划/);
});

test('figures that are not carried are told, each once', () => {
  expect(lostFigures(EVERYTHING)).toEqual([{ path: 'figures.figure0000009', code: 'lost_figure' }]);
});
