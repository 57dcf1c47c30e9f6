/** The audit log in words, on the page and in its export. */
import { STATUS_LABELS } from '../../labels.ts';
import { m } from '#lib/paraglide/messages.js';
import type { AuditArea, AuditLine } from '#lib/review/audit.ts';
import type { EventType } from '#server/event.ts';
import { ROLE_LABELS } from '../../share/roles.ts';
import { roleName } from '../role-name.ts';

const ACTS: Record<EventType, () => string> = {
  'report.created': m.audit_act_report_created,
  'report.duplicated': m.audit_act_report_duplicated,
  'report.imported': m.audit_act_report_imported,
  'report.renamed': m.audit_act_report_renamed,
  'report.contentReplaced': m.audit_act_report_content_replaced,
  'report.statusChanged': m.audit_act_report_status_changed,
  'report.trashed': m.audit_act_report_trashed,
  'report.restored': m.audit_act_report_restored,
  'report.exported': m.audit_act_report_exported,
  'report.shared': m.audit_act_report_shared,
  'report.shareChanged': m.audit_act_report_share_changed,
  'report.unshared': m.audit_act_report_unshared,
  'report.published': m.audit_act_report_published,
  'report.withdrawn': m.audit_act_report_withdrawn,
  'thread.created': m.audit_act_thread_created,
  'thread.replied': m.audit_act_thread_replied,
  'thread.mentioned': m.audit_act_thread_mentioned,
  'thread.commentEdited': m.audit_act_thread_comment_edited,
  'thread.commentDeleted': m.audit_act_thread_comment_deleted,
  'thread.assigned': m.audit_act_thread_assigned,
  'thread.resolved': m.audit_act_thread_resolved,
  'thread.reopened': m.audit_act_thread_reopened,
  'thread.accepted': m.audit_act_thread_accepted,
  'thread.rejected': m.audit_act_thread_rejected,
  'thread.undone': m.audit_act_thread_undone,
  'figure.registered': m.audit_act_figure_registered,
  'figure.changed': m.audit_act_figure_changed,
  'figure.removed': m.audit_act_figure_removed,
  'figure.assigned': m.audit_act_figure_assigned,
  'figure.verified': m.audit_act_figure_verified,
  'figure.unverified': m.audit_act_figure_unverified,
  'figure.stale': m.audit_act_figure_stale,
  'figure.exported': m.audit_act_figure_exported,
  'finding.dismissed': m.audit_act_finding_dismissed,
  'finding.restored': m.audit_act_finding_restored,
  'term.created': m.audit_act_term_created,
  'term.changed': m.audit_act_term_changed,
  'term.removed': m.audit_act_term_removed,
  'glossary.imported': m.audit_act_glossary_imported,
  'measure.dismissed': m.audit_act_measure_dismissed,
  'measure.restored': m.audit_act_measure_restored,
  'signIn.done': m.audit_act_sign_in_done,
  'signIn.failed': m.audit_act_sign_in_failed,
  'signIn.locked': m.audit_act_sign_in_locked,
  signOut: m.audit_act_sign_out,
  'password.changed': m.audit_act_password_changed,
  'password.reset': m.audit_act_password_reset,
  'person.created': m.audit_act_person_created,
  'person.changed': m.audit_act_person_changed,
  'person.disabled': m.audit_act_person_disabled,
  'person.enabled': m.audit_act_person_enabled,
  'department.created': m.audit_act_department_created,
  'department.renamed': m.audit_act_department_renamed,
  'department.removed': m.audit_act_department_removed,
  'workspace.created': m.audit_act_workspace_created,
  'workspace.restored': m.audit_act_workspace_restored,
  'workspace.renamed': m.audit_act_workspace_renamed,
  'site.changed': m.audit_act_site_changed,
  'audit.exported': m.audit_act_audit_exported,
};

/** In China, as spreadsheets read a time: `2024-03-01 16:00:00`. */
export function clockTime(at: string): string {
  return new Date(at).toLocaleString('sv-SE', { timeZone: 'Asia/Shanghai' });
}

/** What was done. A type that is not known is shown as it stands. */
export function actName(act: string): string {
  return (ACTS as Partial<Record<string, () => string>>)[act]?.() ?? act;
}

export const AREA_NAMES: Record<AuditArea, () => string> = {
  report: m.audit_area_report,
  share: m.audit_area_share,
  export: m.audit_area_export,
  thread: m.audit_area_thread,
  figure: m.audit_area_figure,
  signIn: m.audit_area_sign_in,
  people: m.audit_area_people,
};

/** Who did it. */
export function actorName({ actor }: AuditLine): string {
  if (actor === null) return m.audit_nobody();
  return actor.username === null ? m.audit_command_line() : actor.name;
}

/** To whom; empty: to nobody. */
export function subjectName({ subject, detail }: AuditLine): string {
  if (subject === null) return '';
  return subject.name ?? String(detail['name'] ?? m.audit_removed_department());
}

const WORDS: Partial<Record<string, () => string>> = {
  ...STATUS_LABELS,
  ...ROLE_LABELS,
  admin: () => roleName('admin'),
  publisher: () => roleName('publisher'),
  member: () => roleName('member'),
  name: m.audit_field_name,
  role: m.audit_field_role,
  department: m.audit_field_department,
  email: m.audit_field_email,
  account: m.audit_lock_account,
  address: m.audit_lock_address,
  proposal: m.audit_proposal,
  slogan: m.audit_field_slogan,
  footer: m.audit_field_footer,
  audience: m.audit_field_audience,
  public: m.audit_audience_public,
  members: m.audit_audience_members,
};
const word = (value: string | boolean | undefined) =>
  value === undefined ? '' : (WORDS[String(value)]?.() ?? String(value));

/** The rest of what is known, short; empty: nothing. */
export function detailText({ act, detail }: AuditLine): string {
  const {
    from,
    to,
    role,
    format,
    fields,
    lock,
    kind,
    blocking,
    name,
    count,
    added,
    changed,
    madeAt,
    example,
    number,
    revision,
    reason,
    audience,
  } = detail;
  switch (act as EventType) {
    case 'workspace.renamed':
    case 'department.renamed':
      return `${from} → ${to}`;
    case 'report.statusChanged':
    case 'report.shareChanged':
      return `${word(from)} → ${word(to)}`;
    case 'report.unshared':
      return word(from);
    case 'report.shared':
    case 'person.created':
      return word(role);
    case 'person.changed': {
      const names = String(fields).split(' ').map(word).join(', ');
      return role === undefined ? names : `${names} → ${word(role)}`;
    }
    case 'site.changed': {
      const names = String(fields).split(' ').map(word).join(', ');
      return audience === undefined ? names : `${names} → ${word(audience)}`;
    }
    case 'workspace.created':
      return example === true ? m.audit_example() : '';
    case 'workspace.restored':
      return m.audit_made_at({ time: clockTime(String(madeAt)) });
    case 'report.exported':
    case 'figure.exported':
      return String(format);
    case 'figure.registered':
    case 'figure.changed':
    case 'figure.removed':
    case 'figure.assigned':
    case 'figure.verified':
    case 'figure.unverified':
    case 'figure.stale':
      return m.audit_figures({ count: String(count) });
    case 'glossary.imported':
      return m.audit_imported({ added: String(added), changed: String(changed) });
    case 'report.published':
    case 'report.withdrawn': {
      const which = m.audit_publication({ number: String(number), revision: String(revision) });
      return reason === undefined ? which : `${which}：${reason}`;
    }
    case 'report.duplicated':
      return String(from);
    case 'signIn.locked':
      return word(lock);
    case 'thread.created':
      return [kind === 'proposal' ? word(kind) : '', blocking === true ? m.audit_blocking() : '']
        .filter((part) => part !== '')
        .join(', ');
    case 'department.created':
    case 'department.removed':
      return String(name);
    default:
      return '';
  }
}
