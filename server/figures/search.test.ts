import { toBase64 } from 'lib0/buffer';
import { join } from 'node:path';
import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import * as Y from 'yjs';
import { checkReport } from '#lib/figures/check.ts';
import { readFigures } from '#lib/figures/register.ts';
import type { FigureQuery } from '#lib/figures/query.ts';
import { reportOf } from '#lib/figures/testing.ts';
import type { Actor } from '#lib/review/permissions.ts';
import { checkHoldings } from '../backup/check.ts';
import { holdingsOf, openForReading } from '../backup/database.ts';
import { PEOPLE } from '../reports/testing.ts';
import { newKey, openReviewDesk, valueOf, type ReviewDesk } from '../review/testing.ts';
import { paragraph, REPORT, writeReport } from '../sync/testing.ts';
import { catchUpIndex } from './indexer.ts';
import { rowOf } from './row.ts';

const { chen, wang, li, lone, pub, admin } = PEOPLE;
const OTHER = 'report0000000002';
const log = pino({ level: 'silent' });

let one: ReviewDesk;
beforeEach(async () => {
  one = await openReviewDesk();
  await write(REPORT, ['全县17个乡镇实现全覆盖。', '2023年完成投资6.85亿元，新建水库12座。']);
  await writeReport(one.desk.county, one.desk.clock.now, OTHER);
  await write(OTHER, ['全县18个乡镇实现全覆盖。', '新建水库12座。']);
  await one.desk.county.store.db
    .deleteFrom('reportShare')
    .where('reportId', '=', OTHER)
    .where('subjectId', '!=', 'chen')
    .execute();
  await registerAll(REPORT, 'stats');
  await registerAll(OTHER, 'water');
  await one.indexed();
});
afterEach(() => one.close());

async function write(reportId: string, lines: readonly string[]): Promise<void> {
  const change = (doc: Y.Doc) => {
    const content = doc.getXmlFragment('content');
    content.insert(content.length, lines.map(paragraph));
  };
  valueOf(await one.desk.sync.edit(chen, reportId, change));
}

async function registerAll(reportId: string, department: string): Promise<string[]> {
  const stateVector = (await one.desk.sync.read(reportId, (doc) => toBase64(Y.encodeStateVector(doc)))) ?? '';
  const command = { key: newKey(), stateVector, all: true as const, fields: { department } };
  return valueOf(await one.figures.register(chen, reportId, command)).ids;
}

const ALL: FigureQuery = {
  scope: 'all',
  text: '',
  unit: '',
  departmentId: null,
  period: '',
  filter: null,
  page: 1,
};
const search = (who: Actor, query: Partial<FigureQuery> = {}) =>
  one.figures.search(who, { ...ALL, ...query });
const found = async (who: Actor, query: Partial<FigureQuery> = {}) =>
  (await search(who, query)).figures.map(({ surface }) => surface);
const rows = () =>
  one.desk.county.store.db.selectFrom('figure').selectAll().orderBy('reportId').orderBy('id').execute();

async function faults() {
  const { dir } = one.desk.county;
  const db = openForReading(join(dir, 'huigao.db'));
  try {
    return (await checkHoldings(holdingsOf(db, join(dir, 'pictures')))).faults;
  } finally {
    db.close();
  }
}

test('[G8] those that contradict each other come first, each with what it contradicts', async () => {
  const { figures, total } = await search(chen);
  expect(total).toBe(5);
  expect(new Set(figures.slice(0, 2).map(({ surface }) => surface))).toEqual(new Set(['17个', '18个']));
  const first = figures.find(({ surface }) => surface === '17个');
  expect(first?.against).toMatchObject([{ surface: '18个', report: { id: OTHER, title: '春耕' } }]);
  expect(figures.slice(2).flatMap(({ against }) => against)).toEqual([]);
  expect(await found(chen, { filter: 'conflict' })).toHaveLength(2);
});

test('[G8] a report that states several values of one topic contradicts no other by it', async () => {
  await write(OTHER, ['全县19个乡镇也实现了。']);
  await registerAll(OTHER, 'water');
  await one.indexed();
  expect(await found(chen, { text: '乡镇' })).toHaveLength(3);
  expect(await found(chen, { filter: 'conflict' })).toEqual([]);
});

test('[G8] of a report that one may not read nothing shows: not a figure, not a conflict, not a count', async () => {
  const { figures, total } = await search(li);
  expect(total).toBe(3);
  expect(figures.flatMap(({ against }) => against)).toEqual([]);
  // An id may hold the digits by chance.
  expect(JSON.stringify(figures)).not.toMatch(/18个|"18"/);
  expect(await found(li, { filter: 'conflict' })).toEqual([]);
  expect(await found(lone)).toEqual([]);
  expect(await found(pub)).toEqual([]);
  await one.desk.county.store.db.updateTable('report').set({ status: 'ready' }).execute();
  expect(await found(pub)).toHaveLength(5);
  await one.desk.county.store.db
    .updateTable('report')
    .set({ trashedAt: '2024-03-01T09:00:00.000Z' })
    .where('id', '=', OTHER)
    .execute();
  expect(await found(admin)).toHaveLength(3);
  expect(await found(admin, { filter: 'conflict' })).toEqual([]);
});

test('[G8] the list is narrowed by words, unit, department, period and state', async () => {
  expect(await found(chen, { text: '水库' })).toEqual(['12座', '12座']);
  expect(await found(chen, { text: '投资 6.85' })).toEqual(['6.85亿元']);
  expect(await found(chen, { text: '%' })).toEqual([]);
  expect(await found(chen, { unit: '元' })).toEqual(['6.85亿元']);
  expect(await found(chen, { departmentId: 'water' })).toHaveLength(2);
  expect(await found(chen, { period: '2023' })).toContain('6.85亿元');
  expect(await found(chen, { period: '1999' })).toEqual([]);
  expect(await found(chen, { filter: 'verified' })).toEqual([]);
  expect(await one.figures.units(li)).toContain('座');
});

test('[G8] a department’s list holds what waits for it, until that is done', async () => {
  expect(await found(li, { scope: 'todo' })).toHaveLength(3);
  expect(await found(lone, { scope: 'todo' })).toEqual([]);
  const figures = (await one.desk.sync.readReview(REPORT, readFigures)) ?? [];
  const verify = figures.map(({ id, valueKey }) => ({ id, valueKey }));
  valueOf(await one.figures.verifyMany(li, REPORT, { figures: verify }));
  await one.indexed();
  expect(await found(li, { scope: 'todo' })).toEqual([]);
  // Wang reads both, and sees that one of them contradicts another.
  expect(await found(wang, { scope: 'todo' })).toEqual([]);
  expect(await found(chen, { scope: 'todo' })).toHaveLength(2);
});

describe('what checking a report says', () => {
  const wrong = async (who: Actor, query: Partial<FigureQuery> = {}) =>
    (await search(who, query)).figures.flatMap(({ surface, wrong: why }) =>
      why === null ? [] : [`${surface} ${why.params['arithmetic']}`],
    );
  const all = async () => (await one.desk.sync.readReview(REPORT, readFigures)) ?? [];

  async function plant(before: readonly string[] = []): Promise<void> {
    await write(REPORT, [...before, '共有党员1886名，其中妇女599名，占31.67%。']);
    await registerAll(REPORT, 'stats');
    const figures = (await all()).map(({ id, valueKey }) => ({ id, valueKey }));
    valueOf(await one.figures.verifyMany(li, REPORT, { figures }));
    await one.indexed();
  }

  test('[G10] a verified figure that the sums of its report contradict waits for its department, and comes first', async () => {
    await plant();
    expect(await wrong(li, { scope: 'todo' })).toEqual(['31.67% 599名 ÷ 1886名 = 31.76%']);
    expect(await found(li, { filter: 'mismatch' })).toEqual(['31.67%']);
    expect((await found(li))[0]).toBe('31.67%');
    expect(await wrong(lone)).toEqual([]);
    // Nobody who reads the other report alone is told of this one.
    expect(await found(chen, { filter: 'mismatch' })).toEqual(['31.67%']);
  });

  test('[G10] of a report that is too long to be checked between two edits, too', async () => {
    await plant(Array.from({ length: 100 }, () => '坚持以人民为中心的发展思想。'.repeat(8)));
    expect(await wrong(li, { scope: 'todo' })).toEqual(['31.67% 599名 ÷ 1886名 = 31.76%']);
  });

  test('[G10] where nobody registered the figure that is accused, the others of the sum are told', async () => {
    await plant();
    const accused = (await all()).find(({ surface }) => surface === '31.67%');
    const at = { reportId: REPORT, figureId: accused?.id ?? '' };
    valueOf(await one.figures.remove(chen, at, { key: newKey() }));
    await one.indexed();
    expect(new Set(await found(li, { scope: 'todo' }))).toEqual(new Set(['1886名', '599名']));
  });

  test('[G10] what is let stand is not told, nor what was put right; across a restart, too', async () => {
    await plant();
    const [mismatch] = checkReport(reportOf('共有党员1886名，其中妇女599名，占31.67%。'));
    const finding = mismatch?.key ?? '';
    const dismissal = { key: newKey(), finding, rule: 'share', reason: '口径不同' };
    valueOf(await one.figures.dismiss(chen, REPORT, dismissal));
    await one.indexed();
    expect(await found(li, { scope: 'todo' })).toEqual([]);
    valueOf(await one.figures.restore(chen, REPORT, { key: newKey(), finding }));
    await one.indexed();
    expect(await found(li, { filter: 'mismatch' })).toEqual(['31.67%']);

    await one.desk.county.store.db.deleteFrom('figureStanding').execute();
    await one.desk.restart();
    await one.desk.sync.read(REPORT, () => null);
    await one.indexed();
    expect(await found(li, { filter: 'mismatch' })).toEqual(['31.67%']);
    const put = (doc: Y.Doc) => {
      const content = doc.getXmlFragment('content');
      content.delete(content.length - 1, 1);
    };
    valueOf(await one.desk.sync.edit(chen, REPORT, put));
    await one.indexed();
    expect(await found(li, { filter: 'mismatch' })).toEqual([]);
  });

  test('[G10] the figures of one registration come in the order of the text', async () => {
    await write(REPORT, ['一是9个，二是8个，三是7个，四是6个，五是5个，六是4个，七是3个。']);
    await registerAll(REPORT, 'stats');
    await one.indexed();
    const listed = (await found(li)).filter((surface) => surface.endsWith('个'));
    expect(listed).toEqual(['17个', '9个', '8个', '7个', '6个', '5个', '4个', '3个']);
  });
});

test('[G9] the index is what the registers say, after changes, and made anew when it is lost', async () => {
  const { db } = one.desk.county.store;
  const meant = async () => {
    const all = [];
    for (const id of [REPORT, OTHER])
      for (const figure of (await one.desk.sync.readReview(id, readFigures)) ?? [])
        all.push(rowOf(id, figure));
    return all.sort((a, b) => (a.reportId + a.id < b.reportId + b.id ? -1 : 1));
  };
  expect(await rows()).toEqual(await meant());
  const [first] = await rows();
  const at = { reportId: REPORT, figureId: first?.id ?? '' };
  valueOf(await one.figures.change(chen, at, { key: newKey(), source: { text: '年报' } }));
  valueOf(
    await one.figures.remove(chen, { ...at, figureId: (await rows())[1]?.id ?? '' }, { key: newKey() }),
  );
  await one.indexed();
  expect(await rows()).toEqual(await meant());
  expect(await rows()).toHaveLength(4);
  expect(await faults()).toEqual([]);

  await db.updateTable('figure').set({ value: '99' }).where('reportId', '=', REPORT).execute();
  expect(await faults()).toMatchObject([{ about: 'document', fault: 'figures', reportId: REPORT }]);
  await db.deleteFrom('figure').execute();
  await db.deleteFrom('docProjection').where('name', '=', 'figures').execute();
  await one.desk.restart();
  await catchUpIndex({ db, log }, one.desk.sync);
  await one.indexed();
  expect(await rows()).toEqual(await meant());
  expect(await faults()).toEqual([]);
});
