/** What somebody may change of a thread, and what becomes of it then. */
import type { ThreadChangeCommand } from '#lib/review/command.ts';
import { actionOnThread, type Actor, type ReportAction } from '#lib/review/permissions.ts';
import type { Thread, ThreadMap, ThreadStatus } from '#lib/review/thread.ts';
import { setAssignee, setBlocking, setReplacement, setStatus } from '#lib/review/write.ts';
import type { AppEvent } from '../event.ts';
import { done, refuse, type Outcome } from '../outcome.ts';

/** What it takes to change a thread in this way; null: nobody but its author may. */
export function actionFor(actor: Actor, thread: Thread, input: ThreadChangeCommand): ReportAction | null {
  if ('replacement' in input) return thread.createdBy === actor.userId ? 'propose' : null;
  const isDecision = 'status' in input && thread.kind === 'proposal';
  return actionOnThread(actor, isDecision ? 'decide' : 'manage', thread);
}

type ThreadChanged = {
  [T in AppEvent['type']]: T extends
    'thread.assigned' | 'thread.resolved' | 'thread.reopened' | 'thread.rejected'
    ? Omit<Extract<AppEvent, { type: T }>, 'actor' | 'reportId' | 'threadId'>
    : never;
}[AppEvent['type']];

/** Answers what to tell of it; nothing, where it was so before. */
export function applyChange(
  map: ThreadMap,
  thread: Thread,
  input: ThreadChangeCommand,
  actor: Actor,
  at: string,
): Outcome<ThreadChanged[]> {
  const { createdBy, kind, status } = thread;
  if ('assignee' in input) {
    if (thread.assignee === input.assignee) return done([]);
    setAssignee(map, input.assignee);
    return done([{ type: 'thread.assigned', departmentId: input.assignee }]);
  }
  if ('blocking' in input) {
    if (thread.blocking !== input.blocking) setBlocking(map, input.blocking);
    return done([]);
  }
  if ('replacement' in input) {
    if (kind !== 'proposal' || status !== 'open') return refuse('conflict', 'status');
    if (input.replacement === thread.original) return refuse('invalid', 'replacement');
    setReplacement(map, input.replacement);
    return done([]);
  }
  if (!mayBecome(thread, input.status)) return refuse('conflict', 'status');
  if (status === input.status) return done([]);
  setStatus(map, input.status, actor.userId, at);
  switch (input.status) {
    case 'open':
      return done([{ type: 'thread.reopened', createdBy }]);
    case 'resolved':
      return done([{ type: 'thread.resolved', createdBy }]);
    case 'rejected':
      return done([{ type: 'thread.rejected', createdBy }]);
    default:
      return input.status satisfies never;
  }
}

/** An accepted proposal is taken back by undoing it, which puts the text back. */
function mayBecome({ kind, status }: Thread, next: ThreadStatus): boolean {
  if (status === 'accepted') return false;
  return next === 'open' || next === (kind === 'comment' ? 'resolved' : 'rejected');
}
