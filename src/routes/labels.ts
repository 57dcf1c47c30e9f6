/** The words for statuses, tabs and orders, in the reader's language. */
import { m } from '#lib/paraglide/messages.js';
import type { ReportStatus } from '#lib/review/permissions.ts';
import type { ReportScope, ReportSort } from '#lib/review/query.ts';

export const STATUS_LABELS: Record<ReportStatus, () => string> = {
  draft: m.reports_status_draft,
  review: m.reports_status_review,
  ready: m.reports_status_ready,
  published: m.reports_status_published,
};

export const SCOPE_LABELS: Record<ReportScope, () => string> = {
  mine: m.reports_scope_mine,
  department: m.reports_scope_department,
  all: m.reports_scope_all,
  trash: m.reports_scope_trash,
};

export const SORT_LABELS: Record<ReportSort, () => string> = {
  updated: m.reports_sort_updated,
  created: m.reports_sort_created,
  title: m.reports_sort_title,
};
