/** How a command is carried out: judged, written with its key in one commit, then told of. */
import type { Kysely } from 'kysely';
import type * as Y from 'yjs';
import type { Actor, ReportAction } from '#lib/review/permissions.ts';
import { readThread, type Thread, type ThreadMap } from '#lib/review/thread.ts';
import { findThread } from '#lib/review/write.ts';
import type { AppEvent } from '../event.ts';
import type { Events } from '../events.ts';
import { done, refuse, type Outcome } from '../outcome.ts';
import { authorize, type AccessReader } from '../reports/access.ts';
import type { Database } from '../store/tables.ts';
import type { SyncServer } from '../sync/sync.ts';
import type { Keeping } from './keeping.ts';

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

/** What a change of the review document answers, and what it leaves to be told. */
export interface Done<T> {
  answer: T;
  events: AppEvent[];
}

export interface Carrier {
  /** One change of the review document, told to those who listen when it is committed. */
  command: <T>(
    actor: Actor,
    action: ReportAction,
    reportId: string,
    key: string,
    change: (doc: Y.Doc) => Outcome<Done<T>>,
    repeated: (doc: Y.Doc) => Outcome<T>,
  ) => Promise<Outcome<T>>;
  told: <T>(outcome: Outcome<Done<T>>) => Promise<Outcome<T>>;
  /** A thread as those may see it who may do this. */
  find: (actor: Actor, at: ThreadPath, action: ReportAction) => Promise<Outcome<Thread>>;
  /** One change of a thread that exists. */
  changeThread: <T>(
    actor: Actor,
    action: ReportAction,
    at: ThreadPath,
    key: string,
    change: (map: ThreadMap, thread: Thread, doc: Y.Doc) => Outcome<Done<T>>,
    repeated: (doc: Y.Doc) => Outcome<T>,
  ) => Promise<Outcome<T>>;
}

export function createCarrier({ access, events, sync }: ReviewDeps): Carrier {
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

  return { command, told, find, changeThread };
}

/** What a command that was carried out before answers; nobody is told of it again. */
export function nothingNew<T>(outcome: Outcome<T>): Outcome<Done<T>> {
  return outcome.ok ? done({ answer: outcome.value, events: [] }) : outcome;
}

export function threadIn(doc: Y.Doc, id: string): Outcome<Thread> {
  const map = findThread(doc, id);
  return map === null ? refuse('not_found') : done(readThread(map, id));
}
