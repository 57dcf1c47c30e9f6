/** A report as it would be published now, and what there is to know of it before. */
import type { Kysely } from 'kysely';
import { checklistItems, type ChecklistItem } from '#lib/figures/checklist.ts';
import { readDismissals, readFigures, type RegisteredFigure } from '#lib/figures/register.ts';
import { missingPictures } from '#lib/publish/article.ts';
import { SCHEMA_VERSION, type ReportJson } from '#lib/report/model.ts';
import { repairContent } from '#lib/report/parse.ts';
import { pictureIds } from '#lib/report/pictures.ts';
import { titleOf } from '#lib/report/title.ts';
import { readContent } from '#lib/report/ydoc.ts';
import { readThreads } from '#lib/review/thread.ts';
import { done, refuse, type Outcome } from '../outcome.ts';
import type { Pictures } from '../pictures/pictures.ts';
import type { Keeping } from '../review/keeping.ts';
import { sha256 } from '../store/digest.ts';
import type { Database } from '../store/tables.ts';
import type { SyncServer } from '../sync/sync.ts';

export interface SurveyDeps {
  db: Kysely<Database>;
  sync: Pick<SyncServer, 'read' | 'readReview'>;
  keeping: Pick<Keeping, 'flush'>;
  pictures: Pick<Pictures, 'embedded' | 'of'>;
}

export interface Survey {
  report: ReportJson;
  /** The content's sequence number. */
  seq: number;
  /** The same for the same text and pictures. */
  contentHash: string;
  figures: RegisteredFigure[];
  items: ChecklistItem[];
}

/** The pictures of one article together, in bytes: every format holds them. */
const MAX_PICTURES_BYTES = 32 * 1024 * 1024;

/** Refused with `not_found`, or `too_large` for pictures that no format could hold. No rights are asked. */
export async function surveyReport(deps: SurveyDeps, reportId: string): Promise<Outcome<Survey>> {
  const { db, sync, keeping, pictures } = deps;
  // Figures are then as the text has them.
  await keeping.flush(reportId);
  const stored = await sync.read(reportId, (doc, { seq }) => ({ content: readContent(doc), seq }));
  const review = await sync.readReview(reportId, (doc) => ({
    threads: readThreads(doc),
    figures: readFigures(doc),
    dismissals: readDismissals(doc),
  }));
  if (stored === null || review === null) return refuse('not_found');
  const { content, leftOut } = repairContent(stored.content);
  const title = titleOf(content);
  const shown = pictureIds(content);
  const sizes = (await pictures.of(reportId, shown)).map(({ bytes }) => bytes);
  if (sizes.reduce((sum, size) => sum + size, 0) > MAX_PICTURES_BYTES) {
    return refuse('too_large', `${MAX_PICTURES_BYTES / 1024 / 1024} MB`);
  }
  const embedded = await pictures.embedded(reportId, shown);
  const report: ReportJson = { schema: SCHEMA_VERSION, title, content, pictures: embedded };
  const terms = await db.selectFrom('term').select(['name', 'kind']).orderBy('name').execute();
  return done({
    report,
    seq: stored.seq,
    contentHash: sha256(new TextEncoder().encode(JSON.stringify({ title, content }))),
    figures: review.figures,
    items: checklistItems({
      content,
      leftOut,
      missingPictures: missingPictures(report),
      terms,
      ...review,
    }),
  });
}
