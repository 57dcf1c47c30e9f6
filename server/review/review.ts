/**
 * The commands of review, the actor always first. Each is carried out once for its `key`; who did it and when
 * is the server's to say. To those who may not read a report every one of these answers `not_found`.
 */
import type {
  CommentChangeCommand,
  NewCommentCommand,
  NewThreadCommand,
  PlainCommand,
  ThreadChangeCommand,
} from '#lib/review/command.ts';
import { OBJECT } from '#lib/review/flat.ts';
import type { Actor } from '#lib/review/permissions.ts';
import { readThread, readThreads, threadsOf, type CommentBody, type Thread } from '#lib/review/thread.ts';
import {
  addComment,
  addThread,
  deleteComment,
  editComment,
  findComment,
  removeThread,
  setReaction,
} from '#lib/review/write.ts';
import type { AppEvent } from '../event.ts';
import { done, refuse, type Outcome } from '../outcome.ts';
import { authorize } from '../reports/access.ts';
import { readAuthorship, type AuthorshipShares } from './authorship.ts';
import { createCarrier, threadIn, type CommentPath, type ReviewDeps, type ThreadPath } from './carry.ts';
import { actionFor, applyChange } from './change.ts';
import { arrival, idFor } from './command.ts';
import { createDecisions } from './decision.ts';
import { checkMentions, mentioned } from './mentions.ts';
import { namesOf, peopleIn, type Names } from './names.ts';

export interface Review {
  list(actor: Actor, reportId: string): Promise<Outcome<{ threads: Thread[]; people: Names }>>;
  /** `conflict` (`stateVector`): the content that it speaks of has not arrived. */
  create(actor: Actor, reportId: string, command: NewThreadCommand): Promise<Outcome<{ id: string }>>;
  reply(actor: Actor, at: ThreadPath, command: NewCommentCommand): Promise<Outcome<{ id: string }>>;
  change(actor: Actor, at: ThreadPath, command: ThreadChangeCommand): Promise<Outcome<Thread>>;
  changeComment(actor: Actor, at: CommentPath, command: CommentChangeCommand): Promise<Outcome<Thread>>;
  /** Deleting the last comment of a thread deletes the thread, unless it is a proposal. */
  deleteComment(actor: Actor, at: CommentPath, command: PlainCommand): Promise<Outcome<null>>;
  /** Puts a proposal into the text. `conflict` (`stale`): its words have changed. */
  accept(actor: Actor, at: ThreadPath, command: PlainCommand): Promise<Outcome<Thread>>;
  /** Takes accepting or rejecting back. `conflict` (`stale`): the text has changed since. */
  undo(actor: Actor, at: ThreadPath, command: PlainCommand): Promise<Outcome<Thread>>;
  authorship(actor: Actor, reportId: string): Promise<Outcome<AuthorshipShares & { people: Names }>>;
}

/** The most threads of a report, and comments of a thread. */
const MAX_THREADS = 5_000;
const MAX_COMMENTS = 500;

export function createReview(deps: ReviewDeps): Review {
  const { db, access, now, keeping, sync, waitMs } = deps;
  const carrier = createCarrier(deps);
  const { command, find, changeThread } = carrier;

  async function create(
    actor: Actor,
    reportId: string,
    input: NewThreadCommand,
  ): Promise<Outcome<{ id: string }>> {
    const { key, body = null, replacement = null, blocking } = input;
    const action = replacement === null ? 'comment' : 'propose';
    const allowed = await authorize(access, actor, reportId, action);
    if (!allowed.ok) return allowed;
    if (body === null && replacement === null) return refuse('invalid', 'body');
    const checked = body === null ? done(null) : await checkMentions(deps, reportId, body);
    if (!checked.ok) return checked;
    const arrived = await arrival(sync(), reportId, input.stateVector, waitMs);
    if (!arrived.ok) return arrived;
    const found = await keeping.of(reportId);
    if (found === null) return refuse('not_found');
    const { keeper, anchors } = found;
    const id = idFor('thread', reportId, actor, key);
    let isKept = false;
    const outcome = await command<{ id: string }>(
      actor,
      action,
      reportId,
      key,
      (doc) => {
        if (threadsOf(doc).size >= MAX_THREADS) return refuse('too_many', `${MAX_THREADS}`);
        const anchor = anchors.locate(input);
        if (anchor.exact === '') return refuse('invalid', 'exact');
        if (replacement !== null) {
          const { exact } = anchor;
          // Within one paragraph's text, so that it can be put there.
          if (exact.includes('\n') || exact.includes(OBJECT)) return refuse('invalid', 'from');
          if (exact === replacement) return refuse('invalid', 'replacement');
        }
        // From now on, so that what happens until the commit is not missed.
        keeper.put(id, anchor);
        isKept = true;
        const at = now().toISOString();
        const by = { createdBy: actor.userId, department: actor.departmentId, createdAt: at };
        const first = body === null ? null : commentOf(actor, at, body, id, key);
        const proposal = replacement === null ? {} : { replacement, original: anchor.exact };
        const kind = replacement === null ? 'comment' : 'proposal';
        addThread(doc, { id, kind, blocking, ...by, anchor, ...proposal }, first);
        const about = { actor, reportId, threadId: id };
        return done({
          answer: { id },
          events: [
            { type: 'thread.created', kind, blocking, ...about },
            ...(first === null ? [] : mentioned(about, first.id, body, null)),
          ],
        });
      },
      () => done({ id }),
    );
    if (!outcome.ok && isKept) keeper.remove(id);
    return outcome;
  }

  async function reply(
    actor: Actor,
    at: ThreadPath,
    { key, body }: NewCommentCommand,
  ): Promise<Outcome<{ id: string }>> {
    const found = await find(actor, at, 'comment');
    if (!found.ok) return found;
    const checked = await checkMentions(deps, at.reportId, body);
    if (!checked.ok) return checked;
    const id = idFor('comment', at.threadId, actor, key);
    return changeThread<{ id: string }>(
      actor,
      'comment',
      at,
      key,
      (map, thread) => {
        if (thread.comments.length >= MAX_COMMENTS) return refuse('too_many', `${MAX_COMMENTS}`);
        addComment(map, commentOf(actor, now().toISOString(), body, at.threadId, key));
        const participants = new Set([thread.createdBy, ...thread.comments.map(({ by }) => by)]);
        const about = { actor, ...at };
        return done({
          answer: { id },
          events: [
            { type: 'thread.replied', commentId: id, participants: [...participants], ...about },
            ...mentioned(about, id, body, null),
          ],
        });
      },
      () => done({ id }),
    );
  }

  async function change(actor: Actor, at: ThreadPath, input: ThreadChangeCommand): Promise<Outcome<Thread>> {
    const found = await find(actor, at, 'comment');
    if (!found.ok) return found;
    const action = actionFor(actor, found.value, input);
    if (action === null) return refuse('forbidden');
    if ('assignee' in input && input.assignee !== null) {
      const department = await db
        .selectFrom('department')
        .select('id')
        .where('id', '=', input.assignee)
        .executeTakeFirst();
      if (department === undefined) return refuse('invalid', 'assignee');
    }
    return changeThread<Thread>(
      actor,
      action,
      at,
      input.key,
      (map, thread) => {
        const changed = applyChange(map, thread, input, actor, now().toISOString());
        if (!changed.ok) return changed;
        const events = changed.value.map((event): AppEvent => ({ ...event, actor, ...at }));
        return done({ answer: readThread(map, at.threadId), events });
      },
      (doc) => threadIn(doc, at.threadId),
    );
  }

  async function changeComment(
    actor: Actor,
    at: CommentPath,
    input: CommentChangeCommand,
  ): Promise<Outcome<Thread>> {
    const found = await find(actor, at, 'comment');
    if (!found.ok) return found;
    if ('body' in input) {
      const checked = await checkMentions(deps, at.reportId, input.body);
      if (!checked.ok) return checked;
    }
    const { reportId, threadId, commentId } = at;
    return changeThread<Thread>(
      actor,
      'comment',
      at,
      input.key,
      (map, thread) => {
        const comment = findComment(map, commentId);
        const before = thread.comments.find(({ id }) => id === commentId);
        if (comment === null || before === undefined || before.deletedAt !== null) return refuse('not_found');
        const about = { actor, reportId, threadId };
        const events: AppEvent[] = [];
        if ('reaction' in input) {
          setReaction(comment, input.reaction.emoji, actor.userId, input.reaction.on);
        } else {
          if (before.by !== actor.userId) return refuse('forbidden');
          editComment(comment, input.body, now().toISOString());
          events.push({ type: 'thread.commentEdited', commentId, ...about });
          events.push(...mentioned(about, commentId, input.body, before.body));
        }
        return done({ answer: readThread(map, threadId), events });
      },
      (doc) => threadIn(doc, threadId),
    );
  }

  async function remove(actor: Actor, at: CommentPath, { key }: PlainCommand): Promise<Outcome<null>> {
    const found = await find(actor, at, 'comment');
    if (!found.ok) return found;
    const { reportId, threadId, commentId } = at;
    let isGone = false;
    const outcome = await changeThread<null>(
      actor,
      'comment',
      at,
      key,
      (map, thread, doc) => {
        const comment = findComment(map, commentId);
        const before = thread.comments.find(({ id }) => id === commentId);
        if (comment === null || before === undefined) return refuse('not_found');
        if (before.by !== actor.userId) return refuse('forbidden');
        if (before.deletedAt !== null) return done({ answer: null, events: [] });
        const others = thread.comments.filter(({ id, deletedAt }) => id !== commentId && deletedAt === null);
        isGone = others.length === 0 && thread.kind === 'comment';
        if (isGone) removeThread(doc, threadId);
        else deleteComment(comment, now().toISOString());
        return done({
          answer: null,
          events: [{ type: 'thread.commentDeleted', commentId, actor, reportId, threadId }],
        });
      },
      () => done(null),
    );
    if (outcome.ok && isGone) keeping.present(reportId)?.remove(threadId);
    return outcome;
  }

  return {
    async list(actor, reportId) {
      const allowed = await authorize(access, actor, reportId, 'read');
      if (!allowed.ok) return allowed;
      const threads = await sync().readReview(reportId, readThreads);
      if (threads === null) return refuse('not_found');
      return done({ threads, people: await namesOf(db, peopleIn(threads)) });
    },
    create,
    reply,
    change,
    changeComment,
    deleteComment: remove,
    ...createDecisions(deps, carrier),
    async authorship(actor, reportId) {
      const allowed = await authorize(access, actor, reportId, 'read');
      if (!allowed.ok) return allowed;
      const shares = await sync().read(reportId, (doc, { authorship }) => readAuthorship(doc, authorship));
      if (shares === null) return refuse('not_found');
      const people = new Set(shares.report.people.flatMap(({ id }) => id ?? []));
      return done({ ...shares, people: await namesOf(db, people) });
    },
  };
}

function commentOf(actor: Actor, at: string, body: CommentBody, threadId: string, key: string) {
  return { id: idFor('comment', threadId, actor, key), by: actor.userId, at, body };
}
