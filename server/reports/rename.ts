import type { Kysely } from 'kysely';
import { cleanTitle, readTitle, writeTitle } from '#lib/report/title.ts';
import type { Actor } from '#lib/review/permissions.ts';
import type { Events } from '../events.ts';
import { refuse, type Outcome } from '../outcome.ts';
import type { Database } from '../store/tables.ts';
import type { SyncServer } from '../sync/sync.ts';
import { authorize, createAccess } from './access.ts';

export interface RenameDeps {
  db: Kysely<Database>;
  sync: Pick<SyncServer, 'edit' | 'read'>;
}

/** Edits the title paragraph; lists mirror it. Refused with `invalid` for an empty title. */
export async function renameReport(
  { db, events, sync }: RenameDeps & { events: Pick<Events, 'emit'> },
  actor: Actor,
  reportId: string,
  title: string,
): Promise<Outcome<{ seq: number }>> {
  const allowed = await authorize(createAccess(db), actor, reportId, 'rename');
  if (!allowed.ok) return allowed;
  if (cleanTitle(title) === '') return refuse('invalid', 'title');
  const edited = await sync.edit(actor, reportId, (doc) => writeTitle(doc, title));
  if (!edited.ok) return edited;
  await mirrorTitle({ db, sync }, reportId);
  await events.emit({ type: 'report.renamed', actor, reportId });
  return edited;
}

/**
 * Brings the list's title up to the committed content at once: the sync server does it too, but only
 * some time after an edit, and whoever renamed looks at the list now.
 */
export async function mirrorTitle({ db, sync }: RenameDeps, reportId: string): Promise<void> {
  const read = await sync.read(reportId, (doc, { seq }) => ({ title: readTitle(doc), titleSeq: seq }));
  if (read === null) return;
  await db
    .updateTable('report')
    .set(read)
    .where('id', '=', reportId)
    .where('titleSeq', '<', read.titleSeq)
    .execute();
}
