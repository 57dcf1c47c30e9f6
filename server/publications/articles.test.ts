/** What readers find of what was published. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { valueOf } from '../review/testing.ts';
import { openPress, textOf, type Press } from './testing.ts';
import { indexedWords, matchOf } from './words.ts';

let press: Press;
/** In the order of their publication. */
const numbers: number[] = [];
beforeAll(async () => {
  press = await openPress();
  const articles = [
    ['水利建设综述', '2024-02-28', '新建水库12座，惠及３乡镇。'],
    ['春耕备耕', '2024-03-01', '推广“双百四联”机制，GDP增长6.5%。'],
    ['补记旧事', '2023-12-08', '兴修水渠，利在千秋。'],
  ] as const;
  for (const [title, date, text] of articles) {
    const id = await press.ready(title, textOf(title, text));
    numbers.push(valueOf(await press.publish(id, { date })).number);
  }
});
afterAll(() => press.close());

const titles = async (query: Parameters<Press['app']['articles']['list']>[0] = {}) =>
  (await press.app.articles.list(query)).articles.map(({ title }) => title);

test('the newest day comes first, and each article knows its neighbours in that order', async () => {
  expect(await titles()).toEqual(['春耕备耕', '水利建设综述', '补记旧事']);
  const [first = 0, second = 0, third = 0] = numbers;
  expect(await press.app.articles.find(first)).toMatchObject({
    newer: { number: second, title: '春耕备耕' },
    older: { number: third, title: '补记旧事' },
  });
  expect(await press.app.articles.find(second)).toMatchObject({ newer: null });
  expect(await press.app.articles.find(third)).toMatchObject({ older: null });
});

test('articles are listed by month and by department, and both are counted', async () => {
  const { articles } = press.app;
  expect(await titles({ month: '2024-03' })).toEqual(['春耕备耕']);
  expect(await titles({ month: '2024-01' })).toEqual([]);
  const { departments, months } = await articles.shelves();
  expect(departments).toMatchObject([{ name: '县教育局', articles: 3 }]);
  expect(months.map(({ month }) => month)).toEqual(['2024-03', '2024-02', '2023-12']);
  expect(await titles({ departmentId: departments[0]?.id ?? '' })).toHaveLength(3);
  expect(await titles({ departmentId: 'nowhere' })).toEqual([]);
  expect(await articles.list({ page: 9 })).toMatchObject({ total: 3, page: 1, pages: 1 });
});

test.each([
  ['水利', ['水利建设综述']],
  ['水', ['水利建设综述', '补记旧事']],
  ['新建水库12', ['水利建设综述']],
  ['3乡镇', ['水利建设综述']],
  ['双百四联', ['春耕备耕']],
  ['gdp增长', ['春耕备耕']],
  ['春耕 机制', ['春耕备耕']],
  ['春耕 水库', []],
  ['渠利', []],
  ['"OR* (', []],
  ['林晓禾', ['春耕备耕', '水利建设综述', '补记旧事']],
  [' ，。', ['春耕备耕', '水利建设综述', '补记旧事']],
])('who looks for %j finds %j', async (query, found) => {
  expect(await titles({ query })).toEqual(found);
});

describe('words', () => {
  test('a run of characters is indexed by its pairs and its last', () => {
    expect(indexedWords('兴水利，GDP增长6.5%')).toBe('兴水 水利 利 gdp 增长 长 6 5');
  });
  test('what is looked for may begin and end within a word', () => {
    expect(matchOf('水利')).toBe('"水利"');
    expect(matchOf('水')).toBe('"水" *');
    expect(matchOf('增长6')).toBe('"增长 长 6" *');
    expect(matchOf('  ')).toBeNull();
  });
});

test('whoever keeps pages knows when they have changed', async () => {
  const { articles, publications } = press.app;
  const before = await articles.lastChanged();
  const { number } = valueOf(await press.publish(await press.ready('又一篇')));
  const after = await articles.lastChanged();
  expect(after.count).toBe(before.count + 1);
  valueOf(await publications.withdraw(press.publisher, number, { note: '撤回' }));
  expect((await articles.lastChanged()).count).toBe(before.count + 2);
});
