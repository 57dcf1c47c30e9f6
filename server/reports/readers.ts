/** Everybody who may read a report: whom a comment can mention, and who may be told of it. */
import type { Kysely } from 'kysely';
import { can, higherRole, type Actor } from '#lib/review/permissions.ts';
import type { SubjectRef } from '#lib/review/subject.ts';
import type { Database } from '../store/tables.ts';

export interface Reader extends Actor {
  department: string | null;
  hue: number | null;
  /** The shares that give this person something; none for those who read by their role in the workspace. */
  through: SubjectRef[];
}

/** Of these people alone: by id, or by department. */
export interface Among {
  people: readonly string[];
  departments: readonly string[];
}

/** Those who are enabled and may read the report, by department and name; `[]` when there is no such report. */
export async function readersOf(db: Kysely<Database>, reportId: string, among?: Among): Promise<Reader[]> {
  const report = await db
    .selectFrom('report')
    .select(['status', 'trashedAt'])
    .where('id', '=', reportId)
    .executeTakeFirst();
  if (report === undefined) return [];
  const shares = await db
    .selectFrom('reportShare')
    .select(['subjectKind as kind', 'subjectId as id', 'role'])
    .where('reportId', '=', reportId)
    .execute();
  const people = await db
    .selectFrom('user')
    .leftJoin('department', 'department.id', 'user.departmentId')
    .select(['user.id as userId', 'user.name', 'user.role', 'user.departmentId'])
    .select(['department.name as department', 'department.hue'])
    .where('user.disabled', '=', 0)
    .$if(among !== undefined, (select) =>
      select.where((where) =>
        where.or([
          where('user.id', 'in', [...(among?.people ?? [])]),
          where('user.departmentId', 'in', [...(among?.departments ?? [])]),
        ]),
      ),
    )
    .orderBy('department.createdAt')
    .orderBy('department.hue')
    .orderBy('user.name')
    .orderBy('user.id')
    .execute();
  return people.flatMap((person): Reader[] => {
    const theirs = shares.filter(({ kind, id }) =>
      kind === 'person' ? id === person.userId : id === person.departmentId,
    );
    const given = theirs.reduce<ReturnType<typeof higherRole>>(
      (highest, { role }) => higherRole(highest, role),
      null,
    );
    const access = { given, status: report.status, trashed: report.trashedAt !== null };
    if (!can(person, 'read', access)) return [];
    return [{ ...person, through: theirs.map(({ kind, id }) => ({ kind, id })) }];
  });
}
