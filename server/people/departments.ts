/** Departments: the units people write for. Each has one of twelve colours. */
import type { Kysely, Transaction } from 'kysely';
import { canInWorkspace, type Actor } from '#lib/review/permissions.ts';
import type { Recording } from '../events.ts';
import { newId } from '../ids.ts';
import { done, refuse, type Outcome } from '../outcome.ts';
import type { Database } from '../store/tables.ts';
import { cleanName } from './names.ts';

export interface Department {
  id: string;
  name: string;
  hue: number;
}

export interface DepartmentWithCount extends Department {
  /** How many people belong to it, disabled ones included. */
  people: number;
}

export interface Departments {
  /** Everyone who is signed in may see them: reports are shared with them. In the order they were made. */
  list(actor: Actor): Promise<DepartmentWithCount[]>;
  /** Refused with `forbidden`, `invalid`, or `conflict` when the name is taken. */
  create(actor: Actor, name: string): Promise<Outcome<Department>>;
  rename(actor: Actor, id: string, name: string): Promise<Outcome<null>>;
  /** Refused with `conflict` while people or reports belong to it. */
  remove(actor: Actor, id: string): Promise<Outcome<null>>;
}

/** One department; null: there is none with this id. Whoever works with its people may see it. */
export async function readDepartment(db: Kysely<Database>, id: string): Promise<Department | null> {
  const row = await db
    .selectFrom('department')
    .select(['id', 'name', 'hue'])
    .where('id', '=', id)
    .executeTakeFirst();
  return row ?? null;
}

const HUES = 12;

/** The hue that fewest departments have; of those the first. A thirteenth department shares one. */
export function nextHue(taken: readonly number[]): number {
  const uses = Array.from({ length: HUES }, () => 0);
  for (const hue of taken) uses[hue % HUES] = (uses[hue % HUES] ?? 0) + 1;
  return uses.indexOf(Math.min(...uses));
}

/** Makes a department with the least used hue. The name is clean and free. */
export async function insertDepartment(tx: Transaction<Database>, name: string): Promise<Department> {
  const taken = await tx.selectFrom('department').select('hue').execute();
  const department = { id: newId(), name, hue: nextHue(taken.map((row) => row.hue)) };
  await tx
    .insertInto('department')
    .values({ ...department, createdAt: new Date().toISOString() })
    .execute();
  return department;
}

async function isTaken(tx: Transaction<Database>, name: string, except = ''): Promise<boolean> {
  const row = await tx
    .selectFrom('department')
    .select('id')
    .where('name', '=', name)
    .where('id', '!=', except)
    .executeTakeFirst();
  return row !== undefined;
}

async function nameOf(tx: Transaction<Database>, id: string): Promise<string | null> {
  const row = await tx.selectFrom('department').select('name').where('id', '=', id).executeTakeFirst();
  return row?.name ?? null;
}

export function openDepartments(db: Kysely<Database>, events: Recording): Departments {
  return {
    list: () =>
      db
        .selectFrom('department')
        .leftJoin('user', 'user.departmentId', 'department.id')
        .select(({ fn }) => [
          'department.id',
          'department.name',
          'department.hue',
          fn.count<number>('user.id').as('people'),
        ])
        .groupBy('department.id')
        .orderBy('department.createdAt')
        .orderBy('department.hue')
        .execute(),
    async create(actor, name) {
      if (!canInWorkspace(actor, 'managePeople')) return refuse('forbidden');
      const clean = cleanName(name);
      if (clean === null) return refuse('invalid', 'name');
      return events.transaction(async (tx, record): Promise<Outcome<Department>> => {
        if (await isTaken(tx, clean)) return refuse('conflict', 'name');
        const department = await insertDepartment(tx, clean);
        await record({ type: 'department.created', actor, departmentId: department.id, name: clean });
        return done(department);
      });
    },
    async rename(actor, id, name) {
      if (!canInWorkspace(actor, 'managePeople')) return refuse('forbidden');
      const clean = cleanName(name);
      if (clean === null) return refuse('invalid', 'name');
      return events.transaction(async (tx, record): Promise<Outcome<null>> => {
        if (await isTaken(tx, clean, id)) return refuse('conflict', 'name');
        const from = await nameOf(tx, id);
        if (from === null) return refuse('not_found');
        if (from === clean) return done(null);
        await tx.updateTable('department').set({ name: clean }).where('id', '=', id).execute();
        await record({ type: 'department.renamed', actor, departmentId: id, from, to: clean });
        return done(null);
      });
    },
    async remove(actor, id) {
      if (!canInWorkspace(actor, 'managePeople')) return refuse('forbidden');
      return events.transaction(async (tx, record): Promise<Outcome<null>> => {
        const name = await nameOf(tx, id);
        if (name === null) return refuse('not_found');
        const person = await tx
          .selectFrom('user')
          .select('id')
          .where('departmentId', '=', id)
          .executeTakeFirst();
        const report = await tx
          .selectFrom('report')
          .select('id')
          .where('departmentId', '=', id)
          .executeTakeFirst();
        if (person !== undefined || report !== undefined) return refuse('conflict', 'in use');
        await tx
          .deleteFrom('reportShare')
          .where('subjectKind', '=', 'department')
          .where('subjectId', '=', id)
          .execute();
        await tx.deleteFrom('department').where('id', '=', id).execute();
        await record({ type: 'department.removed', actor, departmentId: id, name });
        return done(null);
      });
    },
  };
}
