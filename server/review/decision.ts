/** Deciding on proposals: putting one into the text, and taking a decision back. */
import type * as Y from 'yjs';
import type { PlainCommand } from '#lib/review/command.ts';
import { actionOnThread, type Actor } from '#lib/review/permissions.ts';
import { readThread, type Anchor, type Thread, type ThreadMap } from '#lib/review/thread.ts';
import { anchorOf, findThread, setAnchor, setStatus, setUndo, undoOf } from '#lib/review/write.ts';
import { done, refuse, type Outcome } from '../outcome.ts';
import { authorize } from '../reports/access.ts';
import { nothingNew, threadIn, type Carrier, type Done, type ReviewDeps, type ThreadPath } from './carry.ts';
import { applyProposal, revertProposal } from './proposal.ts';

type Decide = (actor: Actor, at: ThreadPath, command: PlainCommand) => Promise<Outcome<Thread>>;

export function createDecisions(
  { access, keeping, now, sync }: ReviewDeps,
  { told, find, changeThread }: Carrier,
): { accept: Decide; undo: Decide } {
  /** A change of the text and of its thread, in one commit. */
  async function settle(
    actor: Actor,
    at: ThreadPath,
    key: string,
    type: 'thread.accepted' | 'thread.undone',
    work: (content: Y.Doc, map: ThreadMap, thread: Thread) => Outcome<Anchor>,
  ): Promise<Outcome<Thread>> {
    const { reportId, threadId } = at;
    const outcome = await sync().amend<Done<Thread>>(
      { actor, action: 'acceptProposal', key },
      reportId,
      (content, review) => {
        const map = findThread(review, threadId);
        if (map === null) return refuse('not_found');
        const thread = readThread(map, threadId);
        const anchor = work(content, map, thread);
        if (!anchor.ok) return anchor;
        setAnchor(map, anchor.value);
        return done({
          answer: readThread(map, threadId),
          events: [{ type, createdBy: thread.createdBy, actor, reportId, threadId }],
        });
      },
      (review) => nothingNew(threadIn(review, threadId)),
    );
    if (outcome.ok) keeping.present(reportId)?.put(threadId, outcome.value.answer.anchor);
    return told(outcome);
  }

  async function accept(actor: Actor, at: ThreadPath, { key }: PlainCommand): Promise<Outcome<Thread>> {
    const found = await find(actor, at, 'acceptProposal');
    if (!found.ok) return found;
    return settle(actor, at, key, 'thread.accepted', (content, map, thread) => {
      const { kind, status, original, replacement } = thread;
      if (kind !== 'proposal' || original === undefined || replacement === undefined) {
        return refuse('conflict', 'kind');
      }
      if (status !== 'open') return refuse('conflict', 'status');
      const applied = applyProposal(content, anchorOf(map), original, replacement);
      if (!applied.ok) return applied;
      setUndo(map, applied.value.undo);
      setStatus(map, 'accepted', actor.userId, now().toISOString());
      return done(applied.value.anchor);
    });
  }

  async function undo(actor: Actor, at: ThreadPath, { key }: PlainCommand): Promise<Outcome<Thread>> {
    const found = await find(actor, at, 'comment');
    if (!found.ok) return found;
    const { createdBy, status } = found.value;
    if (status === 'accepted') {
      const allowed = await authorize(access, actor, at.reportId, 'acceptProposal');
      if (!allowed.ok) return allowed;
      return settle(actor, at, key, 'thread.undone', (content, map, thread) => {
        const record = undoOf(map);
        if (thread.status !== 'accepted' || record === null) return refuse('conflict', 'status');
        const reverted = revertProposal(content, anchorOf(map), thread.replacement ?? '', record);
        if (!reverted.ok) return reverted;
        setUndo(map, null);
        setStatus(map, 'open', actor.userId, now().toISOString());
        return reverted;
      });
    }
    return changeThread<Thread>(
      actor,
      actionOnThread(actor, 'decide', { createdBy }),
      at,
      key,
      (map, thread) => {
        if (thread.status !== 'rejected') return refuse('conflict', 'status');
        setStatus(map, 'open', actor.userId, now().toISOString());
        return done({
          answer: readThread(map, at.threadId),
          events: [{ type: 'thread.undone', createdBy, actor, ...at }],
        });
      },
      (doc) => threadIn(doc, at.threadId),
    );
  }

  return { accept, undo };
}
