/** Changes of a report that change who may do what to it: its status, and whether it is in the trash. */
import type { Kysely } from 'kysely';
import type { Actor, ReportAction, ReportStatus, SettableStatus } from '#lib/review/permissions.ts';
import type { AppEvent } from '../event.ts';
import type { Recording } from '../events.ts';
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
  events: Recording,
  actor: Actor,
  reportId: string,
  status: SettableStatus,
  now: Date,
): Promise<Outcome<null>> {
  return change(events, actor, reportId, ACTION[status], async (trx, current, record) => {
    if (current === 'published') return refuse('conflict', 'status');
    if (current === status) return done(null);
    await trx
      .updateTable('report')
      .set({ status, updatedAt: now.toISOString(), updatedBy: actor.userId })
      .where('id', '=', reportId)
      .execute();
    await record({ type: 'report.statusChanged', actor, reportId, from: current, to: status });
    return done(null);
  });
}

/** Everything is kept; see {@link restoreReport}. */
export async function trashReport(
  events: Recording,
  actor: Actor,
  reportId: string,
  now: Date,
): Promise<Outcome<null>> {
  return change(events, actor, reportId, 'trash', async (trx, _current, record) => {
    await trx
      .updateTable('report')
      .set({ trashedAt: now.toISOString() })
      .where('id', '=', reportId)
      .execute();
    await record({ type: 'report.trashed', actor, reportId });
    return done(null);
  });
}

/** Brings a report back from the trash, as it was. */
export async function restoreReport(
  events: Recording,
  actor: Actor,
  reportId: string,
): Promise<Outcome<null>> {
  return change(events, actor, reportId, 'restore', async (trx, _current, record) => {
    await trx.updateTable('report').set({ trashedAt: null }).where('id', '=', reportId).execute();
    await record({ type: 'report.restored', actor, reportId });
    return done(null);
  });
}

/** Rights and change in one transaction, so that two changes at once are judged one after the other. */
async function change(
  events: Recording,
  actor: Actor,
  reportId: string,
  action: ReportAction,
  work: (
    trx: Kysely<Database>,
    current: ReportStatus,
    record: (event: AppEvent) => Promise<void>,
  ) => Promise<Outcome<null>>,
): Promise<Outcome<null>> {
  return events.transaction(async (trx, record) => {
    const allowed = await authorize(createAccess(trx), actor, reportId, action);
    if (!allowed.ok) return allowed;
    const outcome = await work(trx, allowed.value.status, record);
    if (outcome.ok) await raiseAccessEpoch(trx, reportId);
    return outcome;
  });
}
