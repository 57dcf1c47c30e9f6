/** Who a report is shared with: people and departments, each with a role. */
import { sql, type Kysely, type SqlBool } from 'kysely';
import type { Actor, ReportRole } from '#lib/review/permissions.ts';
import type { SubjectKind, SubjectRef } from '#lib/review/subject.ts';
import type { AppEvent } from '../event.ts';
import type { Recording } from '../events.ts';
import { done, refuse, type Outcome } from '../outcome.ts';
import type { Database } from '../store/tables.ts';
import { authorize, createAccess, raiseAccessEpoch } from './access.ts';

/** A person or a department that a report is, or could be, shared with. */
export interface Subject extends SubjectRef {
  name: string;
  /** The person's department; null for a department, and for people without one. */
  department: string | null;
  hue: number | null;
}

export interface Share extends Subject {
  role: ReportRole;
}

/** The most proposals of {@link findSubjects} of each kind. */
const MAX_FOUND = 20;

/** Departments first, then people, by role and name; for those who may read the report. */
export async function listShares(
  db: Kysely<Database>,
  actor: Actor,
  reportId: string,
): Promise<Outcome<Share[]>> {
  const allowed = await authorize(createAccess(db), actor, reportId, 'read');
  if (!allowed.ok) return allowed;
  const rows = await db
    .selectFrom('reportShare')
    .leftJoin('user', (join) =>
      join.onRef('user.id', '=', 'reportShare.subjectId').on('reportShare.subjectKind', '=', 'person'),
    )
    .leftJoin('department as own', (join) =>
      join.onRef('own.id', '=', 'reportShare.subjectId').on('reportShare.subjectKind', '=', 'department'),
    )
    .leftJoin('department as theirs', 'theirs.id', 'user.departmentId')
    .select([
      'reportShare.subjectKind as kind',
      'reportShare.subjectId as id',
      'reportShare.role',
      'user.name as personName',
      'own.name as ownName',
      'own.hue as ownHue',
      'theirs.name as department',
      'theirs.hue as hue',
    ])
    .where('reportShare.reportId', '=', reportId)
    .execute();
  const shares = rows.flatMap(({ personName, ownName, ownHue, ...row }): Share[] => {
    const name = personName ?? ownName;
    // A department that was removed leaves a row that gives nobody anything.
    return name === null ? [] : [{ ...row, name, hue: row.hue ?? ownHue }];
  });
  return done(shares.sort(byRoleAndName));
}

const ORDER: Record<ReportRole, number> = { owner: 0, editor: 1, commenter: 2, viewer: 3 };

function byRoleAndName(a: Share, b: Share): number {
  return ORDER[a.role] - ORDER[b.role] || a.name.localeCompare(b.name, 'zh-CN');
}

/** Gives a role, or changes it. Refused with `invalid` for nobody known, `last_owner` when none would be left. */
export async function setShare(
  events: Recording,
  actor: Actor,
  reportId: string,
  subject: SubjectRef,
  role: ReportRole,
): Promise<Outcome<null>> {
  return change(events, actor, reportId, subject, role, async (trx, record) => {
    if (!(await exists(trx, subject))) return refuse('invalid', 'id');
    const from = await shareOf(trx, reportId, subject);
    if (from === role) return done(null);
    await trx
      .insertInto('reportShare')
      .values({ reportId, subjectKind: subject.kind, subjectId: subject.id, role })
      .onConflict((on) => on.columns(['reportId', 'subjectKind', 'subjectId']).doUpdateSet({ role }))
      .execute();
    await record(
      from === null
        ? { type: 'report.shared', actor, reportId, subject, role }
        : { type: 'report.shareChanged', actor, reportId, subject, from, to: role },
    );
    return done(null);
  });
}

/** Refused with `last_owner` when no owner would be left. Nothing happens when there was no such share. */
export async function removeShare(
  events: Recording,
  actor: Actor,
  reportId: string,
  subject: SubjectRef,
): Promise<Outcome<null>> {
  return change(events, actor, reportId, subject, null, async (trx, record) => {
    const from = await shareOf(trx, reportId, subject);
    if (from === null) return done(null);
    await trx
      .deleteFrom('reportShare')
      .where('reportId', '=', reportId)
      .where('subjectKind', '=', subject.kind)
      .where('subjectId', '=', subject.id)
      .execute();
    await record({ type: 'report.unshared', actor, reportId, subject, from });
    return done(null);
  });
}

/** The role given to just this subject; null: none. */
async function shareOf(
  trx: Kysely<Database>,
  reportId: string,
  subject: SubjectRef,
): Promise<ReportRole | null> {
  const row = await trx
    .selectFrom('reportShare')
    .select('role')
    .where('reportId', '=', reportId)
    .where('subjectKind', '=', subject.kind)
    .where('subjectId', '=', subject.id)
    .executeTakeFirst();
  return row?.role ?? null;
}

async function change(
  events: Recording,
  actor: Actor,
  reportId: string,
  subject: SubjectRef,
  role: ReportRole | null,
  work: (trx: Kysely<Database>, record: (event: AppEvent) => Promise<void>) => Promise<Outcome<null>>,
): Promise<Outcome<null>> {
  return events.transaction(async (trx, record) => {
    const allowed = await authorize(createAccess(trx), actor, reportId, 'share');
    if (!allowed.ok) return allowed;
    const owners = await trx
      .selectFrom('reportShare')
      .select(['subjectKind', 'subjectId'])
      .where('reportId', '=', reportId)
      .where('role', '=', 'owner')
      .execute();
    const isSubject = (owner: (typeof owners)[number]) =>
      owner.subjectKind === subject.kind && owner.subjectId === subject.id;
    if (role !== 'owner' && owners.length > 0 && owners.every(isSubject)) return refuse('last_owner');
    const outcome = await work(trx, record);
    if (outcome.ok) await raiseAccessEpoch(trx, reportId);
    return outcome;
  });
}

async function exists(trx: Kysely<Database>, { kind, id }: SubjectRef): Promise<boolean> {
  const found =
    kind === 'person'
      ? await trx.selectFrom('user').select('id').where('id', '=', id).where('disabled', '=', 0).execute()
      : await trx.selectFrom('department').select('id').where('id', '=', id).execute();
  return found.length > 0;
}

/**
 * Whom else the report could be shared with: departments and people whose name (for people also user
 * name or department) contains the text. For those who may share it.
 */
export async function findSubjects(
  db: Kysely<Database>,
  actor: Actor,
  reportId: string,
  text: string,
): Promise<Outcome<Subject[]>> {
  const allowed = await authorize(createAccess(db), actor, reportId, 'share');
  if (!allowed.ok) return allowed;
  const pattern = `%${text.trim().replace(/[\\%_]/g, '\\$&')}%`;
  const like = (column: 'user.name' | 'user.username' | 'department.name') =>
    sql<SqlBool>`${sql.ref(column)} LIKE ${pattern} ESCAPE '\\'`;
  const shared = (kind: SubjectKind) =>
    db
      .selectFrom('reportShare')
      .select('subjectId')
      .where('reportId', '=', reportId)
      .where('subjectKind', '=', kind);
  const departments = await db
    .selectFrom('department')
    .select(['department.id', 'department.name', 'department.hue'])
    .where(like('department.name'))
    .where('department.id', 'not in', shared('department'))
    .orderBy('department.name')
    .limit(MAX_FOUND)
    .execute();
  const people = await db
    .selectFrom('user')
    .leftJoin('department', 'department.id', 'user.departmentId')
    .select(['user.id', 'user.name', 'department.name as department', 'department.hue'])
    .where('user.disabled', '=', 0)
    .where((where) => where.or([like('user.name'), like('user.username'), like('department.name')]))
    .where('user.id', 'not in', shared('person'))
    .orderBy('user.name')
    .limit(MAX_FOUND)
    .execute();
  return done([
    ...departments.map(({ id, name, hue }): Subject => ({
      kind: 'department',
      id,
      name,
      department: null,
      hue,
    })),
    ...people.map(({ id, name, department, hue }): Subject => ({
      kind: 'person',
      id,
      name,
      department,
      hue,
    })),
  ]);
}
