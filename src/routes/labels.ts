/** The words for roles, statuses and tabs, in the reader's language. */
import { m } from '#lib/paraglide/messages.js';
import type { ReportRole, ReportStatus } from '#lib/review/permissions.ts';
import type { ReportScope, ReportSort } from '#lib/review/query.ts';

export const STATUS_LABELS: Record<ReportStatus, () => string> = {
  draft: m.reports_status_draft,
  review: m.reports_status_review,
  ready: m.reports_status_ready,
  published: m.reports_status_published,
};

export const ROLE_LABELS: Record<ReportRole, () => string> = {
  owner: m.reports_role_owner,
  editor: m.reports_role_editor,
  commenter: m.reports_role_commenter,
  viewer: m.reports_role_viewer,
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

/** What a role lets its holder do, in a few words. */
export const ROLE_TEXTS: Record<ReportRole, () => string> = {
  owner: m.reports_role_owner_text,
  editor: m.reports_role_editor_text,
  commenter: m.reports_role_commenter_text,
  viewer: m.reports_role_viewer_text,
};
