import { expect, test } from 'vitest';
import { destination } from './destination.ts';

test('a path of this site is gone on to, with its query', () => {
  expect(destination('/reports/abc?x=1#2')).toBe('/reports/abc?x=1#2');
});

test.each([
  null,
  '',
  'https://evil.example/',
  '//evil.example',
  '/\\evil.example',
  '/\t/evil.example',
  '/x/..//evil.example',
  '/.//evil.example',
  'javascript:alert(1)',
  'reports',
])('%s leads home', (to) => {
  expect(destination(to)).toBe('/');
});
