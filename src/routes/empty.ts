/** What a list without reports says: the server says it, so that no page loads the words of all cases. */
import { m } from '#lib/paraglide/messages.js';
import type { ReportQuery } from '#lib/review/query.ts';
import { isFiltered } from './query.ts';

export function emptyList(query: ReportQuery, hasDepartment: boolean): { title: string; text: string } {
  if (isFiltered(query)) return { title: m.reports_empty_found(), text: m.reports_empty_found_text() };
  switch (query.scope) {
    case 'mine':
      return { title: m.reports_empty_mine(), text: m.reports_empty_mine_text() };
    case 'department':
      return hasDepartment
        ? { title: m.reports_empty_department(), text: m.reports_empty_department_text() }
        : { title: m.reports_empty_no_department(), text: m.reports_empty_no_department_text() };
    case 'all':
      return { title: m.reports_empty_all(), text: m.reports_empty_all_text() };
    case 'trash':
      return { title: m.reports_empty_trash(), text: m.reports_empty_trash_text() };
    default:
      return query.scope satisfies never;
  }
}
