/** One event as a line of the audit log: who, what, to what, when. Never text of a report or a comment. */
import type { Kysely } from 'kysely';
import type { AppEvent } from '../event.ts';
import { createAccess } from '../reports/access.ts';
import type { AuditTable, Database } from '../store/tables.ts';

type Line = Pick<AuditTable, 'reportId' | 'threadId' | 'subjectKind' | 'subjectId' | 'address'> & {
  detail: Record<string, string | boolean>;
};

const BLANK: Line = {
  reportId: null,
  threadId: null,
  subjectKind: null,
  subjectId: null,
  address: null,
  detail: {},
};
const person = (subjectId: string | null) =>
  subjectId === null ? {} : { subjectKind: 'person' as const, subjectId };
const department = (subjectId: string | null) =>
  subjectId === null ? {} : { subjectKind: 'department' as const, subjectId };

/** Ids of figures; of many the first, and how many there are. */
const figures = (ids: readonly string[]) => ({
  count: String(ids.length),
  figures: ids.slice(0, MOST_IDS).join(' '),
});
const MOST_IDS = 20;

function factsOf(event: AppEvent): Partial<Line> {
  switch (event.type) {
    case 'report.created':
    case 'report.renamed':
    case 'report.contentReplaced':
    case 'report.trashed':
    case 'report.restored':
    case 'thread.resolved':
    case 'thread.reopened':
    case 'thread.accepted':
    case 'thread.rejected':
    case 'thread.undone':
    case 'signOut':
    case 'password.changed':
    case 'audit.exported':
    case 'finding.restored':
    case 'measure.dismissed':
    case 'measure.restored':
      return {};
    case 'report.duplicated':
      return { detail: { from: event.from } };
    case 'report.statusChanged':
    case 'workspace.renamed':
      return { detail: { from: event.from, to: event.to } };
    case 'report.published':
      return {
        detail: {
          number: String(event.number),
          revision: String(event.revision),
          ...(event.reason !== null && { reason: event.reason }),
        },
      };
    case 'report.withdrawn':
      return { detail: { number: String(event.number), revision: String(event.revision) } };
    case 'report.imported':
    case 'report.exported':
    case 'figure.exported':
      return { detail: { format: event.format } };
    case 'report.shared':
      return { subjectKind: event.subject.kind, subjectId: event.subject.id, detail: { role: event.role } };
    case 'report.shareChanged':
      return {
        subjectKind: event.subject.kind,
        subjectId: event.subject.id,
        detail: { from: event.from, to: event.to },
      };
    case 'report.unshared':
      return { subjectKind: event.subject.kind, subjectId: event.subject.id, detail: { from: event.from } };
    case 'thread.created':
      return { detail: { kind: event.kind, blocking: event.blocking } };
    case 'thread.replied':
    case 'thread.commentEdited':
    case 'thread.commentDeleted':
      return { detail: { comment: event.commentId } };
    case 'thread.mentioned':
      return {
        detail: {
          comment: event.commentId,
          mentions: event.mentions.map(({ kind, id }) => `${kind}:${id}`).join(' '),
        },
      };
    case 'thread.assigned':
      return department(event.departmentId);
    case 'figure.assigned':
    case 'figure.stale':
      return { ...department(event.departmentId), detail: figures(event.figureIds) };
    case 'figure.registered':
    case 'figure.removed':
    case 'figure.verified':
    case 'figure.unverified':
      return { detail: figures(event.figureIds) };
    case 'figure.changed':
      return { detail: { ...figures(event.figureIds), fields: event.fields.join(' ') } };
    case 'finding.dismissed':
      return { detail: { rule: event.rule } };
    case 'term.created':
    case 'term.changed':
    case 'term.removed':
      return { detail: { term: event.termId } };
    case 'glossary.imported':
      return { detail: { added: String(event.added), changed: String(event.changed) } };
    case 'signIn.done':
      return { address: event.address };
    case 'signIn.failed':
      return { ...person(event.userId), address: event.address };
    case 'signIn.locked':
      return { ...person(event.userId), address: event.address, detail: { lock: event.lock } };
    case 'password.reset':
    case 'person.disabled':
    case 'person.enabled':
      return person(event.userId);
    case 'person.created':
      return { ...person(event.userId), detail: { role: event.role } };
    case 'person.changed':
      return {
        ...person(event.userId),
        detail: { fields: event.fields.join(' '), ...(event.role !== null && { role: event.role }) },
      };
    case 'site.changed':
      return {
        detail: {
          fields: event.fields.join(' '),
          ...(event.audience !== null && { audience: event.audience }),
        },
      };
    case 'workspace.created':
      return { detail: { example: event.example } };
    case 'workspace.restored':
      return { detail: { madeAt: event.madeAt } };
    case 'department.created':
    case 'department.removed':
      return { ...department(event.departmentId), detail: { name: event.name } };
    case 'department.renamed':
      return { ...department(event.departmentId), detail: { from: event.from, to: event.to } };
    default:
      return event satisfies never;
  }
}

/** Whether an administrator acts on a report that they do not own, by what administrators may do. */
async function isAsAdmin(tx: Kysely<Database>, event: AppEvent): Promise<boolean> {
  if (!('reportId' in event) || event.reportId === null || event.actor.role !== 'admin') return false;
  return (await createAccess(tx)(event.actor, event.reportId))?.given !== 'owner';
}

/** To be called in the transaction that does what the event tells of. */
export async function writeAudit(tx: Kysely<Database>, event: AppEvent, now: Date): Promise<void> {
  const { detail, ...line }: Line = {
    ...BLANK,
    ...('reportId' in event && { reportId: event.reportId }),
    ...('threadId' in event && { threadId: event.threadId }),
    ...factsOf(event),
  };
  await tx
    .insertInto('audit')
    .values({
      ...line,
      at: now.toISOString(),
      act: event.type,
      actorId: 'actor' in event ? (event.actor?.userId ?? null) : null,
      asAdmin: (await isAsAdmin(tx, event)) ? 1 : 0,
      detail: JSON.stringify(detail),
    })
    .execute();
}
