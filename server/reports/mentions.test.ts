import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Actor } from '#lib/review/permissions.ts';
import { createReport } from './create.ts';
import { findMentions } from './mentions.ts';
import { setShare } from './shares.ts';
import { openCounty, PEOPLE, type County } from './testing.ts';

let county: County;
let id: string;
beforeEach(async () => {
  county = await openCounty();
  const input = { from: 'template', template: 'blank', title: '治水' } as const;
  const outcome = await createReport(county.events, PEOPLE.chen, input, new Date('2024-03-02T09:00:00Z'));
  if (!outcome.ok) throw new Error(outcome.code);
  id = outcome.value.id;
});
afterEach(() => county.close());

async function names(text: string, actor: Actor = PEOPLE.chen) {
  const found = await findMentions(county.store.db, actor, id, text);
  return found.ok ? found.value.map(({ name }) => name) : found.code;
}
const share = (kind: 'person' | 'department', subject: string) =>
  setShare(county.events, PEOPLE.chen, id, { kind, id: subject }, 'commenter');

test('who may read the report may be mentioned, and nobody else', async () => {
  expect(await names('')).toEqual(['管理员', '陈晓', '水务局']);
  await share('person', 'li');
  expect(await names('')).toEqual(['管理员', '陈晓', '李文静', '水务局', '统计局']);
  await share('department', 'stats');
  expect(await names('')).toEqual(['管理员', '陈晓', '李文静', '赵启明', '水务局', '统计局']);
  await county.store.db.updateTable('user').set({ disabled: 1 }).where('id', '=', 'zhao').execute();
  expect(await names('zqm')).toEqual([]);
});

test('people and departments are found by name, initials and pinyin; what begins so comes first', async () => {
  await share('department', 'stats');
  expect(await names('lwj')).toEqual(['李文静']);
  expect(await names('wenjing')).toEqual(['李文静']);
  expect(await names('静')).toEqual(['李文静']);
  expect(await names('swj')).toEqual(['水务局']);
  expect(await names('TJ')).toEqual(['统计局']);
  expect(await names('j')).toEqual(['李文静', '水务局', '统计局']);
  expect(await names("' OR 1=1 --")).toEqual([]);
});

test('only those who may comment are told whom they may mention', async () => {
  expect(await names('', PEOPLE.li)).toBe('not_found');
  await setShare(county.events, PEOPLE.chen, id, { kind: 'person', id: 'li' }, 'viewer');
  expect(await names('', PEOPLE.li)).toBe('forbidden');
});
