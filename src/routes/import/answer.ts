/** What `POST /api/reports/import` answers. */
import type { ImportFault, ImportSummary } from '#lib/import/imported.ts';
import type { RefusalCode } from '#server/outcome.ts';

export type ImportedFile =
  | { name: string; reportId: string; report: ImportSummary }
  | { name: string; error: { code: ImportFault | RefusalCode; message: string; detail?: string } };

export interface ImportAnswer {
  files: ImportedFile[];
}
