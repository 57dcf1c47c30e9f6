import { AUDIT_AREAS, type AuditFilter } from '#lib/review/audit.ts';

const DAY = /^\d{4}-\d{2}-\d{2}$/;

/** Whatever an address says that makes no sense is read as if it were not there. */
export function readFilter(params: URLSearchParams): AuditFilter {
  const text = (name: string) => (params.get(name) ?? '').slice(0, 100).trim();
  const day = (name: string) => {
    const value = text(name);
    return DAY.test(value) && !Number.isNaN(Date.parse(value)) ? value : null;
  };
  return {
    person: text('person'),
    report: text('report'),
    area: AUDIT_AREAS.find((area) => area === params.get('area')) ?? null,
    from: day('from'),
    to: day('to'),
    asAdmin: params.get('admin') === '1',
  };
}

/** The shortest query that {@link readFilter} reads as this filter. */
export function filterParams(filter: AuditFilter): URLSearchParams {
  const params = new URLSearchParams();
  const { person, report, area, from, to, asAdmin } = filter;
  for (const [name, value] of Object.entries({ person, report, area, from, to })) {
    if (value !== null && value !== '') params.set(name, value);
  }
  if (asAdmin) params.set('admin', '1');
  return params;
}
