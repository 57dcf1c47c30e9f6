/** The list's address: which reports are asked for, as `?scope=…&status=…`. */
import { REPORT_STATUSES } from '#lib/review/permissions.ts';
import { REPORT_SCOPES, REPORT_SORTS, type ReportQuery } from '#lib/review/query.ts';

/** The longest text looked for, in UTF-16 units. */
const MAX_TEXT_LENGTH = 100;

/** Whatever an address says that makes no sense is read as if it were not there. */
export function readQuery(params: URLSearchParams, fallback: ReportQuery['scope']): ReportQuery {
  const among = <T extends string>(values: readonly T[], name: string) =>
    values.find((value) => value === params.get(name)) ?? null;
  const page = Number(params.get('page') ?? 1);
  return {
    scope: among(REPORT_SCOPES, 'scope') ?? fallback,
    status: among(REPORT_STATUSES, 'status'),
    departmentId: params.get('department') || null,
    text: (params.get('q') ?? '').slice(0, MAX_TEXT_LENGTH).trim(),
    sort: among(REPORT_SORTS, 'sort') ?? 'updated',
    page: Number.isSafeInteger(page) && page >= 1 ? page : 1,
  };
}

/** The shortest address that {@link readQuery} reads as this query; the list's own fallback is `mine`. */
export function queryHref(query: ReportQuery, changes: Partial<ReportQuery> = {}): string {
  // What is asked for anew begins at its first page.
  const { scope, status, departmentId, text, sort, page } = { ...query, page: 1, ...changes };
  const params = new URLSearchParams();
  if (scope !== 'mine') params.set('scope', scope);
  if (status !== null) params.set('status', status);
  if (departmentId !== null) params.set('department', departmentId);
  if (text !== '') params.set('q', text);
  if (sort !== 'updated') params.set('sort', sort);
  if (page !== 1) params.set('page', String(page));
  return params.size === 0 ? '/' : `/?${params}`;
}

/** Whether anything narrows the list beyond its tab. */
export function isFiltered(query: ReportQuery): boolean {
  return query.status !== null || query.departmentId !== null || query.text !== '';
}
