/** All reports' figures, as far as the actor may read the reports. What is not to be read is not counted or compared either. */
import { sql, type Kysely, type SqlBool } from 'kysely';
import type { FindingMessage } from '#lib/figures/figure.ts';
import type { FigureHit, FigurePage, FigureQuery } from '#lib/figures/query.ts';
import type { Actor } from '#lib/review/permissions.ts';
import { readableIds } from '../reports/list.ts';
import type { Database } from '../store/tables.ts';

export const FIGURES_PER_PAGE = 50;

/** How many contradicting figures are named. */
const MAX_AGAINST = 3;

/** The figures that the actor may see. */
function visible(db: Kysely<Database>, actor: Actor) {
  return db.selectFrom('figure').where('figure.reportId', 'in', readableIds(db, actor));
}

/** The same with where they stand in their reports, and what is wrong with them there. */
function standing(db: Kysely<Database>, actor: Actor) {
  return visible(db, actor).leftJoin('figureStanding as standing', (join) =>
    join.onRef('standing.reportId', '=', 'figure.reportId').onRef('standing.figureId', '=', 'figure.id'),
  );
}
/** One that is in the text no more is not wrong there. */
const isWrong = sql<SqlBool>`(standing.wrong IS NOT NULL AND figure.state != 'orphan')`;

/**
 * What reports state different values of. A report that states several itself shows that the topic is too
 * coarse to compare: what contradicts itself within a report is the business of its checks.
 */
function disputed(db: Kysely<Database>, actor: Actor) {
  return visible(db, actor)
    .select('figure.topic')
    .where('figure.topic', 'is not', null)
    .where('figure.state', '!=', 'orphan')
    .groupBy('figure.topic')
    .having(({ fn }) => fn.count('figure.value').distinct(), '>', 1)
    .having(
      sql<SqlBool>`count(DISTINCT figure.reportId || ' ' || figure.value) = count(DISTINCT figure.reportId)`,
    );
}

const contains = (text: string) => `%${text.replace(/[\\%_]/g, '\\$&')}%`;

function matching(db: Kysely<Database>, actor: Actor, query: FigureQuery) {
  const { scope, text, unit, departmentId, period, filter } = query;
  const isDisputed = sql<SqlBool>`(figure.state != 'orphan' AND figure.topic IN ${disputed(db, actor)})`;
  let select = standing(db, actor);
  if (scope === 'todo') {
    select = select
      // No department has the empty id: who has none has nothing to do here.
      .where('figure.departmentId', '=', actor.departmentId ?? '')
      .where((where) => where.or([where('figure.state', '!=', 'verified'), isDisputed, isWrong]));
  }
  for (const word of text.split(/\s+/u).filter((part) => part !== '')) {
    const like = contains(word);
    select = select.where(
      sql<SqlBool>`(figure.surface || ' ' || figure.value || ' ' || figure.scope || figure.object || ' ' || figure.section) LIKE ${like} ESCAPE '\\'`,
    );
  }
  if (unit !== '') select = select.where('figure.unit', '=', unit);
  if (departmentId !== null) select = select.where('figure.departmentId', '=', departmentId);
  if (period !== '') {
    const like = `${period.replace(/[\\%_]/g, '\\$&')}%`;
    select = select.where(sql<SqlBool>`figure.period LIKE ${like} ESCAPE '\\'`);
  }
  if (filter === 'conflict') select = select.where(isDisputed);
  else if (filter === 'mismatch') select = select.where(isWrong);
  else if (filter !== null) select = select.where('figure.state', '=', filter);
  return { select, isDisputed };
}

export async function searchFigures(
  db: Kysely<Database>,
  actor: Actor,
  query: FigureQuery,
): Promise<FigurePage> {
  const { select, isDisputed } = matching(db, actor, query);
  const { total } = await select
    .select(({ fn }) => fn.countAll<number>().as('total'))
    .executeTakeFirstOrThrow();
  const pages = Math.max(1, Math.ceil(total / FIGURES_PER_PAGE));
  const page = Math.min(Math.max(1, query.page), pages);
  const rows = await select
    .innerJoin('report', 'report.id', 'figure.reportId')
    .leftJoin('department', 'department.id', 'figure.departmentId')
    .selectAll('figure')
    .select(['report.title', 'department.name as departmentName', 'department.hue'])
    .select(isDisputed.as('isDisputed'))
    .select('standing.wrong')
    .orderBy(sql`coalesce(${isDisputed}, 0)`, 'desc')
    .orderBy(sql`CASE WHEN ${isDisputed} THEN figure.topic END`)
    .orderBy(isWrong, 'desc')
    .orderBy('figure.registeredAt', 'desc')
    .orderBy('figure.reportId')
    // What is not in the text comes after what is.
    .orderBy(sql`coalesce(standing.place, 9e15)`)
    .orderBy('figure.id')
    .limit(FIGURES_PER_PAGE)
    .offset((page - 1) * FIGURES_PER_PAGE)
    .execute();
  const topics = new Set(
    rows.flatMap(({ isDisputed: yes, topic }) => (yes && topic !== null ? [topic] : [])),
  );
  const rivals = await visible(db, actor)
    .innerJoin('report', 'report.id', 'figure.reportId')
    .select([
      'figure.id',
      'figure.reportId',
      'figure.surface',
      'figure.value',
      'figure.topic',
      'report.title',
    ])
    .where('figure.topic', 'in', [...topics])
    .where('figure.state', '!=', 'orphan')
    .orderBy('figure.registeredAt')
    .execute();
  const figures = rows.map((row): FigureHit => ({
    id: row.id,
    report: { id: row.reportId, title: row.title },
    surface: row.surface,
    value: row.value,
    valueMax: row.valueMax,
    unit: row.unit,
    kind: row.kind,
    object: row.object,
    scope: row.scope,
    period: row.period,
    modality: row.modality,
    department:
      row.departmentId === null || row.departmentName === null || row.hue === null
        ? null
        : { id: row.departmentId, name: row.departmentName, hue: row.hue },
    source: row.source,
    section: row.section,
    state: row.state,
    verifiedAt: row.verifiedAt,
    wrong: row.wrong === null || row.state === 'orphan' ? null : (JSON.parse(row.wrong) as FindingMessage),
    against: rivals
      .filter(({ topic, value }) => row.isDisputed && topic === row.topic && value !== row.value)
      .slice(0, MAX_AGAINST)
      .map(({ id, reportId, surface, title }) => ({ id, surface, report: { id: reportId, title } })),
  }));
  return { figures, total, page, pages };
}

/** The units that occur, most used first. */
export async function figureUnits(db: Kysely<Database>, actor: Actor): Promise<string[]> {
  const rows = await visible(db, actor)
    .select('figure.unit')
    .where('figure.unit', '!=', '')
    .groupBy('figure.unit')
    .orderBy(({ fn }) => fn.countAll(), 'desc')
    .orderBy('figure.unit')
    .limit(50)
    .execute();
  return rows.map(({ unit }) => unit);
}
