import type { Kysely } from 'kysely';
import { readFigures } from '#lib/figures/register.ts';
import { mapFigures } from '#lib/report/figures.ts';
import type { ContentJson } from '#lib/report/model.ts';
import { repairContent } from '#lib/report/parse.ts';
import { mapPictures, pictureIds } from '#lib/report/pictures.ts';
import { paragraphsOf } from '#lib/report/text.ts';
import { withTitleSuffix } from '#lib/report/title.ts';
import { readContent } from '#lib/report/ydoc.ts';
import { canInWorkspace, type Actor } from '#lib/review/permissions.ts';
import type { Recording } from '../events.ts';
import { indexSeeded, type SeedFigure } from '../figures/seed.ts';
import { sightedFigures } from '../figures/sighted.ts';
import { newId } from '../ids.ts';
import { done, refuse, type Outcome } from '../outcome.ts';
import { insertPictures, type Pictures } from '../pictures/pictures.ts';
import type { Keeping } from '../review/keeping.ts';
import type { Database } from '../store/tables.ts';
import type { SyncServer } from '../sync/sync.ts';
import { authorize, createAccess } from './access.ts';
import { insertReport } from './create.ts';

export interface DuplicateDeps {
  db: Kysely<Database>;
  events: Recording;
  sync: Pick<SyncServer, 'read' | 'readReview'>;
  keeping: Pick<Keeping, 'of'>;
  pictures: Pick<Pictures, 'of'>;
  now: () => Date;
}

/** Added to the title of a copy. Titles are text of the report, so it is not translated. */
const COPY = '（副本）';

/**
 * A new report of the actor's with the text, the pictures and the register of one that they may read: the figures
 * that are in the text, with their department, owner, source and note, and vouched for by nobody. Its status, shares
 * and history stay behind.
 */
export async function duplicateReport(
  deps: DuplicateDeps,
  actor: Actor,
  reportId: string,
): Promise<Outcome<{ id: string }>> {
  const { db, events, sync, pictures, now } = deps;
  const allowed = await authorize(createAccess(db), actor, reportId, 'read');
  if (!allowed.ok) return allowed;
  if (!canInWorkspace(actor, 'createReport')) return refuse('forbidden');
  const original = await readOriginal(deps, reportId);
  if (original === null) return refuse('not_found');
  const { content } = original;
  const copies = new Map(
    (await pictures.of(reportId, pictureIds(content))).map((picture) => [
      picture.id,
      { ...picture, id: newId() },
    ]),
  );
  const titled = withTitleSuffix(content, COPY);
  // A title that there was none of is a paragraph before all others.
  const more = paragraphCount(titled) - paragraphCount(content);
  const figures = original.figures.map(({ id: was, at, ...figure }) => ({
    was,
    seed: { ...figure, id: newId(), at: { ...at, paragraph: at.paragraph + more } },
  }));
  const idOf = new Map(figures.map(({ was, seed }) => [was, seed.id]));
  const pictured = mapPictures(titled, (id) => copies.get(id)?.id ?? null);
  // What is not in the text has no place in the copy.
  const copied = mapFigures(pictured, (id) => idOf.get(id) ?? null);
  const seeds = figures.map(({ seed }) => seed);
  const id = newId();
  await events.transaction(async (trx, record) => {
    const input = { from: 'content' as const, content: copied, title: null, figures: seeds };
    await insertReport(trx, id, actor, input, now());
    await insertPictures(trx, actor, id, [...copies.values()], now());
    await record({ type: 'report.duplicated', actor, reportId: id, from: reportId });
    const figureIds = seeds.map((seed) => seed.id);
    if (figureIds.length > 0) await record({ type: 'figure.registered', actor, reportId: id, figureIds });
  });
  await indexSeeded(sync, id, seeds);
  return done({ id });
}

interface Original {
  content: ContentJson;
  /** Under their ids in the original, in its text. */
  figures: SeedFigure[];
}

/** Null: no such report. */
async function readOriginal(
  { sync, keeping }: Pick<DuplicateDeps, 'sync' | 'keeping'>,
  reportId: string,
): Promise<Original | null> {
  const registered = (await sync.readReview(reportId, readFigures)) ?? [];
  const keeper = registered.length === 0 ? null : await keeping.of(reportId);
  return sync.read(reportId, (doc): Original => {
    const { content } = repairContent(readContent(doc));
    if (keeper === null) return { content, figures: [] };
    const ids = registered.map(({ id }) => id);
    const sighted = sightedFigures(content, keeper, ids);
    const figures = registered.flatMap(({ id, set, department, owner, source, note }): SeedFigure[] => {
      const found = sighted.get(id);
      if (found === undefined || found.at === null) return [];
      return [{ id, at: found.at, now: found.now, set, department, owner, source, note }];
    });
    return { content, figures };
  });
}

const paragraphCount = ({ content = [] }: ContentJson) =>
  content.reduce((count, block) => count + [...paragraphsOf(block)].length, 0);
