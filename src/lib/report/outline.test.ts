import { expect, test } from 'vitest';
import type { BlockJson, InlineJson, ParagraphStyle } from './model.ts';
import { outline } from './outline.ts';

const p = (style: ParagraphStyle, text: string): BlockJson => ({
  type: 'paragraph',
  attrs: { style },
  content: text === '' ? [] : [{ type: 'text', text }],
});
const runIn = (heading: string, rest: string): BlockJson => {
  const content: InlineJson[] = [{ type: 'text', text: heading, marks: [{ type: 'runIn' }] }];
  if (rest !== '') content.push({ type: 'text', text: rest });
  return { type: 'paragraph', content };
};
const sections = (...content: BlockJson[]) =>
  outline({ type: 'doc', content }).map((s) => `${s.rank} ${s.title || s.kind} ${s.from}-${s.to} ${s.words}`);

test('a report of a lead and run-in headings', () => {
  expect(
    sections(
      p('title', '标题'),
      p('body', '导语。'),
      runIn('强统筹。', '内容'),
      p('body', '又一段'),
      runIn('强服务。', '内容'),
    ),
  ).toEqual(['0 lead 1-2 3', '1 强统筹 2-4 9', '1 强服务 4-5 6']);
});

test('a higher rank ends a lower, and a run-in heading stands below the heading over it', () => {
  expect(
    sections(
      p('heading1', '一'),
      p('heading2', '甲'),
      runIn('丙。', '子'),
      p('heading2', '乙'),
      p('heading1', '二'),
      runIn('丁。', '丑'),
    ),
  ).toEqual(['1 一 0-4 6', '2 甲 1-3 4', '3 丙 2-3 3', '2 乙 3-4 1', '1 二 4-6 4', '2 丁 5-6 3']);
});

test('a report that opens with a heading has no lead', () => {
  expect(sections(p('title', '标题'), p('heading1', '一'), p('body', '文'))).toEqual(['1 一 1-3 2']);
});

test('without headings all is lead', () => {
  expect(sections(p('title', '标题'), p('body', '文'), { type: 'divider' })).toEqual(['0 lead 1-3 1']);
});

test('an empty heading opens nothing', () => {
  expect(sections(p('body', '文'), p('heading1', ''))).toEqual(['0 lead 0-2 1']);
});

test('a run-in mark in the middle of a paragraph, or in a list, is mere emphasis', () => {
  const middle: BlockJson = {
    type: 'paragraph',
    content: [
      { type: 'text', text: '其中' },
      { type: 'text', text: '强统筹。', marks: [{ type: 'runIn' }] },
    ],
  };
  const bullet: BlockJson = {
    type: 'paragraph',
    attrs: { style: 'bullet' },
    content: [{ type: 'text', text: '强统筹。', marks: [{ type: 'runIn' }] }],
  };
  expect(sections(middle, bullet)).toEqual(['0 lead 0-2 10']);
});

test('a run-in heading in several runs is one title', () => {
  const block: BlockJson = {
    type: 'paragraph',
    content: [
      { type: 'text', text: '强统筹', marks: [{ type: 'bold' }, { type: 'runIn' }] },
      { type: 'text', text: '抓项目。', marks: [{ type: 'runIn' }] },
      { type: 'text', text: '内容' },
    ],
  };
  expect(sections(block)).toEqual(['1 强统筹抓项目 0-1 9']);
});
