import type { Kysely } from 'kysely';
import type { Actor, ReportAccess, ReportAction } from '#lib/review/permissions.ts';
import { can, higherRole } from '#lib/review/permissions.ts';
import { done, refuse, type Outcome } from '../outcome.ts';
import type { Database } from '../store/tables.ts';

/**
 * What `can()` needs to know of a report and an actor: the higher of the roles given to the person and
 * to their department, the status, the trash. Null: there is no such report. It decides nothing itself.
 */
export type AccessReader = (actor: Actor, reportId: string) => Promise<ReportAccess | null>;

/** Reads access from the database, or from within a transaction. */
export function createAccess(db: Kysely<Database>): AccessReader {
  return async (actor, reportId) => {
    const rows = await db
      .selectFrom('report')
      .leftJoin('reportShare', (join) =>
        join.onRef('reportShare.reportId', '=', 'report.id').on((on) =>
          on.or([
            on.and([
              on('reportShare.subjectKind', '=', 'person'),
              on('reportShare.subjectId', '=', actor.userId),
            ]),
            on.and([
              on('reportShare.subjectKind', '=', 'department'),
              // No department has the empty id, so a person without one gets nothing here.
              on('reportShare.subjectId', '=', actor.departmentId ?? ''),
            ]),
          ]),
        ),
      )
      .select(['report.status', 'report.trashedAt', 'reportShare.role'])
      .where('report.id', '=', reportId)
      .execute();
    const [first] = rows;
    if (first === undefined) return null;
    return {
      given: rows.reduce<ReportAccess['given']>((highest, row) => higherRole(highest, row.role), null),
      status: first.status,
      trashed: first.trashedAt !== null,
    };
  };
}

/**
 * Whether the actor may do this to the report. To those who may not even read it, it does not exist
 * (`not_found`); to the others the refusal is `forbidden`.
 */
export async function authorize(
  access: AccessReader,
  actor: Actor,
  reportId: string,
  action: ReportAction,
): Promise<Outcome<ReportAccess>> {
  const found = await access(actor, reportId);
  if (found === null || !can(actor, 'read', found)) return refuse('not_found');
  return can(actor, action, found) ? done(found) : refuse('forbidden');
}

/**
 * To be called in every transaction that changes who may do what to a report: no commit that was judged
 * before it can then pass (`docs/sync.md`).
 */
export async function raiseAccessEpoch(trx: Kysely<Database>, reportId: string): Promise<void> {
  await trx
    .updateTable('doc')
    .set((set) => ({ accessEpoch: set('accessEpoch', '+', 1) }))
    .where('reportId', '=', reportId)
    .execute();
}

/** The same for a change of what a person may do to any report: their role, their department, their being. */
export async function raiseEveryAccessEpoch(trx: Kysely<Database>): Promise<void> {
  await trx
    .updateTable('doc')
    .set((set) => ({ accessEpoch: set('accessEpoch', '+', 1) }))
    .execute();
}
