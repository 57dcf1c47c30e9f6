/** Which reports a list asks for. The page, the API and the server's query share these words. */
import type { ReportStatus } from './permissions.ts';

/**
 * `mine`: given to me by name; `department`: drafted in my department or given to it; `all`: all that I
 * may see; `trash`: what I may bring back.
 */
export const REPORT_SCOPES = ['mine', 'department', 'all', 'trash'] as const;
export type ReportScope = (typeof REPORT_SCOPES)[number];

/** `updated` and `created`: newest first; `title`: by pinyin. */
export const REPORT_SORTS = ['updated', 'created', 'title'] as const;
export type ReportSort = (typeof REPORT_SORTS)[number];

export interface ReportQuery {
  scope: ReportScope;
  /** Null: any. */
  status: ReportStatus | null;
  /** The department it was drafted in; null: any. */
  departmentId: string | null;
  /** Words that the title must contain, each of them. */
  text: string;
  sort: ReportSort;
  /** From 1; beyond the last it is the last. */
  page: number;
}
