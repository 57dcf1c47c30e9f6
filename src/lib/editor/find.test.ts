import { getSchema } from '@tiptap/core';
import { expect, test } from 'vitest';
import { findMatches } from './find.ts';
import { contentExtensions } from './schema.ts';

const schema = getSchema(contentExtensions((id) => id));
const doc = (...lines: string[]) =>
  schema.node(
    'doc',
    null,
    lines.map((line) => schema.node('paragraph', null, line === '' ? [] : [schema.text(line)])),
  );
const find = (lines: string[], text: string, caseSensitive = false) => {
  const searched = doc(...lines);
  return findMatches(searched, { text, caseSensitive }).map(({ from, to }) => searched.textBetween(from, to));
};

test('width and case make no difference, and what is found is named as it stands', () => {
  expect(find(['GDP与ＧＤＰ', 'gdp'], 'Ｇdp')).toEqual(['GDP', 'ＧＤＰ', 'gdp']);
});

test('case makes a difference when asked', () => {
  expect(find(['GDP gdp'], 'gdp', true)).toEqual(['gdp']);
});

test('matches do not overlap and do not reach across paragraphs', () => {
  expect(find(['aaaa'], 'aa')).toEqual(['aa', 'aa']);
  expect(find(['水', '网'], '水网')).toEqual([]);
});

test('a letter that grows in lower case moves no offset', () => {
  expect(find(['İstanbul 市'], '市')).toEqual(['市']);
});

test('nothing is found for nothing', () => {
  expect(find(['文字'], '')).toEqual([]);
});
