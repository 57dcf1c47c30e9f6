import { gunzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { KeptPages, toKept } from './kept.ts';

const page = (text: string, type = 'text/html; charset=utf-8') =>
  toKept({ 'content-type': type }, new TextEncoder().encode(text));
const MEGABYTE = 'x'.repeat(2 ** 20);

test('a page is found as it was kept, plain and compressed, under a tag of its bytes', () => {
  const pages = new KeptPages();
  const kept = page('水利'.repeat(100));
  pages.keep('/articles', kept, pages.generation);
  expect(pages.get('/articles')).toBe(kept);
  expect(new TextDecoder().decode(gunzipSync(kept.gzip ?? new Uint8Array()))).toBe('水利'.repeat(100));
  expect(kept.etag).toMatch(/^W\/"[\w-]{22}"$/);
  expect(page('一').etag).not.toBe(page('二').etag);
  expect(page('x'.repeat(1000), 'image/png').gzip).toBeNull();
});

test('a publication makes all be forgotten, and what was rendered before it is not kept after it', () => {
  const pages = new KeptPages();
  pages.keep('/articles', page('旧'), pages.generation);
  pages.heard([{ type: 'thread.replied' }]);
  expect(pages.get('/articles')).not.toBeNull();
  const begun = pages.generation;
  pages.heard([{ type: 'thread.replied' }, { type: 'report.published' }]);
  expect(pages.get('/articles')).toBeNull();
  expect(pages.bytes).toBe(0);
  pages.keep('/articles', page('旧'), begun);
  expect(pages.get('/articles')).toBeNull();
});

test('memory is bounded: what nobody asked for longest goes first, and what is huge is not kept', () => {
  const pages = new KeptPages();
  const picture = page(MEGABYTE, 'image/png');
  for (let index = 0; index < 64; index += 1) pages.keep(`/${index}`, picture, 0);
  pages.get('/0');
  pages.keep('/64', picture, 0);
  expect(pages.get('/0')).not.toBeNull();
  expect(pages.get('/1')).toBeNull();
  expect(pages.bytes).toBe(64 * 2 ** 20);
  pages.keep('/huge', page(MEGABYTE.repeat(5), 'image/png'), 0);
  expect(pages.get('/huge')).toBeNull();
});
