import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { longestMatch } from './match.ts';

test('the longest common stretch is found, wherever it stands', () => {
  expect(longestMatch('甲全县春耕乙', '丙全县春耕丁', 1)).toEqual({ at: 1, from: 1, length: 4 });
  expect(longestMatch('全县', '春耕', 1)).toBeNull();
  expect(longestMatch('全县', '在全县', 3)).toBeNull();
  expect(longestMatch('', '全县', 0)).toBeNull();
});

test('a match is what both have, and none is longer', () => {
  const word = fc.string({ unit: fc.constantFrom('a', 'b', 'c'), maxLength: 12 });
  fc.assert(
    fc.property(word, word, (text, source) => {
      const found = longestMatch(text, source, 1);
      const longest = Math.max(
        0,
        ...[...text].flatMap((_, from) =>
          [...text].map((__, to) => (source.includes(text.slice(from, to + 1)) ? to + 1 - from : 0)),
        ),
      );
      expect(found?.length ?? 0).toBe(longest);
      if (found !== null) {
        const { at, from, length } = found;
        expect(text.slice(at, at + length)).toBe(source.slice(from, from + length));
      }
    }),
  );
});

test('a moved chapter is found in a long text without comparing everything with everything', () => {
  const chapter = Array.from({ length: 4000 }, (_, i) =>
    String.fromCharCode(0x4e00 + ((i * 7919) % 9000)),
  ).join('');
  const source = `${'前'.repeat(5000)}${chapter}${'后'.repeat(5000)}`;
  expect(longestMatch(`新${chapter}`, source, 8)).toEqual({ at: 1, from: 5000, length: 4000 });
});
