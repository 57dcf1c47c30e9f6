/** A report as it would be published now, and what there is to know of it before. */
import type { Kysely } from 'kysely';
import { checklistItems, type ChecklistItem } from '#lib/figures/checklist.ts';
import { readDismissals, readFigures, type RegisteredFigure } from '#lib/figures/register.ts';
import { missingPictures } from '#lib/publish/article.ts';
import type { ReportJson } from '#lib/report/model.ts';
import { pictureIds } from '#lib/report/pictures.ts';
import { readThreads } from '#lib/review/thread.ts';
import { done, refuse, type Outcome } from '../outcome.ts';
import type { Pictures } from '../pictures/pictures.ts';
import { readReport, type ReadDeps } from '../reports/read.ts';
import type { Keeping } from '../review/keeping.ts';
import { sha256 } from '../store/digest.ts';
import type { Database } from '../store/tables.ts';

export interface SurveyDeps extends ReadDeps {
  db: Kysely<Database>;
  keeping: Pick<Keeping, 'of' | 'flush'>;
  pictures: Pick<Pictures, 'embedded' | 'of'>;
}

export interface Survey {
  report: ReportJson;
  /** The content's sequence number. */
  seq: number;
  /** The same for the same text, pictures and figures. */
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
  const read = await readReport({ sync, keeping }, reportId);
  const review = await sync.readReview(reportId, (doc) => ({
    threads: readThreads(doc),
    figures: readFigures(doc),
    dismissals: readDismissals(doc),
  }));
  if (read === null || review === null) return refuse('not_found');
  const { leftOut, seq } = read;
  const { title, content, figures } = read.report;
  const shown = pictureIds(content);
  const sizes = (await pictures.of(reportId, shown)).map(({ bytes }) => bytes);
  if (sizes.reduce((sum, size) => sum + size, 0) > MAX_PICTURES_BYTES) {
    return refuse('too_large', `${MAX_PICTURES_BYTES / 1024 / 1024} MB`);
  }
  const report: ReportJson = { ...read.report, pictures: await pictures.embedded(reportId, shown) };
  const terms = await db.selectFrom('term').select(['name', 'kind']).orderBy('name').execute();
  return done({
    report,
    seq,
    contentHash: sha256(new TextEncoder().encode(JSON.stringify({ title, content, figures }))),
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
