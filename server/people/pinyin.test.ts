import { expect, test } from 'vitest';
import { loadSyllables, normal, spelledAt } from './pinyin.ts';

const syllables = await loadSyllables();

test.each([
  ['林晓禾', 'lxh', 0],
  ['林晓禾', 'linxiaohe', 0],
  ['林晓禾', 'linxh', 0],
  ['林晓禾', 'lxiao', 0],
  ['林晓禾', 'xiaohe', 1],
  ['林晓禾', 'xh', 1],
  ['林晓禾', 'l', 0],
  ['林晓禾', 'lh', null],
  ['林晓禾', 'linxiaohen', null],
  ['县教育局', 'jyj', 1],
  ['县教育局', 'xjyj', 0],
  ['张珊', 'zhs', 0],
  ['张珊', 'zsh', 0],
  ['Tom 王', 'tomw', 0],
  ['水利二科2组', '2z', 4],
] as const)('%s is found by %s at syllable %s', (name, typed, at) => {
  expect(spelledAt(syllables(name, name.endsWith('局') ? 'department' : 'person'), typed)).toBe(at);
});

test('a family name is read as one, and only in a person’s name', () => {
  expect(syllables('单立人', 'person')).toEqual(['shan', 'li', 'ren']);
  expect(syllables('区乐', 'person')[0]).toBe('ou');
  expect(syllables('区政府办', 'department')[0]).toBe('qu');
});

test('capitals, spaces, apostrophes, full width and ü do not matter', () => {
  expect(normal(" Lü'Ｂｕ ")).toBe('lvbu');
  expect(spelledAt(syllables('吕布', 'person'), normal('lü bu'))).toBe(0);
});

test('a name of one repeated letter is judged at once', () => {
  const name = syllables('阿'.repeat(40), 'person');
  expect(spelledAt(name, `${'a'.repeat(39)}b`)).toBeNull();
});
