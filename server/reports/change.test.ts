import { afterEach, beforeEach, expect, test } from 'vitest';
import type { ReportRole } from '#lib/review/permissions.ts';
import { can } from '#lib/review/permissions.ts';
import { createAccess } from './access.ts';
import { restoreReport, setStatus, trashReport } from './change.ts';
import { createReport } from './create.ts';
import { findSubjects, listShares, removeShare, setShare } from './shares.ts';
import { openCounty, PEOPLE, type County } from './testing.ts';

const AT = new Date('2024-03-02T09:00:00Z');
const LI = { kind: 'person', id: 'li' } as const;
const CHEN = { kind: 'person', id: 'chen' } as const;
const STATS = { kind: 'department', id: 'stats' } as const;

let county: County;
let id: string;
beforeEach(async () => {
  county = await openCounty();
  const input = { from: 'template', template: 'blank', title: '治水' } as const;
  const outcome = await createReport(county.events, PEOPLE.chen, input, AT);
  if (!outcome.ok) throw new Error(outcome.code);
  id = outcome.value.id;
});
afterEach(() => county.close());

const db = () => county.store.db;
async function epochs(): Promise<number[]> {
  const rows = await db().selectFrom('doc').select('accessEpoch').where('reportId', '=', id).execute();
  return rows.map(({ accessEpoch }) => accessEpoch);
}
const status = async () =>
  (await db().selectFrom('report').select('status').where('id', '=', id).executeTakeFirstOrThrow()).status;
const shareWithLi = (role: ReportRole) => setShare(county.events, PEOPLE.chen, id, LI, role);
const code = (outcome: { ok: true } | { ok: false; code: string }) => (outcome.ok ? 'ok' : outcome.code);

test('a share counts at once, and raises the access epoch of both documents with it', async () => {
  expect(await epochs()).toEqual([1, 1]);
  expect(code(await shareWithLi('editor'))).toBe('ok');
  expect(await epochs()).toEqual([2, 2]);
  const access = await createAccess(db())(PEOPLE.li, id);
  expect(access !== null && can(PEOPLE.li, 'write', access)).toBe(true);
  expect(code(await removeShare(county.events, PEOPLE.chen, id, LI))).toBe('ok');
  expect(await epochs()).toEqual([3, 3]);
  expect((await createAccess(db())(PEOPLE.li, id))?.given).toBeNull();
});

test('giving again changes the role, and there is one share of each', async () => {
  await shareWithLi('viewer');
  await shareWithLi('commenter');
  await setShare(county.events, PEOPLE.chen, id, STATS, 'editor');
  const shares = await listShares(db(), PEOPLE.li, id);
  expect(shares).toEqual({
    ok: true,
    value: [
      { kind: 'person', id: 'chen', name: '陈晓', department: '水务局', hue: 1, role: 'owner' },
      { kind: 'department', id: 'stats', name: '统计局', department: null, hue: 2, role: 'editor' },
      { kind: 'person', id: 'li', name: '李文静', department: '统计局', hue: 2, role: 'commenter' },
    ],
  });
});

test('the last owner stays, whatever takes them away; another owner may let them go', async () => {
  expect(code(await removeShare(county.events, PEOPLE.chen, id, CHEN))).toBe('last_owner');
  expect(code(await setShare(county.events, PEOPLE.admin, id, CHEN, 'editor'))).toBe('last_owner');
  expect(await epochs()).toEqual([1, 1]);
  await shareWithLi('owner');
  expect(code(await removeShare(county.events, PEOPLE.li, id, CHEN))).toBe('ok');
  expect(code(await removeShare(county.events, PEOPLE.li, id, LI))).toBe('last_owner');
});

test('two owners who remove each other at once leave one', async () => {
  await shareWithLi('owner');
  const outcomes = await Promise.all([
    removeShare(county.events, PEOPLE.chen, id, LI),
    removeShare(county.events, PEOPLE.li, id, CHEN),
  ]);
  expect(outcomes.map(code)).toEqual(['ok', 'not_found']);
});

test('nobody unknown, and nobody disabled, is shared with', async () => {
  expect(
    code(await setShare(county.events, PEOPLE.chen, id, { kind: 'person', id: 'nobody' }, 'viewer')),
  ).toBe('invalid');
  expect(
    code(await setShare(county.events, PEOPLE.chen, id, { kind: 'department', id: 'li' }, 'viewer')),
  ).toBe('invalid');
  await db().updateTable('user').set({ disabled: 1 }).where('id', '=', 'li').execute();
  expect(code(await shareWithLi('viewer'))).toBe('invalid');
  expect(await epochs()).toEqual([1, 1]);
});

test('to those who may not read, a forbidden report is as unknown as one that never was', async () => {
  for (const target of [id, 'nosuchreport0000']) {
    const attempts = [
      listShares(db(), PEOPLE.li, target),
      setShare(county.events, PEOPLE.li, target, LI, 'owner'),
      removeShare(county.events, PEOPLE.li, target, CHEN),
      findSubjects(db(), PEOPLE.li, target, ''),
      setStatus(county.events, PEOPLE.li, target, 'review', AT),
      trashReport(county.events, PEOPLE.li, target, AT),
      restoreReport(county.events, PEOPLE.li, target),
    ];
    for (const outcome of await Promise.all<unknown>(attempts)) {
      expect(outcome).toEqual({ ok: false, code: 'not_found' });
    }
  }
});

test('an editor sets draft and review, only an owner sets ready, and nobody sets published', async () => {
  await shareWithLi('editor');
  expect(code(await setStatus(county.events, PEOPLE.li, id, 'review', AT))).toBe('ok');
  expect(await status()).toBe('review');
  expect(code(await setStatus(county.events, PEOPLE.li, id, 'ready', AT))).toBe('forbidden');
  expect(code(await setStatus(county.events, PEOPLE.chen, id, 'ready', AT))).toBe('ok');
  await shareWithLi('commenter');
  expect(code(await setStatus(county.events, PEOPLE.li, id, 'draft', AT))).toBe('forbidden');
  await db().updateTable('report').set({ status: 'published' }).execute();
  expect(code(await setStatus(county.events, PEOPLE.chen, id, 'draft', AT))).toBe('conflict');
  expect(await status()).toBe('published');
});

test('a report in the trash is its owner’s alone, cannot be changed, and comes back as it was', async () => {
  await shareWithLi('editor');
  expect(code(await trashReport(county.events, PEOPLE.li, id, AT))).toBe('forbidden');
  expect(code(await trashReport(county.events, PEOPLE.chen, id, AT))).toBe('ok');
  expect(await epochs()).toEqual([3, 3]);
  expect(code(await setStatus(county.events, PEOPLE.chen, id, 'review', AT))).toBe('forbidden');
  expect(code(await shareWithLi('viewer'))).toBe('forbidden');
  expect(code(await restoreReport(county.events, PEOPLE.li, id))).toBe('not_found');
  expect(code(await restoreReport(county.events, PEOPLE.chen, id))).toBe('ok');
  expect((await createAccess(db())(PEOPLE.li, id))?.given).toBe('editor');
  expect(code(await restoreReport(county.events, PEOPLE.chen, id))).toBe('forbidden');
});

test('completion finds departments and people by name, user name or department, but none twice', async () => {
  const find = async (text: string) => {
    const found = await findSubjects(db(), PEOPLE.chen, id, text);
    return found.ok ? found.value.map(({ name }) => name).sort() : found.code;
  };
  expect(await find('统计')).toEqual(['李文静', '统计局', '赵启明'].sort());
  expect(await find('zha')).toEqual(['赵启明']);
  expect(await find('陈晓')).toEqual([]);
  await setShare(county.events, PEOPLE.chen, id, STATS, 'viewer');
  await shareWithLi('viewer');
  expect(await find('统计')).toEqual(['赵启明']);
  await db().updateTable('user').set({ disabled: 1 }).where('id', '=', 'zhao').execute();
  expect(await find('统计')).toEqual([]);
  expect(await find('%')).toEqual([]);
  expect(code(await findSubjects(db(), PEOPLE.li, id, ''))).toBe('forbidden');
});
