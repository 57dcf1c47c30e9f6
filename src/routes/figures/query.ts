/** The address of the list of figures: which are asked for, as `?scope=…&q=…`. */
import { FIGURE_FILTERS, FIGURE_SCOPES, type FigureQuery } from '#lib/figures/query.ts';

/** The longest text looked for, in UTF-16 units. */
const MAX_TEXT = 100;

/** Whatever an address says that makes no sense is read as if it were not there. */
export function readQuery(params: URLSearchParams): FigureQuery {
  const among = <T extends string>(values: readonly T[], name: string) =>
    values.find((value) => value === params.get(name)) ?? null;
  const text = (name: string) => (params.get(name) ?? '').slice(0, MAX_TEXT).trim();
  const page = Number(params.get('page') ?? 1);
  return {
    scope: among(FIGURE_SCOPES, 'scope') ?? 'all',
    text: text('q'),
    unit: text('unit'),
    departmentId: params.get('department') || null,
    period: text('period'),
    filter: among(FIGURE_FILTERS, 'state'),
    page: Number.isSafeInteger(page) && page >= 1 ? page : 1,
  };
}

/** The shortest address that {@link readQuery} reads as this query. */
export function queryHref(query: FigureQuery, changes: Partial<FigureQuery> = {}): string {
  // What is asked for anew begins at its first page.
  const { scope, text, unit, departmentId, period, filter, page } = { ...query, page: 1, ...changes };
  const params = new URLSearchParams();
  if (scope !== 'all') params.set('scope', scope);
  if (text !== '') params.set('q', text);
  if (unit !== '') params.set('unit', unit);
  if (departmentId !== null) params.set('department', departmentId);
  if (period !== '') params.set('period', period);
  if (filter !== null) params.set('state', filter);
  if (page !== 1) params.set('page', String(page));
  return params.size === 0 ? '/figures' : `/figures?${params}`;
}

/** Nothing that narrows the list within its scope. */
export const UNFILTERED = {
  text: '',
  unit: '',
  departmentId: null,
  period: '',
  filter: null,
} satisfies Partial<FigureQuery>;

export function isFiltered({ text, unit, departmentId, period, filter }: FigureQuery): boolean {
  return text !== '' || unit !== '' || departmentId !== null || period !== '' || filter !== null;
}
