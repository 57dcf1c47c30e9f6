/** Changes of a report that change who may do what to it: its status, and whether it is in the trash. */
import type { Kysely } from 'kysely';
import type { Actor, ReportAction, ReportStatus, SettableStatus } from '#lib/review/permissions.ts';
import { done, refuse, type Outcome } from '../outcome.ts';
import type { Database } from '../store/tables.ts';
import { authorize, createAccess, raiseAccessEpoch } from './access.ts';

const ACTION: Record<SettableStatus, ReportAction> = {
  draft: 'setDraft',
  review: 'setReview',
  ready: 'setReady',
};

/** Refused with `conflict` while the report is published: then it is withdrawn, not set back. */
export async function setStatus(
  db: Kysely<Database>,
  actor: Actor,
  reportId: string,
  status: SettableStatus,
  now: Date,
): Promise<Outcome<null>> {
  return change(db, actor, reportId, ACTION[status], async (trx, current) => {
    if (current === 'published') return refuse('conflict', 'status');
    if (current === status) return done(null);
    await trx
      .updateTable('report')
      .set({ status, updatedAt: now.toISOString(), updatedBy: actor.userId })
      .where('id', '=', reportId)
      .execute();
    return done(null);
  });
}

/** Everything is kept; see {@link restoreReport}. */
export async function trashReport(
  db: Kysely<Database>,
  actor: Actor,
  reportId: string,
  now: Date,
): Promise<Outcome<null>> {
  return change(db, actor, reportId, 'trash', async (trx) => {
    await trx
      .updateTable('report')
      .set({ trashedAt: now.toISOString() })
      .where('id', '=', reportId)
      .execute();
    return done(null);
  });
}

/** Brings a report back from the trash, as it was. */
export async function restoreReport(
  db: Kysely<Database>,
  actor: Actor,
  reportId: string,
): Promise<Outcome<null>> {
  return change(db, actor, reportId, 'restore', async (trx) => {
    await trx.updateTable('report').set({ trashedAt: null }).where('id', '=', reportId).execute();
    return done(null);
  });
}

/** Rights and change in one transaction, so that two changes at once are judged one after the other. */
async function change(
  db: Kysely<Database>,
  actor: Actor,
  reportId: string,
  action: ReportAction,
  work: (trx: Kysely<Database>, current: ReportStatus) => Promise<Outcome<null>>,
): Promise<Outcome<null>> {
  return db.transaction().execute(async (trx) => {
    const allowed = await authorize(createAccess(trx), actor, reportId, action);
    if (!allowed.ok) return allowed;
    const outcome = await work(trx, allowed.value.status);
    if (outcome.ok) await raiseAccessEpoch(trx, reportId);
    return outcome;
  });
}
