/** Reading the audit log; administrators only. It is written by `write.ts` alone. */
import { sql, type Kysely, type SqlBool } from 'kysely';
import type { AuditArea, AuditFilter, AuditLine, AuditPage } from '#lib/review/audit.ts';
import { canInWorkspace, type Actor } from '#lib/review/permissions.ts';
import type { Events } from '../events.ts';
import { done, refuse, type Outcome } from '../outcome.ts';
import type { Database } from '../store/tables.ts';

export const LINES_PER_PAGE = 50;

/** Lines that are read at once for an export. */
const BATCH = 1_000;

export interface Audit {
  /** Refused with `forbidden`. */
  list(actor: Actor, filter: AuditFilter, page?: number): Promise<Outcome<AuditPage>>;
  /** Everything that matches, the newest first, in parts; recorded itself. Refused with `forbidden`. */
  export(actor: Actor, filter: AuditFilter): Promise<Outcome<AsyncIterable<AuditLine[]>>>;
}

/** The acts of each area, by how their type begins. */
const ACTS: Record<AuditArea, readonly string[]> = {
  report: ['report.'],
  share: ['report.shared', 'report.shareChanged', 'report.unshared'],
  export: ['report.exported', 'figure.exported', 'audit.exported'],
  thread: ['thread.'],
  figure: ['figure.', 'finding.', 'term.', 'glossary.', 'measure.'],
  signIn: ['signIn.', 'signOut', 'password.'],
  people: ['person.', 'department.', 'workspace.', 'password.reset'],
};

/** The first moment of a day in China, in UTC; `after` days later. */
function startOf(day: string, after = 0): string {
  const start = new Date(`${day}T00:00:00+08:00`);
  start.setUTCDate(start.getUTCDate() + after);
  return start.toISOString();
}

const contains = (text: string) => `%${text.trim().replace(/[\\%_]/g, '\\$&')}%`;

function matching(db: Kysely<Database>, filter: AuditFilter) {
  const { person, report, area, from, to, asAdmin } = filter;
  let select = db.selectFrom('audit');
  if (person.trim() !== '') {
    const meant = db
      .selectFrom('user')
      .select('user.id')
      .where((where) =>
        where.or([
          sql<SqlBool>`user.name LIKE ${contains(person)} ESCAPE '\\'`,
          where('user.username', '=', person.trim().toLowerCase()),
        ]),
      );
    select = select.where((where) =>
      where.or([
        where('audit.actorId', 'in', meant),
        where.and([where('audit.subjectKind', '=', 'person'), where('audit.subjectId', 'in', meant)]),
      ]),
    );
  }
  if (report.trim() !== '') {
    const meant = db
      .selectFrom('report')
      .select('report.id')
      .where((where) =>
        where.or([
          sql<SqlBool>`report.title LIKE ${contains(report)} ESCAPE '\\'`,
          where('report.id', '=', report.trim()),
        ]),
      );
    select = select.where('audit.reportId', 'in', meant);
  }
  if (area !== null) {
    select = select.where((where) =>
      where.or(
        ACTS[area].map((act) =>
          where('audit.act', act.endsWith('.') ? 'like' : '=', act.endsWith('.') ? `${act}%` : act),
        ),
      ),
    );
  }
  if (from !== null) select = select.where('audit.at', '>=', startOf(from));
  if (to !== null) select = select.where('audit.at', '<', startOf(to, 1));
  if (asAdmin) select = select.where('audit.asAdmin', '=', 1);
  return select;
}

type Matching = ReturnType<typeof matching>;

async function linesOf(matched: Matching, limit: number, offset = 0): Promise<AuditLine[]> {
  const rows = await matched
    .leftJoin('user as actor', 'actor.id', 'audit.actorId')
    .leftJoin('report', 'report.id', 'audit.reportId')
    .leftJoin('user as person', (join) =>
      join.onRef('person.id', '=', 'audit.subjectId').on('audit.subjectKind', '=', 'person'),
    )
    .leftJoin('department', (join) =>
      join.onRef('department.id', '=', 'audit.subjectId').on('audit.subjectKind', '=', 'department'),
    )
    .selectAll('audit')
    .select(['actor.name as actorName', 'actor.username', 'report.title', 'person.name as personName'])
    .select('department.name as departmentName')
    .orderBy('audit.id', 'desc')
    .limit(limit)
    .offset(offset)
    .execute();
  return rows.map((row): AuditLine => ({
    id: row.id,
    at: row.at,
    act: row.act,
    actor:
      row.actorId === null ? null : { id: row.actorId, name: row.actorName ?? '', username: row.username },
    asAdmin: row.asAdmin === 1,
    report: row.reportId === null ? null : { id: row.reportId, title: row.title ?? '' },
    threadId: row.threadId,
    subject:
      row.subjectKind === null || row.subjectId === null
        ? null
        : { kind: row.subjectKind, id: row.subjectId, name: row.personName ?? row.departmentName },
    // Written by us alone.
    detail: JSON.parse(row.detail) as AuditLine['detail'],
    address: row.address,
  }));
}

export function openAudit(db: Kysely<Database>, events: Pick<Events, 'emit'>): Audit {
  async function* inParts(filter: AuditFilter): AsyncIterable<AuditLine[]> {
    for (let before = Number.MAX_SAFE_INTEGER; ;) {
      const lines = await linesOf(matching(db, filter).where('audit.id', '<', before), BATCH);
      const last = lines.at(-1);
      if (last === undefined) return;
      yield lines;
      before = last.id;
    }
  }
  return {
    async list(actor, filter, asked = 1) {
      if (!canInWorkspace(actor, 'readAudit')) return refuse('forbidden');
      const { total } = await matching(db, filter)
        .select(({ fn }) => fn.countAll<number>().as('total'))
        .executeTakeFirstOrThrow();
      const pages = Math.max(1, Math.ceil(total / LINES_PER_PAGE));
      const page = Math.min(pages, Math.max(1, Math.trunc(asked) || 1));
      const lines = await linesOf(matching(db, filter), LINES_PER_PAGE, (page - 1) * LINES_PER_PAGE);
      return done({ lines, total, page, pages });
    },
    async export(actor, filter) {
      if (!canInWorkspace(actor, 'readAudit')) return refuse('forbidden');
      await events.emit({ type: 'audit.exported', actor });
      return done(inParts(filter));
    },
  };
}
