/** The threads of a report as one browser window has them: what they say, what waits to be sent, what was looked at. */
import * as Y from 'yjs';
import type { Annotation } from '#lib/editor/annotations.ts';
import type { SelectedWords } from '#lib/editor/words.ts';
import { api, type Answer } from '#lib/http/client.ts';
import { isShown, isUnread, see, type Me, type Seen, type ThreadFilter } from '#lib/review/list.ts';
import {
  bodyText,
  isStale,
  readThread,
  threadsOf,
  type CommentBody,
  type Thread,
} from '#lib/review/thread.ts';
import { newKey, openOutbox, type Command, type Outbox, type Waiting } from '#lib/sync/outbox.ts';
import { connectReview, type ReviewConnection } from '#lib/sync/review.ts';
import type { ReportSession } from '../session.svelte.ts';
import { keepSeen, keptSeen } from './seen.ts';

/** A new thread's words, from when somebody begins to write it. */
export interface Draft {
  anchor: { from: string; to: string };
  exact: string;
  prefix: string;
  suffix: string;
  /** What a proposal begins with; null: a comment. */
  replacement: string | null;
  /** The letter that opened the field and is not in it, as pinyin is typed there; null: none. */
  letter: string | null;
}

/** What is sent of a new thread. */
interface ThreadBody extends Omit<Draft, 'anchor' | 'letter'> {
  from: string;
  to: string;
  body: CommentBody | null;
  blocking: boolean;
}

/** A thread that was written here and that the server does not have yet. */
export interface WaitingThread {
  key: string;
  at: string;
  said: ThreadBody;
  refused: string | null;
}

/** A reply that the server does not have yet. */
export interface WaitingReply {
  key: string;
  at: string;
  threadId: string;
  body: CommentBody;
  refused: string | null;
}

/** The id of the annotation that shows what a new comment is about. */
export const DRAFT = 'draft';
/** Milliseconds that a thread which the server has stored may take to arrive over the socket. */
const ARRIVAL = 5_000;

const threadsPath = (reportId: string) => `/api/reports/${reportId}/threads`;
const repliesPath = /\/threads\/([^/]+)\/comments$/;

export class Review {
  readonly reportId: string;
  readonly me: Me;
  readonly #session: ReportSession;
  #connection: ReviewConnection | null = null;
  #outbox: Outbox | null = null;
  #arrivals = new Set<() => void>();

  /** The review document while it is open; other parts of the page read what else is in it. */
  doc = $state.raw<Y.Doc | null>(null);
  threads = $state.raw<readonly Thread[]>([]);
  /** Whether the server's threads have arrived. */
  synced = $state(false);
  waiting = $state.raw<readonly Waiting[]>([]);
  seen = $state.raw<Seen>({});
  filter: ThreadFilter = $state('open');
  /** The thread whose card is open. */
  active: string | null = $state(null);
  draft = $state.raw<Draft | null>(null);
  /** What is being written and was not sent, by thread (a reply), comment (a change of it) or {@link DRAFT}. */
  readonly unsent = new Map<string, CommentBody>();
  /** The proposal that was decided on last, until something else is done: Ctrl+Z takes that back. */
  undoable: string | null = null;

  readonly unread = $derived(
    new Set(this.threads.filter((thread) => isUnread(thread, this.me, this.seen)).map(({ id }) => id)),
  );
  readonly waitingThreads = $derived(
    this.waiting.flatMap(({ command, refused }): WaitingThread[] =>
      command.path === threadsPath(this.reportId)
        ? [{ key: command.key, at: command.at, said: command.body as unknown as ThreadBody, refused }]
        : [],
    ),
  );
  readonly waitingReplies = $derived(
    this.waiting.flatMap(({ command, refused }): WaitingReply[] => {
      const threadId = repliesPath.exec(command.path)?.[1];
      if (threadId === undefined) return [];
      const body = command.body['body'] as CommentBody;
      return [{ key: command.key, at: command.at, threadId, body, refused }];
    }),
  );
  readonly shown = $derived(
    this.threads.filter((thread) => isShown(thread, this.filter, this.me) && !this.#isOnItsWay(thread)),
  );
  /** What the text shows of all this. */
  readonly annotations = $derived<Annotation[]>([
    ...this.shown.map((thread) => ({
      id: thread.id,
      from: thread.anchor.from,
      to: thread.anchor.to,
      replacement:
        thread.kind === 'proposal' && thread.status === 'open' && !isStale(thread)
          ? (thread.replacement ?? '')
          : null,
      blocking: thread.blocking && thread.status === 'open',
    })),
    ...this.waitingThreads.map(({ key, said }) => ({
      id: key,
      from: said.from,
      to: said.to,
      replacement: said.replacement ?? null,
      blocking: said.blocking,
    })),
    ...(this.draft === null ? [] : [{ id: DRAFT, ...this.draft.anchor, replacement: null, blocking: false }]),
  ]);

  constructor(session: ReportSession, departmentId: string | null) {
    this.#session = session;
    this.reportId = session.reportId;
    this.me = { userId: session.user.userId, departmentId };
  }

  /** Connects; answers what ends it. */
  open(): () => void {
    const { protocol, host } = location;
    const connection = connectReview(`${protocol === 'https:' ? 'wss' : 'ws'}://${host}/sync`, this.reportId);
    this.#connection = connection;
    this.doc = connection.doc;
    this.seen = keptSeen(this.me.userId, this.reportId);
    // A report may have a thousand threads, and most keystrokes touch the anchor of one.
    const known = new Map<string, Thread>();
    const map = threadsOf(connection.doc);
    map.observeDeep((events) => {
      for (const event of events) {
        if (event.target === map) for (const id of event.keys.keys()) known.delete(id);
        else known.delete(String(event.path[0]));
      }
    });
    const update = () => {
      const threads: Thread[] = [];
      map.forEach((one, id) => {
        const thread = known.get(id) ?? readThread(one, id);
        known.set(id, thread);
        threads.push(thread);
      });
      this.threads = threads;
      for (const arrived of this.#arrivals) arrived();
    };
    connection.doc.on('update', update);
    connection.onSync(() => {
      this.synced = true;
      update();
    });
    this.#outbox = openOutbox({
      userId: this.me.userId,
      reportId: this.reportId,
      send: ({ method, path, body }) => api(method, path, body),
      maySend: () => ['saved', 'readOnly'].includes(this.#session.saved?.kind ?? ''),
      onChange: (waiting) => (this.waiting = waiting),
      onDone: (command, value) => this.#arrived(command, value),
    });
    return () => {
      this.#outbox?.destroy();
      connection.destroy();
      this.#connection = this.#outbox = this.doc = null;
    };
  }

  /** The content was saved, or the person signed in again: what waits may go. */
  flush(): void {
    this.#outbox?.flush();
  }

  resume(): void {
    this.#connection?.resume();
    this.flush();
  }

  /** Whether a thread that has come is still shown as what waits here for the server's answer. */
  #isOnItsWay({ createdBy, anchor, replacement, comments }: Thread): boolean {
    if (createdBy !== this.me.userId || this.waitingThreads.length === 0) return false;
    return this.waitingThreads.some(
      ({ said, refused }) =>
        refused === null &&
        said.from === anchor.from &&
        said.to === anchor.to &&
        (said.replacement ?? null) === (replacement ?? null) &&
        wordsOf(said.body) === wordsOf(comments[0]?.body),
    );
  }

  /** What waits to be said in a thread; what has come from the server meanwhile is there already. */
  repliesTo({ id, comments }: Thread): WaitingReply[] {
    const mine = comments.findLast(({ by }) => by === this.me.userId);
    return this.waitingReplies.filter(
      ({ threadId, refused, body }) =>
        threadId === id && (refused !== null || wordsOf(body) !== wordsOf(mine?.body)),
    );
  }

  /** Resolves when what the server has stored is among the threads, so that it is neither missing nor there twice. */
  #arrived(command: Command, value: unknown): Promise<void> {
    const { id } = value as { id: string };
    const threadId = repliesPath.exec(command.path)?.[1];
    const isThere = () =>
      threadId === undefined
        ? this.threads.some((thread) => thread.id === id)
        : this.threads.some(
            (thread) => thread.id === threadId && thread.comments.some((one) => one.id === id),
          );
    return new Promise((resolve) => {
      const done = () => {
        clearTimeout(timer);
        this.#arrivals.delete(look);
        if (threadId === undefined && (this.active === command.key || this.active === null)) this.active = id;
        resolve();
      };
      const look = () => isThere() && done();
      const timer = setTimeout(done, ARRIVAL);
      this.#arrivals.add(look);
      look();
    });
  }

  thread(id: string): Thread | null {
    return this.threads.find((thread) => thread.id === id) ?? null;
  }

  begin(words: SelectedWords, replacement: string | null, letter: string | null = null): void {
    const { anchor, exact, prefix, suffix } = words;
    this.draft = { anchor, exact, prefix, suffix, replacement, letter };
    this.active = DRAFT;
  }

  cancel(): void {
    this.unsent.delete(DRAFT);
    this.draft = null;
    if (this.active === DRAFT) this.active = null;
  }

  /** Sends the draft, or keeps it until it can be sent. */
  submit(body: CommentBody | null, replacement: string | null, blocking: boolean): void {
    const { draft } = this;
    if (draft === null) return;
    const key = newKey();
    const { anchor, exact, prefix, suffix } = draft;
    const said = { from: anchor.from, to: anchor.to, exact, prefix, suffix, body, replacement, blocking };
    const stateVector = base64(Y.encodeStateVector(this.#session.connection.doc));
    this.unsent.delete(DRAFT);
    this.draft = null;
    this.active = key;
    this.#add('POST', threadsPath(this.reportId), { ...said, stateVector }, key);
  }

  /** Keeps what is being written: its field may be closed, and opened again. Null: nothing, or it was sent. */
  write(key: string, body: CommentBody | null): void {
    if (body === null) this.unsent.delete(key);
    else this.unsent.set(key, body);
  }

  /** Whether leaving the page would lose what somebody is writing. */
  get wouldLose(): boolean {
    return this.unsent.size > 0 || (this.draft?.replacement ?? '') !== '';
  }

  reply(threadId: string, body: CommentBody): void {
    this.#add('POST', `${this.#path(threadId)}/comments`, { body });
  }

  #add(method: Command['method'], path: string, body: Record<string, unknown>, key = newKey()): void {
    const { userId } = this.me;
    const at = new Date().toISOString();
    const command = { key, userId, reportId: this.reportId, at, method, path, body: { ...body, key } };
    this.#outbox?.add(command);
  }

  /** Throws away what waits or was refused. */
  discard(key: string): void {
    this.#outbox?.remove(key);
    if (this.active === key) this.active = null;
  }

  #path(threadId: string): string {
    return `${threadsPath(this.reportId)}/${threadId}`;
  }

  change(threadId: string, change: Record<string, unknown>): Promise<Answer> {
    return api('PATCH', this.#path(threadId), { key: newKey(), ...change });
  }

  editComment(threadId: string, commentId: string, body: CommentBody): Promise<Answer> {
    return api('PATCH', `${this.#path(threadId)}/comments/${commentId}`, { key: newKey(), body });
  }

  deleteComment(threadId: string, commentId: string): Promise<Answer> {
    return api('DELETE', `${this.#path(threadId)}/comments/${commentId}`, { key: newKey() });
  }

  react(threadId: string, commentId: string, emoji: string, on: boolean): Promise<Answer> {
    const path = `${this.#path(threadId)}/comments/${commentId}`;
    return api('PATCH', path, { key: newKey(), reaction: { emoji, on } });
  }

  /** Puts a proposal's words into the text. Undo right after it takes it back. */
  async accept(threadId: string): Promise<Answer> {
    const answer = await api('POST', `${this.#path(threadId)}/accept`, { key: newKey() });
    if (answer.ok) this.undoable = threadId;
    return answer;
  }

  async reject(threadId: string): Promise<Answer> {
    const answer = await this.change(threadId, { status: 'rejected' });
    if (answer.ok) this.undoable = threadId;
    return answer;
  }

  /** Takes a decision on a proposal back. */
  undo(threadId: string): Promise<Answer> {
    this.undoable = null;
    return api('POST', `${this.#path(threadId)}/undo`, { key: newKey() });
  }

  /** Opens a card, or none, and takes its thread for looked at. */
  activate(id: string | null): void {
    this.active = id;
    const thread = id === null ? null : this.thread(id);
    if (thread !== null) this.look([thread]);
  }

  look(threads: readonly Thread[]): void {
    const before = JSON.stringify(this.seen);
    const seen = see(this.seen, threads, this.threads, this.me);
    if (JSON.stringify(seen) === before) return;
    this.seen = seen;
    keepSeen(this.me.userId, this.reportId, seen);
  }
}

function wordsOf(body: CommentBody | null | undefined): string {
  return body ? bodyText(body, ({ kind, id }) => `@${kind}/${id}`) : '';
}

function base64(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += String.fromCharCode(byte);
  return btoa(text);
}
