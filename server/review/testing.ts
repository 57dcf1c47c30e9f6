/** A desk for tests of review: raw sockets, editors without a window, and the commands of review. */
import { fromBase64, toBase64 } from 'lib0/buffer';
import { pino } from 'pino';
import * as Y from 'yjs';
import type { NewThreadCommand } from '#lib/review/command.ts';
import type { Actor } from '#lib/review/permissions.ts';
import { Editor, paragraph, TEXT } from '#lib/review/testing.ts';
import { readThreads, type Anchor, type CommentBody, type Thread } from '#lib/review/thread.ts';
import type { AppEvent } from '../event.ts';
import type { Outcome } from '../outcome.ts';
import { createAccess } from '../reports/access.ts';
import { PEOPLE } from '../reports/testing.ts';
import type { DocStore } from '../store/docs.ts';
import { together, type Follower } from '../sync/follower.ts';
import { openDesk, REPORT, type Desk, type RawClient } from '../sync/testing.ts';
import { createFigures, type Figures } from '../figures/figures.ts';
import { createChecking } from '../figures/checking.ts';
import { FigureIndexer } from '../figures/indexer.ts';
import { tellStale } from '../figures/stale.ts';
import { createKeeping, type Keeping } from './keeping.ts';
import { createReview, type Review } from './review.ts';

/** Somebody at an open report. */
export class Person {
  readonly client: RawClient;
  readonly editor: Editor;

  constructor(client: RawClient) {
    this.client = client;
    this.editor = new Editor(client.doc);
  }

  /** Sends what was edited, and waits until it is saved. */
  async send(updates: readonly Uint8Array[]): Promise<void> {
    for (const update of updates) this.client.sendUpdate(update);
    await this.client.settled();
  }

  async leave(): Promise<void> {
    this.client.socket.terminate();
    await this.client.untilClosed();
  }
}

export interface ReviewDesk {
  desk: Desk;
  review: Review;
  figures: Figures;
  keeping: Keeping;
  /** Resolves when the index of figures is written, and what checking the reports says of them. */
  indexed(): Promise<void>;
  /** Resolves when all that is kept of the content is written. */
  flush(): Promise<void>;
  events: AppEvent[];
  /** How long commands wait for content, in milliseconds. */
  join(who: Actor): Promise<Person>;
  /** What a browser of this person sends for a comment on words. */
  on(person: Person, words: string, more?: Partial<NewThreadCommand>): NewThreadCommand;
  /** The threads as the review document has them once everything is written. */
  threads(): Promise<Thread[]>;
  thread(id: string): Promise<Thread>;
  /** What somebody who joins now finds: the words under each thread; null: an orphan. */
  seenByNewcomer(): Promise<Map<string, string | null>>;
  close(): Promise<void>;
}

let keys = 0;
export const newKey = () => `test-key-${++keys}`;

export const says = (text: string): CommentBody => ({
  type: 'doc',
  content: [{ type: 'paragraph', content: [{ type: 'text', text }] }],
});

/** The value of an answer that must not be a refusal. */
export function valueOf<T>(outcome: Outcome<T>): T {
  if (!outcome.ok) throw new Error(`refused: ${outcome.code} ${outcome.detail ?? ''}`);
  return outcome.value;
}

/** Li comments here, and does not write. */
export async function openReviewDesk(
  wrap?: (docs: DocStore) => DocStore,
  waitMs = 2_000,
): Promise<ReviewDesk> {
  const log = pino({ level: process.env['LOG_LEVEL'] ?? 'silent' });
  const indexers: FigureIndexer[] = [];
  const checkers: Follower[] = [];
  const desk = await openDesk(
    wrap,
    undefined,
    undefined,
    (content) => {
      const checker = checking.follow(content);
      checkers.push(checker);
      return together(keeping.follow(content), checker);
    },
    (content) => {
      const indexer = new FigureIndexer(content, { db, log });
      indexers.push(indexer);
      return indexer;
    },
  );
  const { db } = desk.county.store;
  await db.updateTable('reportShare').set({ role: 'commenter' }).where('subjectId', '=', 'li').execute();
  const sync = () => desk.sync;
  const now = () => desk.clock.now;
  const keeping = createKeeping({
    db,
    log,
    now,
    sync,
    onStale: tellStale(db, desk.county.events),
  });
  const checking = createChecking({ db, log, keeping, sync });
  desk.county.events.on((told) => checking.hear(told));
  const parts = { db, access: createAccess(db), events: desk.county.events, now, keeping, sync, waitMs };
  const review = createReview(parts);
  const figures = createFigures(parts);
  const flush = () => keeping.flush(REPORT);
  const events: AppEvent[] = [];
  desk.county.events.on((told) => events.push(...told));
  const readAll = async () => (await desk.sync.readReview(REPORT, readThreads)) ?? [];

  return {
    desk,
    review,
    figures,
    keeping,
    flush,
    async indexed() {
      await flush();
      for (const follower of [...indexers, ...checkers]) await follower.flush();
    },
    events,
    async join(who) {
      return new Person(await desk.connect(who).join());
    },
    on(person, words, more = {}) {
      return {
        key: newKey(),
        ...person.editor.selectWords(words),
        stateVector: toBase64(Y.encodeStateVector(person.client.doc)),
        body: says('请核对'),
        replacement: null,
        blocking: false,
        ...more,
      };
    },
    async threads() {
      await flush();
      return readAll();
    },
    async thread(id) {
      await flush();
      const found = (await readAll()).find((thread) => thread.id === id);
      if (found === undefined) throw new Error(`no thread ${id}`);
      return found;
    },
    async seenByNewcomer() {
      await flush();
      const content = await desk.connect(PEOPLE.zhao).join();
      const threads = await desk.connect(PEOPLE.zhao, { room: `${REPORT}/review` }).join();
      return new Map(readThreads(threads.doc).map(({ id, anchor }) => [id, wordsAt(content.doc, anchor)]));
    },
    close: () => desk.close(),
  };
}

/** Fills the report with {@link TEXT}. */
export async function write(person: Person): Promise<void> {
  const text = TEXT.map((line) => paragraph(line));
  await person.send(person.editor.edit((tr) => tr.replaceWith(0, tr.doc.content.size, text)));
}

/** The words between an anchor's positions within one text of a document. */
function wordsAt(doc: Y.Doc, { from, to, state }: Anchor): string | null {
  if (state === 'orphan') return null;
  const place = (encoded: string) =>
    Y.createAbsolutePositionFromRelativePosition(Y.decodeRelativePosition(fromBase64(encoded)), doc);
  const [start, end] = [place(from), place(to)];
  if (start === null || end === null || start.type !== end.type) return null;
  const text = (start.type as Y.XmlText).toDelta() as { insert: string }[];
  return text
    .map(({ insert }) => insert)
    .join('')
    .slice(start.index, end.index);
}
