import { expect, test } from 'vitest';
import * as Y from 'yjs';
import type { ContentJson, InlineJson, ParagraphStyle } from './model.ts';
import { titleOf, withTitle, writeTitle } from './title.ts';
import { readContent, writeContent } from './ydoc.ts';

const p = (style: ParagraphStyle, ...inline: (string | InlineJson)[]) => ({
  type: 'paragraph' as const,
  attrs: { style },
  content: inline.map((part): InlineJson => (typeof part === 'string' ? { type: 'text', text: part } : part)),
});
const doc = (...content: NonNullable<ContentJson['content']>): ContentJson => ({ type: 'doc', content });
const cell = (...content: NonNullable<ContentJson['content']>) => ({
  type: 'table' as const,
  content: [{ type: 'tableRow' as const, content: [{ type: 'tableCell' as const, content }] }],
});

function ydoc(content: ContentJson): Y.Doc {
  const made = new Y.Doc();
  writeContent(made, content);
  return made;
}

test('the first paragraph of style title is the title, wherever it stands; a break reads as a space', () => {
  expect(
    titleOf(doc(p('body', '文'), p('title', '上句', { type: 'hardBreak' }, '下句'), p('title', '二'))),
  ).toBe('上句 下句');
  expect(titleOf(doc(cell(p('title', '格中'))))).toBe('格中');
  expect(titleOf(doc(p('body', '文')))).toBe('');
});

test('withTitle replaces the title in place, or puts one first', () => {
  expect(titleOf(withTitle(doc(cell(p('title', '旧'))), ' 新  题 '))).toBe('新 题');
  expect(withTitle(doc(p('body', '文')), '题').content?.map((block) => block.type)).toEqual([
    'paragraph',
    'paragraph',
  ]);
  expect(titleOf(withTitle(doc(p('body', '文')), '题'))).toBe('题');
});

test('writeTitle leaves the characters that stay as they are', () => {
  const y = ydoc(doc(p('title', '岚亭县治水'), p('body', '文')));
  const changes: unknown[] = [];
  y.getXmlFragment('content').observeDeep((events) =>
    changes.push(...events.map((event) => event.changes.delta)),
  );
  writeTitle(y, '岚亭县兴水');
  expect(changes).toEqual([[{ retain: 3 }, { delete: 1 }, { insert: '兴' }]]);
  expect(titleOf(readContent(y) as ContentJson)).toBe('岚亭县兴水');
});

test('writeTitle changes a title of several parts, makes a missing one, and never splits a surrogate pair', () => {
  const parts = ydoc(doc(p('title', '上', { type: 'hardBreak' }, '下')));
  writeTitle(parts, '新');
  expect(titleOf(readContent(parts) as ContentJson)).toBe('新');
  const none = ydoc(doc(p('body', '文')));
  writeTitle(none, '题');
  expect((readContent(none) as ContentJson).content).toHaveLength(2);
  expect(titleOf(readContent(none) as ContentJson)).toBe('题');
  const pair = ydoc(doc(p('title', '\u{20000}县')));
  writeTitle(pair, '\u{20001}县');
  expect(titleOf(readContent(pair) as ContentJson)).toBe('\u{20001}县');
});
