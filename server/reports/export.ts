import type { Kysely } from 'kysely';
import { missingPictures } from '#lib/publish/article.ts';
import { fileName, FORMAT_TABLE, renderFile, type Format } from '#lib/publish/formats.ts';
import type { ArticleMeta } from '#lib/publish/meta.ts';
import type { Issue } from '#lib/report/limits.ts';
import type { Actor } from '#lib/review/permissions.ts';
import type { Events } from '../events.ts';
import { done, refuse, type Outcome } from '../outcome.ts';
import type { Pictures } from '../pictures/pictures.ts';
import type { Database } from '../store/tables.ts';
import { authorize, type AccessReader } from './access.ts';
import { readReport, type ReadDeps } from './read.ts';

export interface ExportDeps extends ReadDeps {
  db: Kysely<Database>;
  access: AccessReader;
  events: Pick<Events, 'emit'>;
  pictures: Pick<Pictures, 'embedded'>;
}

export interface ExportedReport {
  fileName: string;
  mime: string;
  body: Uint8Array<ArrayBuffer>;
  /** What the document holds that no format lets through. */
  leftOut: Issue[];
  /** The ids of pictures that are shown but not there. */
  missingPictures: string[];
}

/**
 * A report's committed content in a format, for those who may export it. Whatever was written into the
 * document, there is an export: what is unknown or unsafe is left out, its text kept.
 */
export async function exportReport(
  { db, access, events, pictures, ...reading }: ExportDeps,
  actor: Actor,
  reportId: string,
  format: Format,
): Promise<Outcome<ExportedReport>> {
  const allowed = await authorize(access, actor, reportId, 'export');
  if (!allowed.ok) return allowed;
  const read = await readReport(reading, reportId);
  const meta = await exportMeta(db, reportId);
  if (read === null || meta === null) return refuse('not_found');
  const shown = missingPictures(read.report);
  const report = { ...read.report, pictures: await pictures.embedded(reportId, shown) };
  await events.emit({ type: 'report.exported', actor, reportId, format });
  return done({
    fileName: fileName(report.title, format),
    mime: FORMAT_TABLE[format].mime,
    body: renderFile(format, report, meta),
    leftOut: read.leftOut,
    missingPictures: missingPictures(report),
  });
}

/**
 * The byline of a report that is not published: who began it, for which department, when it last changed.
 * Null: no such report. The caller has checked that the actor may read.
 */
export async function exportMeta(db: Kysely<Database>, reportId: string): Promise<ArticleMeta | null> {
  const row = await db
    .selectFrom('report')
    .leftJoin('user', 'user.id', 'report.createdBy')
    .leftJoin('department', 'department.id', 'report.departmentId')
    .select(['report.updatedAt', 'user.name as author', 'department.name as department'])
    .where('report.id', '=', reportId)
    .executeTakeFirst();
  if (row === undefined) return null;
  return { author: row.author, department: row.department, date: chinaDay(row.updatedAt) };
}

/** The day of a time (ISO 8601) in China, as `2023-12-08`. */
export function chinaDay(time: string): string {
  return new Intl.DateTimeFormat('sv-SE', { timeZone: 'Asia/Shanghai' }).format(new Date(time));
}
