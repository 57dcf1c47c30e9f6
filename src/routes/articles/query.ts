/** What of the articles is listed, as the page's address says it. */

export interface ListQuery {
  /** '' for all. */
  query: string;
  departmentId: string | null;
  /** `2023-12`. */
  month: string | null;
  /** From 1. */
  page: number;
}

/** The longest search. */
const MAX_QUERY = 100;

export function readQuery(parameters: URLSearchParams): ListQuery {
  const month = parameters.get('month');
  const page = Number(parameters.get('page'));
  return {
    query: (parameters.get('q') ?? '').trim().slice(0, MAX_QUERY),
    departmentId: parameters.get('department') || null,
    month: month !== null && /^\d{4}-(0[1-9]|1[0-2])$/.test(month) ? month : null,
    page: Number.isSafeInteger(page) && page > 0 ? page : 1,
  };
}

/** The list's address, without what narrows nothing. */
export function listHref({ query, departmentId, month, page }: Partial<ListQuery>): string {
  const parameters = new URLSearchParams();
  if (query) parameters.set('q', query);
  if (departmentId) parameters.set('department', departmentId);
  if (month) parameters.set('month', month);
  if (page !== undefined && page > 1) parameters.set('page', String(page));
  const text = parameters.toString();
  return text === '' ? '/articles' : `/articles?${text}`;
}
