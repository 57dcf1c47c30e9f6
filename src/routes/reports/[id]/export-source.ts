/** What the export dialog renders: the report as it stands in this browser, with its pictures. */
import { lostFigures, missingPictures } from '#lib/publish/article.ts';
import {
  PICTURE_TYPES,
  SCHEMA_VERSION,
  type EmbeddedPicture,
  type ReportJson,
  type StatedFigure,
} from '#lib/report/model.ts';
import { shownFigures } from '#lib/report/figures.ts';
import type { Issue } from '#lib/report/limits.ts';
import { repairContent } from '#lib/report/parse.ts';
import { titleOf } from '#lib/report/title.ts';

export interface ExportSource {
  report: ReportJson;
  /** What the document holds that no format lets through. */
  leftOut: Issue[];
  /** The ids of pictures that are shown but could not be read. */
  missing: string[];
}

/** What the editor has: its content, and what each figure says that is in its text. */
export interface EditedReport {
  content: unknown;
  figures: Readonly<Record<string, StatedFigure>>;
}

/** Reads the editor's content and fetches the pictures it shows, telling how many are there. Never refuses. */
export async function readExportSource(
  reportId: string,
  { content, figures }: EditedReport,
  onProgress: (done: number, total: number) => void,
): Promise<ExportSource> {
  const repaired = repairContent(content);
  const report: ReportJson = {
    schema: SCHEMA_VERSION,
    title: titleOf(repaired.content),
    content: repaired.content,
    pictures: {},
  };
  const shown = shownFigures(report.content);
  if (shown.length > 0) {
    report.figures = Object.fromEntries(shown.flatMap((id) => (figures[id] ? [[id, figures[id]]] : [])));
  }
  const ids = missingPictures(report).filter((id) => id !== '');
  let done = 0;
  onProgress(done, ids.length);
  for (const id of ids) {
    const picture = await fetchPicture(`/api/reports/${reportId}/pictures/${id}`);
    if (picture !== null) report.pictures[id] = picture;
    done += 1;
    onProgress(done, ids.length);
  }
  return { report, leftOut: [...repaired.leftOut, ...lostFigures(report)], missing: missingPictures(report) };
}

/** Null: it is not there, or the server could not be reached. */
async function fetchPicture(address: string): Promise<EmbeddedPicture | null> {
  let blob: Blob;
  try {
    const response = await fetch(address);
    if (!response.ok) return null;
    blob = await response.blob();
  } catch (error) {
    // A broken connection; the dialog names the pictures it could not read.
    if (error instanceof TypeError) return null;
    throw error;
  }
  const type = PICTURE_TYPES.find((known) => known === blob.type);
  return type === undefined ? null : { type, base64: await base64Of(blob) };
}

function base64Of(blob: Blob): Promise<string> {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.addEventListener('error', () => reject(reader.error ?? new Error('a picture could not be read')));
    reader.addEventListener('load', () => {
      const address = typeof reader.result === 'string' ? reader.result : '';
      resolve(address.slice(address.indexOf(',') + 1));
    });
    reader.readAsDataURL(blob);
  });
}
