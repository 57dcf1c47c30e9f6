/** The words for roles on a report, in the reader's language. */
import { m } from '#lib/paraglide/messages.js';
import type { ReportRole } from '#lib/review/permissions.ts';

export const ROLE_LABELS: Record<ReportRole, () => string> = {
  owner: m.reports_role_owner,
  editor: m.reports_role_editor,
  commenter: m.reports_role_commenter,
  viewer: m.reports_role_viewer,
};

/** What a role lets its holder do, in a few words. */
export const ROLE_TEXTS: Record<ReportRole, () => string> = {
  owner: m.reports_role_owner_text,
  editor: m.reports_role_editor_text,
  commenter: m.reports_role_commenter_text,
  viewer: m.reports_role_viewer_text,
};
