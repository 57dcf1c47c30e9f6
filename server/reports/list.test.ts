import { afterEach, beforeEach, expect, test } from 'vitest';
import type { ReportQuery } from '#lib/review/query.ts';
import type { Actor, ReportRole, ReportStatus } from '#lib/review/permissions.ts';
import { can, REPORT_ROLES, REPORT_STATUSES } from '#lib/review/permissions.ts';
import { createAccess } from './access.ts';
import { createReport } from './create.ts';
import { getReport, listReports, REPORTS_PER_PAGE } from './list.ts';
import { openCounty, PEOPLE, type County } from './testing.ts';

let county: County;
beforeEach(async () => {
  county = await openCounty();
});
afterEach(() => county.close());

const QUERY: ReportQuery = {
  scope: 'all',
  status: null,
  departmentId: null,
  text: '',
  sort: 'updated',
  page: 1,
};
let clock = Date.parse('2024-03-02T09:00:00Z');

async function create(title: string, actor: Actor = PEOPLE.chen): Promise<string> {
  const input = { from: 'template', template: 'blank', title } as const;
  const outcome = await createReport(county.events, actor, input, new Date((clock += 1000)));
  if (!outcome.ok) throw new Error(outcome.code);
  return outcome.value.id;
}
async function give(
  reportId: string,
  subjectKind: 'person' | 'department',
  subjectId: string,
  role: ReportRole,
) {
  await county.store.db
    .insertInto('reportShare')
    .values({ reportId, subjectKind, subjectId, role })
    .execute();
}
async function set(reportId: string, values: { status?: ReportStatus; trashedAt?: string }) {
  await county.store.db.updateTable('report').set(values).where('id', '=', reportId).execute();
}
const list = (actor: Actor, query: Partial<ReportQuery> = {}) =>
  listReports(county.store.db, actor, { ...QUERY, ...query });
const titles = async (actor: Actor, query: Partial<ReportQuery> = {}) =>
  (await list(actor, query)).reports.map((report) => report.title);

test('everybody sees exactly what can() lets them read, with the role and the actions it gives', async () => {
  const ids: string[] = [];
  for (const status of REPORT_STATUSES) {
    for (const trashed of [false, true]) {
      for (const role of [...REPORT_ROLES, null]) {
        for (const kind of ['person', 'department'] as const) {
          const id = await create(`${status} ${trashed} ${role} ${kind}`, PEOPLE.lone);
          if (role !== null) await give(id, kind, kind === 'person' ? 'li' : 'stats', role);
          await set(id, { status, ...(trashed && { trashedAt: '2024-03-03T00:00:00Z' }) });
          ids.push(id);
        }
      }
    }
  }
  const access = createAccess(county.store.db);
  for (const actor of Object.values(PEOPLE)) {
    const seen = new Map((await allPages(actor)).map((report) => [report.id, report]));
    for (const id of ids) {
      const found = await access(actor, id);
      if (found === null) throw new Error(id);
      const readable = can(actor, 'read', found);
      expect(seen.has(id), `${actor.userId} ${JSON.stringify(found)}`).toBe(readable);
      const got = await getReport(county.store.db, actor, id);
      expect(got).toEqual(readable ? { ok: true, value: seen.get(id) } : { ok: false, code: 'not_found' });
    }
  }
});

async function allPages(actor: Actor) {
  const out = [];
  for (const scope of ['all', 'trash'] as const) {
    for (let page = 1, pages = 1; page <= pages; page++) {
      const got = await list(actor, { scope, page });
      out.push(...got.reports);
      pages = got.pages;
    }
  }
  return out;
}

test('mine is what was given to me by name; my department’s is drafted in it or given to it', async () => {
  const own = await create('陈晓的');
  await create('王岚的', PEOPLE.wang);
  const named = await create('给陈晓的', PEOPLE.li);
  await give(named, 'person', 'chen', 'viewer');
  const given = await create('给水务局的', PEOPLE.li);
  await give(given, 'department', 'water', 'editor');
  expect((await titles(PEOPLE.chen, { scope: 'mine' })).sort()).toEqual(['给陈晓的', '陈晓的'].sort());
  // 王岚's own report is of the department, yet only what may be read is listed.
  expect((await titles(PEOPLE.chen, { scope: 'department' })).sort()).toEqual(
    ['给水务局的', '陈晓的'].sort(),
  );
  expect(await titles(PEOPLE.lone, { scope: 'department' })).toEqual([]);
  await set(own, { trashedAt: '2024-03-03T00:00:00Z' });
  expect(await titles(PEOPLE.chen, { scope: 'mine' })).toEqual(['给陈晓的']);
  expect(await titles(PEOPLE.chen, { scope: 'trash' })).toEqual(['陈晓的']);
  expect(await titles(PEOPLE.li, { scope: 'trash' })).toEqual([]);
});

test('status, department and words of the title narrow the list; signs are taken literally', async () => {
  const a = await create('岚亭县治水 100% 达标');
  await create('岚亭县治水 1000 达标');
  await create('治_水', PEOPLE.li);
  await set(a, { status: 'review' });
  expect(await titles(PEOPLE.admin, { status: 'review' })).toEqual(['岚亭县治水 100% 达标']);
  expect(await titles(PEOPLE.admin, { departmentId: 'stats' })).toEqual(['治_水']);
  expect(await titles(PEOPLE.admin, { text: '100%' })).toEqual(['岚亭县治水 100% 达标']);
  expect(await titles(PEOPLE.admin, { text: '治_' })).toEqual(['治_水']);
  expect(await titles(PEOPLE.admin, { text: ' 达标  岚亭 ' })).toHaveLength(2);
  expect(await titles(PEOPLE.admin, { text: '\\' })).toEqual([]);
  expect(await titles(PEOPLE.admin, { text: "'; DROP TABLE report --" })).toEqual([]);
});

test('newest first by change or by creation; titles by pinyin', async () => {
  const first = await create('乙 张家沟');
  await create('甲 李家沟');
  await create('安家沟');
  await county.store.db
    .updateTable('report')
    .set({ updatedAt: '2030-01-01T00:00:00Z', updatedBy: 'wang' })
    .where('id', '=', first)
    .execute();
  expect(await titles(PEOPLE.chen)).toEqual(['乙 张家沟', '安家沟', '甲 李家沟']);
  expect(await titles(PEOPLE.chen, { sort: 'created' })).toEqual(['安家沟', '甲 李家沟', '乙 张家沟']);
  expect(await titles(PEOPLE.chen, { sort: 'title' })).toEqual(['安家沟', '甲 李家沟', '乙 张家沟']);
  const [top] = (await list(PEOPLE.chen)).reports;
  expect(top?.updatedBy).toEqual({ id: 'wang', name: '王岚' });
  expect(top?.department).toEqual({ id: 'water', name: '水务局', hue: 1 });
});

test.each(['updated', 'title'] as const)(
  'pages of fifty, sorted by %s, hold every report once',
  async (sort) => {
    for (let count = 0; count < REPORTS_PER_PAGE + 3; count++) await create(`第${count}期`);
    const first = await list(PEOPLE.chen, { sort });
    const second = await list(PEOPLE.chen, { sort, page: 2 });
    expect([first.total, first.pages, first.page, second.page]).toEqual([53, 2, 1, 2]);
    const ids = [...first.reports, ...second.reports].map(({ id }) => id);
    expect([ids.length, new Set(ids).size]).toEqual([53, 53]);
    expect(await list(PEOPLE.chen, { sort, page: 99 })).toEqual(second);
  },
);
