/**
 * Who may do what, and when. The one place that decides: pages, endpoints, sockets, files and exports
 * all ask {@link can}, and {@link allowedActions} is what the browser is sent as data.
 */

export const WORKSPACE_ROLES = ['admin', 'publisher', 'member'] as const;
export type WorkspaceRole = (typeof WORKSPACE_ROLES)[number];

/** Roles on a report, from the least to the most. */
export const REPORT_ROLES = ['viewer', 'commenter', 'editor', 'owner'] as const;
export type ReportRole = (typeof REPORT_ROLES)[number];

export const REPORT_STATUSES = ['draft', 'review', 'ready', 'published'] as const;
export type ReportStatus = (typeof REPORT_STATUSES)[number];

/** The statuses that people set; `published` comes with a publication only. */
export const SETTABLE_STATUSES = ['draft', 'review', 'ready'] as const;
export type SettableStatus = (typeof SETTABLE_STATUSES)[number];

export interface Actor {
  userId: string;
  name: string;
  role: WorkspaceRole;
  departmentId: string | null;
}

/** What the decision needs to know of a report. */
export interface ReportAccess {
  /** The highest role given to the actor or to the actor's department; null for none. */
  given: ReportRole | null;
  status: ReportStatus;
  trashed: boolean;
}

export const REPORT_ACTIONS = [
  'read',
  'export',
  'comment',
  'propose',
  'registerFigure',
  'verifyOwnFigure',
  'dismissFinding',
  'write',
  'acceptProposal',
  'setDraft',
  'setReview',
  'share',
  'rename',
  'trash',
  'restore',
  'setReady',
  'verifyAnyFigure',
  'publish',
  'withdraw',
] as const;
export type ReportAction = (typeof REPORT_ACTIONS)[number];

const VIEWER: readonly ReportAction[] = ['read', 'export'];
const COMMENTER: readonly ReportAction[] = [
  ...VIEWER,
  'comment',
  'propose',
  'registerFigure',
  'verifyOwnFigure',
  'dismissFinding',
];
const EDITOR: readonly ReportAction[] = [...COMMENTER, 'write', 'acceptProposal', 'setDraft', 'setReview'];
const OWNER: readonly ReportAction[] = [
  ...EDITOR,
  'share',
  'rename',
  'trash',
  'restore',
  'setReady',
  'verifyAnyFigure',
];
const PUBLISHER: readonly ReportAction[] = ['publish', 'withdraw'];

const BY_ROLE: Record<ReportRole, readonly ReportAction[]> = {
  viewer: VIEWER,
  commenter: COMMENTER,
  editor: EDITOR,
  owner: OWNER,
};

/** What is left in the trash: it can be looked at and brought back, by those who may restore it. */
const IN_TRASH: readonly ReportAction[] = ['read', 'export', 'restore'];

/**
 * The role an actor has on a report, all considered: administrators are owners everywhere, publishers
 * are at least commenters on ready and published reports. Null: the report does not exist for them.
 */
export function effectiveRole(actor: Actor, report: ReportAccess): ReportRole | null {
  if (actor.role === 'admin') return 'owner';
  const isReadable = report.status === 'ready' || report.status === 'published';
  const asPublisher: ReportRole | null = actor.role === 'publisher' && isReadable ? 'commenter' : null;
  return higherRole(report.given, asPublisher);
}

/** The higher of two roles; null is lower than every role. */
export function higherRole(a: ReportRole | null, b: ReportRole | null): ReportRole | null {
  if (a === null || b === null) return a ?? b;
  return REPORT_ROLES.indexOf(a) >= REPORT_ROLES.indexOf(b) ? a : b;
}

/** Every action the actor may take on the report, in the order of {@link REPORT_ACTIONS}. */
export function allowedActions(actor: Actor, report: ReportAccess): ReportAction[] {
  const role = effectiveRole(actor, report);
  if (role === null) return [];
  const byRole = new Set<ReportAction>(BY_ROLE[role]);
  // Only a publisher publishes, and only what is ready; only what is published is withdrawn.
  if (actor.role === 'publisher') for (const action of PUBLISHER) byRole.add(action);
  return REPORT_ACTIONS.filter((action) => {
    if (!byRole.has(action)) return false;
    if (report.trashed) return IN_TRASH.includes(action) && byRole.has('restore');
    if (action === 'restore') return false;
    if (action === 'publish') return report.status === 'ready' || report.status === 'published';
    if (action === 'withdraw') return report.status === 'published';
    return true;
  });
}

export function can(actor: Actor, action: ReportAction, report: ReportAccess): boolean {
  return allowedActions(actor, report).includes(action);
}

/** What is done with a thread, beyond reading and answering it. */
export type ThreadAction = 'manage' | 'decide';

/**
 * The action on the report that it takes: editors resolve, reopen, assign and mark every thread (`manage`), and
 * reject every proposal (`decide`); whoever made one, while they may comment or propose, their own.
 */
export function actionOnThread(
  actor: Pick<Actor, 'userId'>,
  action: ThreadAction,
  thread: { createdBy: string },
): ReportAction {
  const isOwn = thread.createdBy === actor.userId;
  switch (action) {
    case 'manage':
      return isOwn ? 'comment' : 'write';
    case 'decide':
      return isOwn ? 'propose' : 'acceptProposal';
    default:
      return action satisfies never;
  }
}

/** What is done with a registered figure. */
export type FigureAction = 'edit' | 'verify';

/**
 * The action on the report that it takes: whoever registered a figure, and its department, edit it while they
 * may register figures, editors all; a department verifies its own figures, owners all.
 */
export function actionOnFigure(
  actor: Actor,
  action: FigureAction,
  figure: { registeredBy: string; department: string | null },
): ReportAction {
  const isOfDepartment = figure.department !== null && figure.department === actor.departmentId;
  switch (action) {
    case 'edit':
      return isOfDepartment || figure.registeredBy === actor.userId ? 'registerFigure' : 'write';
    case 'verify':
      return isOfDepartment ? 'verifyOwnFigure' : 'verifyAnyFigure';
    default:
      return action satisfies never;
  }
}

/** Acts on the workspace rather than on one report. */
export type WorkspaceAction =
  | 'createReport'
  | 'managePeople'
  | 'manageSettings'
  | 'readAudit'
  | 'dismissMeasure'
  | 'manageGlossary'
  | 'withdrawArticle';

export function canInWorkspace(actor: Actor, action: WorkspaceAction): boolean {
  switch (action) {
    case 'createReport':
    case 'dismissMeasure':
      return true;
    case 'manageGlossary':
      return actor.role === 'admin' || actor.role === 'publisher';
    case 'withdrawArticle':
      return actor.role === 'publisher';
    case 'managePeople':
    case 'manageSettings':
    case 'readAudit':
      return actor.role === 'admin';
    default:
      return action satisfies never;
  }
}

/** Whether the actor may add, change or remove a glossary term of this department: managers any, others their own's. */
export function canEditTerm(actor: Actor, departmentId: string | null): boolean {
  if (canInWorkspace(actor, 'manageGlossary')) return true;
  return departmentId !== null && departmentId === actor.departmentId;
}
