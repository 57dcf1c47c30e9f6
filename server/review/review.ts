/**
 * The commands of review, the actor always first. Each is carried out once for its `key`; who did it and when
 * is the server's to say. To those who may not read a report every one of these answers `not_found`.
 */
import type { Kysely } from 'kysely';
import type * as Y from 'yjs';
import type {
  CommentChangeCommand,
  NewCommentCommand,
  NewThreadCommand,
  PlainCommand,
  ThreadChangeCommand,
} from '#lib/review/command.ts';
import { OBJECT } from '#lib/review/flat.ts';
import { actionOnThread, type Actor, type ReportAction } from '#lib/review/permissions.ts';
import {
  mentionsIn,
  readThread,
  readThreads,
  threadsOf,
  type Anchor,
  type CommentBody,
  type Thread,
  type ThreadMap,
  type ThreadStatus,
} from '#lib/review/thread.ts';
import {
  addComment,
  addThread,
  anchorOf,
  deleteComment,
  editComment,
  findComment,
  findThread,
  removeThread,
  setAnchor,
  setAssignee,
  setBlocking,
  setReaction,
  setReplacement,
  setStatus,
  setUndo,
  undoOf,
} from '#lib/review/write.ts';
import type { AppEvent } from '../event.ts';
import type { Events } from '../events.ts';
import { done, refuse, type Outcome } from '../outcome.ts';
import { authorize, type AccessReader } from '../reports/access.ts';
import type { Database } from '../store/tables.ts';
import type { SyncServer } from '../sync/sync.ts';
import { readAuthorship, type AuthorshipShares } from './authorship.ts';
import { arrival, idFor } from './command.ts';
import type { Keeping } from './keeping.ts';
import { checkMentions } from './mentions.ts';
import { namesOf, type Names } from './names.ts';
import { applyProposal, revertProposal } from './proposal.ts';

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

export interface ThreadPath {
  reportId: string;
  threadId: string;
}
export interface CommentPath extends ThreadPath {
  commentId: string;
}

export interface ReviewDeps {
  db: Kysely<Database>;
  access: AccessReader;
  events: Events;
  now: () => Date;
  keeping: Keeping;
  /** Where documents are; asked for late, since that is made with {@link ReviewDeps.keeping}. */
  sync: () => Pick<SyncServer, 'read' | 'readReview' | 'annotate' | 'amend' | 'until'>;
  /** How long a command waits for the content that it speaks of, in milliseconds. */
  waitMs?: number | undefined;
}

/** The most threads of a report, and comments of a thread. */
const MAX_THREADS = 5_000;
const MAX_COMMENTS = 500;

/** What a change of the review document answers, and what it leaves to be told. */
interface Done<T> {
  answer: T;
  events: AppEvent[];
}

export function createReview(deps: ReviewDeps): Review {
  const { db, access, events, now, keeping, sync, waitMs } = deps;

  /** One change of the review document, told to those who listen when it is committed. */
  async function command<T>(
    actor: Actor,
    action: ReportAction,
    reportId: string,
    key: string,
    change: (doc: Y.Doc) => Outcome<Done<T>>,
    repeated: (doc: Y.Doc) => Outcome<T>,
  ): Promise<Outcome<T>> {
    const outcome = await sync().annotate({ actor, action, key }, reportId, change, (doc) =>
      nothingNew(repeated(doc)),
    );
    return told(outcome);
  }

  async function told<T>(outcome: Outcome<Done<T>>): Promise<Outcome<T>> {
    if (!outcome.ok) return outcome;
    if (outcome.value.events.length > 0) await events.emit(...outcome.value.events);
    return done(outcome.value.answer);
  }

  /** A thread as those may see it who may do this. */
  async function find(
    actor: Actor,
    { reportId, threadId }: ThreadPath,
    action: ReportAction,
  ): Promise<Outcome<Thread>> {
    const allowed = await authorize(access, actor, reportId, action);
    if (!allowed.ok) return allowed;
    const thread = await sync().readReview(reportId, (doc) => threadIn(doc, threadId));
    return thread ?? refuse('not_found');
  }

  /** One change of a thread that exists. */
  function changeThread<T>(
    actor: Actor,
    action: ReportAction,
    { reportId, threadId }: ThreadPath,
    key: string,
    change: (map: ThreadMap, thread: Thread, doc: Y.Doc) => Outcome<Done<T>>,
    repeated: (doc: Y.Doc) => Outcome<T>,
  ): Promise<Outcome<T>> {
    const run = (doc: Y.Doc): Outcome<Done<T>> => {
      const map = findThread(doc, threadId);
      return map === null ? refuse('not_found') : change(map, readThread(map, threadId), doc);
    };
    return command(actor, action, reportId, key, run, repeated);
  }

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
        if (readThreadCount(doc) >= MAX_THREADS) return refuse('too_many', `${MAX_THREADS}`);
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
    accept,
    undo,
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

/** What a command that was carried out before answers; nobody is told of it again. */
function nothingNew<T>(outcome: Outcome<T>): Outcome<Done<T>> {
  return outcome.ok ? done({ answer: outcome.value, events: [] }) : outcome;
}

function threadIn(doc: Y.Doc, id: string): Outcome<Thread> {
  const map = findThread(doc, id);
  return map === null ? refuse('not_found') : done(readThread(map, id));
}

function readThreadCount(doc: Y.Doc): number {
  return threadsOf(doc).size;
}

function commentOf(actor: Actor, at: string, body: CommentBody, threadId: string, key: string) {
  return { id: idFor('comment', threadId, actor, key), by: actor.userId, at, body };
}

/** Whom a body mentions that it did not before. */
function mentioned(
  about: { actor: Actor; reportId: string; threadId: string },
  commentId: string,
  body: CommentBody | null,
  before: CommentBody | null,
): AppEvent[] {
  const known = new Set((before === null ? [] : mentionsIn(before)).map(({ kind, id }) => `${kind}/${id}`));
  const mentions = (body === null ? [] : mentionsIn(body)).filter(
    ({ kind, id }) => !known.has(`${kind}/${id}`),
  );
  return mentions.length === 0 ? [] : [{ type: 'thread.mentioned', commentId, mentions, ...about }];
}

/** What it takes to change a thread in this way; null: nobody but its author may. */
function actionFor(actor: Actor, thread: Thread, input: ThreadChangeCommand): ReportAction | null {
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

function applyChange(
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

/** Everybody whose name it takes to show threads. */
function peopleIn(threads: readonly Thread[]): Set<string> {
  const people = new Set<string>();
  for (const { createdBy, statusBy, comments } of threads) {
    people.add(createdBy);
    if (statusBy !== null) people.add(statusBy);
    for (const { by, mentions, reactions } of comments) {
      people.add(by);
      for (const { kind, id } of mentions) if (kind === 'person') people.add(id);
      for (const ids of Object.values(reactions)) for (const id of ids) people.add(id);
    }
  }
  return people;
}
