import { expect, test } from 'vitest';
import { isFiltered, queryHref, readQuery } from './query.ts';
import { exactTime, relativeTime } from '#lib/ui/when.ts';

const read = (search: string) => readQuery(new URLSearchParams(search), 'mine');

test('an address says what is asked for, and what makes no sense is as if it were not there', () => {
  const full = 'scope=all&status=review&department=d1&q=%E6%B2%BB%E6%B0%B4&sort=title&page=3';
  expect(read(full)).toEqual({
    scope: 'all',
    status: 'review',
    departmentId: 'd1',
    text: '治水',
    sort: 'title',
    page: 3,
  });
  const nothing = { scope: 'mine', status: null, departmentId: null, text: '', sort: 'updated', page: 1 };
  expect(read('')).toEqual(nothing);
  expect(read('scope=theirs&status=lost&department=&q=+&sort=up&page=-1')).toEqual(nothing);
  expect(read(`page=1e99&q=${'长'.repeat(500)}`)).toEqual({ ...nothing, text: '长'.repeat(100) });
});

test('every query has an address that reads as itself, and a change begins at the first page', () => {
  const query = read('scope=trash&status=draft&department=d1&q=a+b&sort=created&page=2');
  expect(readQuery(new URL(queryHref(query, { page: 2 }), 'http://x').searchParams, 'mine')).toEqual(query);
  expect(read(queryHref(query, { scope: 'all' }).slice(2))).toEqual({ ...query, scope: 'all', page: 1 });
  expect(queryHref(read(''))).toBe('/');
  expect([isFiltered(query), isFiltered(read('scope=all&sort=title'))]).toEqual([true, false]);
});

test('a moment is said in words for a week, then as a day, with the year when it is another', () => {
  const now = new Date('2024-03-10T04:00:00Z');
  const said = (iso: string) => relativeTime(iso, now, 'zh-CN');
  expect(said('2024-03-10T03:59:40Z')).toBe('刚刚');
  expect(said('2024-03-10T04:00:05Z')).toBe('刚刚');
  expect(said('2024-03-10T03:13:00Z')).toBe('47分钟前');
  expect(said('2024-03-10T01:00:00Z')).toBe('3小时前');
  expect(said('2024-03-08T01:00:00Z')).toBe('前天');
  expect(said('2024-02-28T17:00:00Z')).toBe('2月29日');
  expect(said('2023-12-31T15:00:00Z')).toBe('2023年12月31日');
  expect(relativeTime('2024-02-28T17:00:00Z', now, 'en')).toBe('Feb 29');
  expect(exactTime('2024-02-28T17:05:00Z', 'zh-CN')).toBe('2024年2月29日 01:05');
});
