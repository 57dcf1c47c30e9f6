/** What can happen in the workspace, as whoever does it says it once. Ids only; never text of a report or a comment. */
import type { ImportFormat } from '#lib/import/imported.ts';
import type { Format } from '#lib/publish/formats.ts';
import type { Actor, ReportRole, ReportStatus, WorkspaceRole } from '#lib/review/permissions.ts';
import type { SubjectRef } from '#lib/review/subject.ts';

interface Act {
  /** Who did it; `actor.userId` is `cli` for the command line. */
  actor: Actor;
}
interface ReportAct extends Act {
  reportId: string;
}
interface ThreadAct extends ReportAct {
  threadId: string;
}

type ReportEvent = ReportAct &
  (
    | { type: 'report.created' }
    /** `reportId` is the copy, `from` what it was made of. */
    | { type: 'report.duplicated'; from: string }
    | { type: 'report.imported'; format: ImportFormat }
    | { type: 'report.renamed' }
    | { type: 'report.contentReplaced' }
    | { type: 'report.statusChanged'; from: ReportStatus; to: ReportStatus }
    | { type: 'report.trashed' }
    | { type: 'report.restored' }
    | { type: 'report.exported'; format: Format }
    /** Given for the first time. */
    | { type: 'report.shared'; subject: SubjectRef; role: ReportRole }
    | { type: 'report.shareChanged'; subject: SubjectRef; from: ReportRole; to: ReportRole }
    | { type: 'report.unshared'; subject: SubjectRef; from: ReportRole }
    /** `reason`: why in spite of what the checklist said; null: nothing stopped it. */
    | {
        type: 'report.published';
        number: number;
        revision: number;
        reason: string | null;
        /** Whose report it is: its owners and editors. */
        writers: readonly SubjectRef[];
      }
  );

/** An article was taken from readers. `reportId` null: its report is gone. */
interface WithdrawnEvent extends Act {
  type: 'report.withdrawn';
  reportId: string | null;
  number: number;
  revision: number;
  writers: readonly SubjectRef[];
}

/** One command may be several events: a reply that mentions somebody is `replied` and `mentioned`. */
type ThreadEvent = ThreadAct &
  (
    | { type: 'thread.created'; kind: 'comment' | 'proposal'; blocking: boolean }
    /** `participants`: the ids of everybody who has written in the thread before. */
    | { type: 'thread.replied'; commentId: string; participants: readonly string[] }
    /** `mentions`: those who are new in this comment, also when it was edited. */
    | { type: 'thread.mentioned'; commentId: string; mentions: readonly SubjectRef[] }
    | { type: 'thread.commentEdited'; commentId: string }
    | { type: 'thread.commentDeleted'; commentId: string }
    /** `departmentId` null: taken back. */
    | { type: 'thread.assigned'; departmentId: string | null }
    | { type: 'thread.resolved'; createdBy: string }
    | { type: 'thread.reopened'; createdBy: string }
    | { type: 'thread.accepted'; createdBy: string }
    | { type: 'thread.rejected'; createdBy: string }
    /** Accepting or rejecting was taken back. */
    | { type: 'thread.undone'; createdBy: string }
  );

/** What is done with registered figures; several at once when one command is about several. */
type FigureEvent = ReportAct &
  (
    | { type: 'figure.registered'; figureIds: readonly string[] }
    /** `fields`: the names of what was changed, never the values. */
    | { type: 'figure.changed'; figureIds: readonly string[]; fields: readonly string[] }
    | { type: 'figure.removed'; figureIds: readonly string[] }
    /** `departmentId` null: taken back. */
    | { type: 'figure.assigned'; figureIds: readonly string[]; departmentId: string | null }
    | { type: 'figure.verified'; figureIds: readonly string[] }
    | { type: 'figure.unverified'; figureIds: readonly string[] }
    /** The actor's edit made of verified figures of one department others than were verified. */
    | { type: 'figure.stale'; figureIds: readonly string[]; departmentId: string | null }
    | { type: 'figure.exported'; format: 'csv' | 'xlsx' }
    | { type: 'finding.dismissed'; rule: string }
    /** A dismissal was taken back. */
    | { type: 'finding.restored' }
  );

type SignInEvent =
  | (Act & { type: 'signIn.done'; address: string })
  /** `userId` null: nobody has the name that was tried. Names themselves are not kept: some are passwords. */
  | { type: 'signIn.failed'; userId: string | null; address: string }
  /** The failure that locked the account (or a name that is none), or the address. */
  | { type: 'signIn.locked'; userId: string | null; lock: 'account' | 'address'; address: string }
  | (Act & { type: 'signOut' })
  | (Act & { type: 'password.changed' });

type WorkspaceEvent = Act &
  (
    | { type: 'password.reset'; userId: string }
    | { type: 'person.created'; userId: string; role: WorkspaceRole }
    /** `fields`: the names of what was changed, never the values; `role` when that is among them. */
    | { type: 'person.changed'; userId: string; fields: readonly string[]; role: WorkspaceRole | null }
    | { type: 'person.disabled'; userId: string }
    | { type: 'person.enabled'; userId: string }
    | { type: 'department.created'; departmentId: string; name: string }
    | { type: 'department.renamed'; departmentId: string; from: string; to: string }
    /** Its name is kept here: nothing else knows it any more. */
    | { type: 'department.removed'; departmentId: string; name: string }
    | { type: 'workspace.renamed'; from: string; to: string }
    /** From a backup; `madeAt`: when that was made. */
    | { type: 'workspace.restored'; madeAt: string }
    /** The reading site's settings; `fields`: the names of those that changed, `audience` when it is among them. */
    | { type: 'site.changed'; fields: readonly string[]; audience: string | null }
    | { type: 'audit.exported' }
    | { type: 'term.created'; termId: string }
    | { type: 'term.changed'; termId: string }
    | { type: 'term.removed'; termId: string }
    | { type: 'glossary.imported'; added: number; changed: number }
    | { type: 'measure.dismissed' }
    | { type: 'measure.restored' }
  );

/** `actor` null: whoever opened the set-up page, when there was nobody yet. */
interface SetUpEvent {
  type: 'workspace.created';
  actor: Actor | null;
  example: boolean;
}

export type AppEvent =
  SetUpEvent | ReportEvent | WithdrawnEvent | ThreadEvent | FigureEvent | SignInEvent | WorkspaceEvent;
export type EventType = AppEvent['type'];
