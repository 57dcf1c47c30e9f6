import { afterEach, beforeEach, expect, test } from 'vitest';
import type { AuditFilter } from '#lib/review/audit.ts';
import { createReport } from '../reports/create.ts';
import { setShare } from '../reports/shares.ts';
import { openCounty, PEOPLE, type County } from '../reports/testing.ts';
import { LINES_PER_PAGE, openAudit, type Audit } from './audit.ts';

const NONE: AuditFilter = { person: '', report: '', area: null, from: null, to: null, asAdmin: false };
// The county's clock: four in the afternoon of the first of March 2024 in China.
const AT = new Date('2024-03-01T08:00:00Z');

let county: County;
let audit: Audit;
const ids: string[] = [];
beforeEach(async () => {
  county = await openCounty();
  audit = openAudit(county.store.db, county.events);
  ids.length = 0;
  for (const title of ['治水', '100% 达标']) {
    const input = { from: 'template', template: 'blank', title } as const;
    const created = await createReport(county.events, PEOPLE.chen, input, AT);
    if (!created.ok) throw new Error(created.code);
    ids.push(created.value.id);
  }
  await setShare(county.events, PEOPLE.admin, ids[0] ?? '', { kind: 'person', id: 'li' }, 'viewer');
  await county.events.emit(
    { type: 'signIn.done', actor: PEOPLE.wang, address: '192.0.2.1' },
    { type: 'department.removed', actor: PEOPLE.admin, departmentId: 'gone', name: '林业局' },
  );
});
afterEach(() => county.close());

async function acts(filter: Partial<AuditFilter>) {
  const outcome = await audit.list(PEOPLE.admin, { ...NONE, ...filter });
  if (!outcome.ok) throw new Error(outcome.code);
  return outcome.value.lines.map(({ act }) => act).toReversed();
}

test('only administrators read the log or take it along', async () => {
  for (const actor of [PEOPLE.chen, PEOPLE.pub]) {
    expect(await audit.list(actor, NONE)).toEqual({ ok: false, code: 'forbidden' });
    expect(await audit.export(actor, NONE)).toEqual({ ok: false, code: 'forbidden' });
  }
});

test('lines say who did what to what, by the names of today', async () => {
  const outcome = await audit.list(PEOPLE.admin, { ...NONE, area: 'share' });
  expect(outcome).toMatchObject({
    value: {
      lines: [
        {
          act: 'report.shared',
          actor: { id: 'admin', name: '管理员', username: 'admin' },
          asAdmin: true,
          report: { id: ids[0], title: '治水' },
          subject: { kind: 'person', id: 'li', name: '李文静' },
          detail: { role: 'viewer' },
        },
      ],
      total: 1,
    },
  });
});

test('the log is narrowed by person, report, kind of act, day and administrators’ acts', async () => {
  expect(await acts({})).toEqual([
    'report.created',
    'report.created',
    'report.shared',
    'signIn.done',
    'department.removed',
  ]);
  expect(await acts({ person: '李文' })).toEqual(['report.shared']);
  expect(await acts({ person: 'WANG' })).toEqual(['signIn.done']);
  expect(await acts({ person: '%' })).toEqual([]);
  expect(await acts({ report: '100%' })).toEqual(['report.created']);
  expect(await acts({ report: ids[0] ?? '' })).toEqual(['report.created', 'report.shared']);
  expect(await acts({ area: 'people' })).toEqual(['department.removed']);
  expect(await acts({ area: 'signIn' })).toEqual(['signIn.done']);
  expect(await acts({ asAdmin: true })).toEqual(['report.shared']);
  expect(await acts({ from: '2024-03-02' })).toEqual([]);
  expect(await acts({ to: '2024-02-29' })).toEqual([]);
  expect(await acts({ from: '2024-03-01', to: '2024-03-01' })).toHaveLength(5);
});

test('a long log has pages, and leaves whole, newest first; taking it along is recorded', async () => {
  const renamed = { type: 'report.renamed', actor: PEOPLE.chen, reportId: ids[0] ?? '' } as const;
  await county.events.emit(...Array.from({ length: 1_100 }, () => renamed));
  const second = await audit.list(PEOPLE.admin, NONE, 2);
  if (!second.ok) throw new Error(second.code);
  expect([second.value.lines.length, second.value.total]).toEqual([LINES_PER_PAGE, 1_105]);
  const exported = await audit.export(PEOPLE.admin, NONE);
  if (!exported.ok) throw new Error(exported.code);
  const seen: number[] = [];
  for await (const lines of exported.value) seen.push(...lines.map(({ id }) => id));
  expect(seen).toEqual(Array.from({ length: 1_106 }, (_, index) => 1_106 - index));
  expect((await acts({ area: 'export' })).at(-1)).toBe('audit.exported');
});
