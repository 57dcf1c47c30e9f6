import type { Kysely } from 'kysely';
import { repairContent } from '#lib/report/parse.ts';
import { mapPictures, pictureIds } from '#lib/report/pictures.ts';
import { withTitleSuffix } from '#lib/report/title.ts';
import { readContent } from '#lib/report/ydoc.ts';
import { canInWorkspace, type Actor } from '#lib/review/permissions.ts';
import type { Recording } from '../events.ts';
import { newId } from '../ids.ts';
import { done, refuse, type Outcome } from '../outcome.ts';
import { insertPictures, type Pictures } from '../pictures/pictures.ts';
import type { Database } from '../store/tables.ts';
import type { SyncServer } from '../sync/sync.ts';
import { authorize, createAccess } from './access.ts';
import { insertReport } from './create.ts';

export interface DuplicateDeps {
  db: Kysely<Database>;
  events: Recording;
  sync: Pick<SyncServer, 'read'>;
  pictures: Pick<Pictures, 'of'>;
  now: () => Date;
}

/** Added to the title of a copy. Titles are text of the report, so it is not translated. */
const COPY = '（副本）';

/**
 * A new report of the actor's with the text and the pictures of one that they may read. Its status,
 * shares and history stay behind.
 */
export async function duplicateReport(
  { db, events, sync, pictures, now }: DuplicateDeps,
  actor: Actor,
  reportId: string,
): Promise<Outcome<{ id: string }>> {
  const allowed = await authorize(createAccess(db), actor, reportId, 'read');
  if (!allowed.ok) return allowed;
  if (!canInWorkspace(actor, 'createReport')) return refuse('forbidden');
  const stored = await sync.read(reportId, readContent);
  if (stored === null) return refuse('not_found');
  const { content } = repairContent(stored);
  const copies = new Map(
    (await pictures.of(reportId, pictureIds(content))).map((picture) => [
      picture.id,
      { ...picture, id: newId() },
    ]),
  );
  const copied = mapPictures(withTitleSuffix(content, COPY), (id) => copies.get(id)?.id ?? null);
  const id = newId();
  await events.transaction(async (trx, record) => {
    await insertReport(trx, id, actor, { from: 'content', content: copied, title: null }, now());
    await insertPictures(trx, actor, id, [...copies.values()], now());
    await record({ type: 'report.duplicated', actor, reportId: id, from: reportId });
  });
  return done({ id });
}
