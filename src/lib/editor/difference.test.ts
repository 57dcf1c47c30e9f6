import { getSchema } from '@tiptap/core';
import { expect, test } from 'vitest';
import { difference, mapRange, type Range } from './difference.ts';
import { contentExtensions } from './schema.ts';

const schema = getSchema(contentExtensions((id) => id));
const block = (line: string) => schema.node('paragraph', null, line === '' ? [] : [schema.text(line)]);
const doc = (...lines: string[]) => schema.node('doc', null, lines.map(block));

/** Where the first range that holds `words` in the old lines is in the new ones, as text; null when touched. */
function follow(before: string[], after: string[], words: string): string | null {
  const old = doc(...before);
  const now = doc(...after);
  let range: Range | null = null;
  old.descendants((node, position) => {
    const at = node.isTextblock ? node.textContent.indexOf(words) : -1;
    if (at >= 0) range ??= { from: position + 1 + at, to: position + 1 + at + words.length };
  });
  if (range === null) throw new Error(`no ${words}`);
  const change = difference(old, now);
  const mapped = change === null ? range : mapRange(range, change);
  return mapped === null ? null : now.textBetween(mapped.from, mapped.to);
}

test('words stay found when text before or after them changes', () => {
  expect(follow(['水利投资6.85亿元'], ['全县水利投资6.85亿元'], '投资')).toBe('投资');
  expect(follow(['水利投资6.85亿元'], ['水利投资7亿元'], '投资')).toBe('投资');
  expect(follow(['甲', '水利投资'], ['甲', '乙', '水利投资'], '投资')).toBe('投资');
  expect(follow(['甲', '水利投资'], ['水利投资'], '投资')).toBe('投资');
});

test('what is typed at either edge of the words does not join them', () => {
  expect(follow(['甲投资乙'], ['甲总投资乙'], '投资')).toBe('投资');
  expect(follow(['甲投资乙'], ['甲投资额乙'], '投资')).toBe('投资');
});

test('a repeated letter, of which both searches claim the same one, moves what follows', () => {
  expect(follow(['aa投资'], ['aaa投资'], '投资')).toBe('投资');
  expect(follow(['aaa投资'], ['aa投资'], '投资')).toBe('投资');
});

test('words that the change reaches into are said to be touched', () => {
  expect(follow(['水利投资'], ['水利总投入'], '投资')).toBeNull();
  expect(follow(['甲水利', '投资乙'], ['甲水', '利', '投资乙'], '水利')).toBeNull();
});

test('documents that are the same differ nowhere', () => {
  expect(difference(doc('甲', '乙'), doc('甲', '乙'))).toBeNull();
});

test('a thousand ranges in a report of 110,000 characters follow a letter in a few milliseconds', () => {
  const lines = Array.from({ length: 1_000 }, (_, i) => `第${i}段${'全县水利投资完成情况良好'.repeat(9)}`);
  const blocks = lines.map(block);
  const before = schema.node('doc', null, blocks);
  const after = schema.node('doc', null, blocks.with(500, block(`改${lines[500]}`)));
  const ranges: Range[] = [];
  before.forEach((_node, offset) => ranges.push({ from: offset + 3, to: offset + 9 }));
  const runs = Array.from({ length: 20 }, () => {
    const started = performance.now();
    const change = difference(before, after);
    if (change === null) throw new Error('nothing changed');
    const mapped = ranges.map((range) => mapRange(range, change));
    expect(mapped.filter((range) => range === null).length).toBeLessThanOrEqual(1);
    return performance.now() - started;
  });
  expect(Math.min(...runs)).toBeLessThan(5);
});
