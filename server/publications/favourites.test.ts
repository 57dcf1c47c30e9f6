import { afterAll, beforeAll, expect, test } from 'vitest';
import { valueOf } from '../review/testing.ts';
import { openPress, type Press } from './testing.ts';

let press: Press;
let first: number;
let second: number;
beforeAll(async () => {
  press = await openPress();
  first = valueOf(await press.publish(await press.ready('水利建设综述'))).number;
  second = valueOf(await press.publish(await press.ready('春耕备耕'))).number;
});
afterAll(() => press.close());

test('people keep articles, each their own, and leave them again', async () => {
  const { app, writer, reviewer } = press;
  const numbers = async (actor = writer) => (await app.favourites.list(actor)).map(({ number }) => number);
  for (const number of [first, second, first]) valueOf(await app.favourites.keep(writer, number));
  expect(new Set(await numbers())).toEqual(new Set([first, second]));
  expect(await numbers(reviewer)).toEqual([]);
  expect(await app.favourites.has(writer, first)).toBe(true);
  expect(await app.favourites.has(reviewer, first)).toBe(false);
  valueOf(await app.favourites.leave(writer, first));
  expect(await app.favourites.list(writer)).toEqual([
    { number: second, title: '春耕备耕', date: '2024-03-01' },
  ]);
});

test('what there is not cannot be kept, and what was withdrawn is not listed', async () => {
  const { app, publisher, writer } = press;
  valueOf(await app.favourites.keep(writer, second));
  expect(await app.favourites.keep(writer, 999_999)).toEqual({ ok: false, code: 'not_found' });
  valueOf(await app.publications.withdraw(publisher, second, { note: '内容有误' }));
  expect(await app.favourites.list(writer)).toEqual([]);
  expect(await app.favourites.keep(press.reviewer, second)).toEqual({ ok: false, code: 'not_found' });
});

test('whoever keeps pages forgets them with each publication, and articles say where and in what they are', async () => {
  const { app } = press;
  const { generation } = app.keptPages;
  const { number } = valueOf(await press.publish(await press.ready('秋收')));
  expect(app.keptPages.generation).toBeGreaterThan(generation);
  expect((await app.articles.addresses()).map((one) => one.number)).toEqual([number, first]);
  expect(await app.articles.formats(number)).toContain('html');
  expect(await app.articles.formats(second)).toEqual([]);
});
