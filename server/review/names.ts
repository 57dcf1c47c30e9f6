import type { Kysely } from 'kysely';
import type { Thread } from '#lib/review/thread.ts';
import type { Database } from '../store/tables.ts';

/** Who is who, for those who may read what speaks of them: ids are stored, names are looked up. */
export interface Names {
  people: Record<string, { name: string; department: string | null; hue: number | null }>;
  departments: Record<string, { name: string; hue: number }>;
}

/** The names of these people, and of every department. */
export async function namesOf(db: Kysely<Database>, userIds: ReadonlySet<string>): Promise<Names> {
  const people = await db
    .selectFrom('user')
    .leftJoin('department', 'department.id', 'user.departmentId')
    .select(['user.id', 'user.name', 'department.name as department', 'department.hue'])
    .where('user.id', 'in', [...userIds])
    .execute();
  const departments = await db.selectFrom('department').select(['id', 'name', 'hue']).execute();
  return {
    people: Object.fromEntries(people.map(({ id, ...rest }) => [id, rest])),
    departments: Object.fromEntries(departments.map(({ id, ...rest }) => [id, rest])),
  };
}

/** Everybody whose name it takes to show threads. */
export function peopleIn(threads: readonly Thread[]): Set<string> {
  const people = new Set<string>();
  for (const { createdBy, statusBy, comments } of threads) {
    people.add(createdBy);
    if (statusBy !== null) people.add(statusBy);
    for (const { by, mentions, reactions } of comments) {
      people.add(by);
      for (const { kind, id } of mentions) if (kind === 'person') people.add(id);
      for (const ids of Object.values(reactions)) for (const id of ids) people.add(id);
    }
  }
  return people;
}
