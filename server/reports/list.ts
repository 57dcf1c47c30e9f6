import { sql, type Kysely, type SqlBool } from 'kysely';
import type { ReportQuery } from '#lib/review/query.ts';
import type { Actor, ReportAction, ReportRole, ReportStatus } from '#lib/review/permissions.ts';
import { allowedActions, effectiveRole, REPORT_ROLES } from '#lib/review/permissions.ts';
import { done, refuse, type Outcome } from '../outcome.ts';
import type { Database } from '../store/tables.ts';

export const REPORTS_PER_PAGE = 50;

/** A report as lists and the API show it. */
export interface ReportSummary {
  id: string;
  /** Empty: it has none yet. */
  title: string;
  status: ReportStatus;
  /** The actor's role, all considered. */
  role: ReportRole;
  /** What the actor may do with it. */
  actions: ReportAction[];
  /** The department it was drafted in. */
  department: { id: string; name: string; hue: number } | null;
  createdAt: string;
  updatedAt: string;
  updatedBy: { id: string; name: string } | null;
  trashedAt: string | null;
  /** How many people and departments it is shared with, the owner included. */
  shares: number;
}

export interface ReportPage {
  reports: ReportSummary[];
  total: number;
  page: number;
  pages: number;
}

export async function listReports(
  db: Kysely<Database>,
  actor: Actor,
  query: ReportQuery,
): Promise<ReportPage> {
  const matching = matchingReports(db, actor, query);
  if (query.sort === 'title') {
    // SQLite knows no pinyin, so titles are ordered here; they are small.
    const titles = await matching.select(['report.id', 'report.title']).execute();
    const pinyin = new Intl.Collator('zh-CN', { numeric: true });
    titles.sort((a, b) => pinyin.compare(a.title, b.title) || (a.id < b.id ? -1 : 1));
    const page = pageOf(titles.length, query.page);
    const ids = titles.slice(page.offset, page.offset + REPORTS_PER_PAGE).map(({ id }) => id);
    const found = await summaries(db, actor, ids);
    return { ...page.facts, reports: ids.flatMap((id) => found.find((report) => report.id === id) ?? []) };
  }
  const { total } = await matching
    .select((get) => get.fn.countAll<number>().as('total'))
    .executeTakeFirstOrThrow();
  const page = pageOf(total, query.page);
  const column = query.sort === 'created' ? 'report.createdAt' : 'report.updatedAt';
  const reports = await matching
    .$call((select) => withFacts(select, actor))
    .orderBy(column, 'desc')
    .orderBy('report.id')
    .limit(REPORTS_PER_PAGE)
    .offset(page.offset)
    .execute();
  return { ...page.facts, reports: reports.map((row) => summaryOf(actor, row)) };
}

/** One report, for those who may read it. */
export async function getReport(
  db: Kysely<Database>,
  actor: Actor,
  reportId: string,
): Promise<Outcome<ReportSummary>> {
  const [report] = await summaries(db, actor, [reportId]);
  return report?.actions.includes('read') ? done(report) : refuse('not_found');
}

/** Which of these reports the actor may read. */
export async function readableReports(
  db: Kysely<Database>,
  actor: Actor,
  ids: readonly string[],
): Promise<string[]> {
  const found = await summaries(db, actor, ids);
  return found.filter(({ actions }) => actions.includes('read')).map(({ id }) => id);
}

/** The ids of the reports that the actor may read and that are not in the trash, to be selected from. */
export function readableIds(db: Kysely<Database>, actor: Actor) {
  const all: ReportQuery = {
    scope: 'all',
    status: null,
    departmentId: null,
    text: '',
    sort: 'updated',
    page: 1,
  };
  return matchingReports(db, actor, all).select('report.id');
}

async function summaries(
  db: Kysely<Database>,
  actor: Actor,
  ids: readonly string[],
): Promise<ReportSummary[]> {
  if (ids.length === 0) return [];
  const rows = await withFacts(db.selectFrom('report').where('report.id', 'in', ids), actor).execute();
  return rows.flatMap((row) => (isVisible(actor, row) ? [summaryOf(actor, row)] : []));
}

function pageOf(total: number, asked: number) {
  const pages = Math.max(1, Math.ceil(total / REPORTS_PER_PAGE));
  const page = Math.min(Math.max(1, asked), pages);
  return { offset: (page - 1) * REPORTS_PER_PAGE, facts: { total, page, pages } };
}

/** The shares by which something is given to the actor, by name or through the department. */
function sharesOf(db: Kysely<Database>, actor: Actor) {
  return db
    .selectFrom('reportShare')
    .where((where) =>
      where.or([
        where.and([where('subjectKind', '=', 'person'), where('subjectId', '=', actor.userId)]),
        where.and([
          where('subjectKind', '=', 'department'),
          where('subjectId', '=', actor.departmentId ?? ''),
        ]),
      ]),
    );
}

/**
 * The reports that match, of those that `can(actor, 'read', …)` lets the actor see: the same rule once
 * more, in SQL. A test holds the two together.
 */
function matchingReports(db: Kysely<Database>, actor: Actor, query: ReportQuery) {
  const given = sharesOf(db, actor).select('reportId');
  let select = db
    .selectFrom('report')
    .where('report.trashedAt', query.scope === 'trash' ? 'is not' : 'is', null);
  if (actor.role !== 'admin') {
    select = select.where((where) => {
      if (query.scope === 'trash') return where('report.id', 'in', given.where('role', '=', 'owner'));
      if (actor.role !== 'publisher') return where('report.id', 'in', given);
      return where.or([
        where('report.id', 'in', given),
        where('report.status', 'in', ['ready', 'published']),
      ]);
    });
  }
  if (query.scope === 'mine') {
    select = select.where('report.id', 'in', given.where('subjectKind', '=', 'person'));
  }
  if (query.scope === 'department') {
    select = select.where((where) =>
      where.or([
        where('report.departmentId', '=', actor.departmentId ?? ''),
        where('report.id', 'in', given.where('subjectKind', '=', 'department')),
      ]),
    );
  }
  if (query.status !== null) select = select.where('report.status', '=', query.status);
  if (query.departmentId !== null) select = select.where('report.departmentId', '=', query.departmentId);
  for (const word of query.text.split(/\s+/u).filter((part) => part !== '')) {
    const pattern = `%${word.replace(/[\\%_]/g, '\\$&')}%`;
    select = select.where(sql<SqlBool>`report.title LIKE ${pattern} ESCAPE '\\'`);
  }
  return select;
}

type Matching = ReturnType<typeof matchingReports>;

/** The highest role given, as an index into REPORT_ROLES; null for none. */
function givenRank(actor: Actor) {
  const rank = sql.join(
    REPORT_ROLES.map((role, index) => sql`WHEN ${role} THEN ${index}`),
    sql` `,
  );
  return sql<number | null>`(
    SELECT max(CASE role ${rank} END) FROM reportShare WHERE reportShare.reportId = report.id AND (
      (subjectKind = 'person' AND subjectId = ${actor.userId}) OR
      (subjectKind = 'department' AND subjectId = ${actor.departmentId ?? ''})))`;
}

function withFacts(select: Matching, actor: Actor) {
  return select
    .leftJoin('department', 'department.id', 'report.departmentId')
    .leftJoin('user as updater', 'updater.id', 'report.updatedBy')
    .select([
      'report.id',
      'report.title',
      'report.status',
      'report.createdAt',
      'report.updatedAt',
      'report.trashedAt',
      'report.departmentId',
      'department.name as departmentName',
      'department.hue as departmentHue',
      'report.updatedBy',
      'updater.name as updaterName',
      givenRank(actor).as('rank'),
      sql<number>`(SELECT count(*) FROM reportShare WHERE reportShare.reportId = report.id)`.as('shares'),
    ]);
}

type Row = Awaited<ReturnType<ReturnType<typeof withFacts>['execute']>>[number];

function accessOf(row: Row) {
  const given = row.rank === null ? null : (REPORT_ROLES[row.rank] ?? null);
  return { given, status: row.status, trashed: row.trashedAt !== null };
}

function isVisible(actor: Actor, row: Row): boolean {
  return effectiveRole(actor, accessOf(row)) !== null;
}

function summaryOf(actor: Actor, row: Row): ReportSummary {
  const access = accessOf(row);
  const role = effectiveRole(actor, access);
  if (role === null) throw new Error(`the list holds report ${row.id}, which ${actor.userId} may not see`);
  const { departmentId, departmentName, departmentHue, updatedBy, updaterName } = row;
  return {
    id: row.id,
    title: row.title,
    status: row.status,
    role,
    actions: allowedActions(actor, access),
    department:
      departmentId === null || departmentName === null || departmentHue === null
        ? null
        : { id: departmentId, name: departmentName, hue: departmentHue },
    createdAt: row.createdAt,
    updatedAt: row.updatedAt,
    updatedBy: updatedBy === null || updaterName === null ? null : { id: updatedBy, name: updaterName },
    trashedAt: row.trashedAt,
    shares: row.shares,
  };
}
