import type { Kysely } from 'kysely';
import type { ContentJson, ReportJson } from '#lib/report/model.ts';
import { parseReport } from '#lib/report/parse.ts';
import { mapPictures, pictureIds } from '#lib/report/pictures.ts';
import { titled } from '#lib/report/title.ts';
import { writeContent } from '#lib/report/ydoc.ts';
import type { Actor } from '#lib/review/permissions.ts';
import type { Events } from '../events.ts';
import { done, refuse, type Outcome } from '../outcome.ts';
import { insertPictures, MAX_PICTURES, type KeptPicture, type Pictures } from '../pictures/pictures.ts';
import type { Database } from '../store/tables.ts';
import type { SyncServer } from '../sync/sync.ts';
import { authorize, createAccess } from './access.ts';
import { mirrorTitle } from './rename.ts';

export interface ContentDeps {
  db: Kysely<Database>;
  events: Pick<Events, 'emit'>;
  sync: Pick<SyncServer, 'edit' | 'read' | 'hasWriter'>;
  pictures: Pick<Pictures, 'keep' | 'of'>;
  now: () => Date;
}

/**
 * Replaces a report's content by what was sent, as one forward edit. Refused with `invalid` (naming the
 * place), `locked` while somebody who may write has it open, or as a picture is refused.
 */
export async function putContent(
  deps: ContentDeps,
  actor: Actor,
  reportId: string,
  input: unknown,
): Promise<Outcome<{ seq: number }>> {
  const { db, events, sync, now } = deps;
  const allowed = await authorize(createAccess(db), actor, reportId, 'write');
  if (!allowed.ok) return allowed;
  const parsed = parse(input);
  if (!parsed.ok) return parsed;
  if (sync.hasWriter(reportId)) return refuse('locked');
  const taken = await takePictures(deps, reportId, parsed.value);
  if (!taken.ok) return taken;
  const { content, added } = taken.value;
  await insertPictures(db, actor, reportId, added, now());
  const edited = await sync.edit(actor, reportId, (doc) => writeContent(doc, content));
  if (edited.ok) {
    await mirrorTitle(deps, reportId);
    await events.emit({ type: 'report.contentReplaced', actor, reportId });
  } else if (added.length > 0) {
    const ids = added.map(({ id }) => id);
    await db.deleteFrom('picture').where('id', 'in', ids).execute();
  }
  return edited;
}

function parse(input: unknown): Outcome<ReportJson> {
  const parsed = parseReport(input);
  if (!parsed.ok) {
    const [first] = parsed.errors;
    return refuse('invalid', first === undefined ? 'body' : `${first.path || 'body'}: ${first.code}`);
  }
  const { report } = parsed;
  // The title paragraph is the title; the field stands in only where the content has none.
  return done({ ...report, content: titled(report.content, report.title) });
}

/**
 * Keeps the pictures that the content shows and the report does not have yet, under ids of their own.
 * A picture that is in neither is refused.
 */
async function takePictures(
  { db, pictures }: Pick<ContentDeps, 'db' | 'pictures'>,
  reportId: string,
  report: ReportJson,
): Promise<Outcome<{ content: ContentJson; added: KeptPicture[] }>> {
  const shown = pictureIds(report.content);
  const there = new Set((await pictures.of(reportId, shown)).map(({ id }) => id));
  const missing = shown.filter((id) => !there.has(id));
  const count = await db
    .selectFrom('picture')
    .select((get) => get.fn.countAll<number>().as('all'))
    .where('reportId', '=', reportId)
    .executeTakeFirstOrThrow();
  if (count.all + missing.length > MAX_PICTURES) return refuse('too_many', `${MAX_PICTURES}`);
  const added = new Map<string, KeptPicture>();
  for (const id of missing) {
    const embedded = report.pictures[id];
    if (embedded === undefined) return refuse('invalid', `pictures.${id}`);
    const kept = await pictures.keep(Buffer.from(embedded.base64, 'base64'));
    if (!kept.ok) return refuse(kept.code, `pictures.${id}`);
    added.set(id, kept.value);
  }
  const content = mapPictures(report.content, (id) => added.get(id)?.id ?? id);
  return done({ content, added: [...added.values()] });
}
