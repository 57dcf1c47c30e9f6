/** What the rest of the server knows of the sync server. */
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { setImmediate as nextTurn, setTimeout as wait } from 'node:timers/promises';
import type { Logger } from 'pino';
import type * as Y from 'yjs';
import { authorsByBlock, type Author, type Authorship } from '#lib/review/authorship.ts';
import type { Actor } from '#lib/review/permissions.ts';
import { CLOSE } from '#lib/sync/protocol.ts';
import { refuse, type Outcome } from '../outcome.ts';
import type { DocStore } from '../store/docs.ts';
import type { Backlog } from './backlog.ts';
import { takeCensus } from './census.ts';
import { openDoor } from './door.ts';
import { sendAway } from './drain.ts';
import type { Followed, Follower } from './follower.ts';
import { Judge, type Records } from './judge.ts';
import { LIMITS, type Limits } from './limits.ts';
import { meteredDocs } from './metered.ts';
import { NO_METER, type Census, type Meter } from './meter.ts';
import { Pauses } from './pauses.ts';
import { Rooms } from './rooms.ts';
import type { Annotator, Change } from './serveredits.ts';
import type { Floor, Session } from './session.ts';
import { Turns } from './turns.ts';

export interface SyncServer {
  /** Takes a WebSocket upgrade for `/sync/…`; anything else is left to others (answers false). */
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): boolean;

  /** Reads a report's committed content. The doc must not be changed or kept. Null: no such report. */
  read<T>(
    reportId: string,
    reader: (doc: Y.Doc, at: { seq: number; epoch: number; authorship: Authorship | null }) => T,
  ): Promise<T | null>;

  /** Who wrote what of a report's content, block by block. Null: no such report. */
  readAuthorship(reportId: string): Promise<{ text: string; author: Author | null }[][] | null>;

  /**
   * One forward edit by the server on an actor's behalf: `change` runs on a copy, what it changed is
   * committed, attributed to the actor and broadcast. Rights have been checked by the caller and are
   * checked again at the commit. Refused with `not_found`, `forbidden` or `storage_full`.
   */
  edit(actor: Actor, reportId: string, change: (doc: Y.Doc) => void): Promise<Outcome<{ seq: number }>>;

  /** Reads a report's committed review data, like {@link read}. */
  readReview<T>(reportId: string, reader: (doc: Y.Doc) => T): Promise<T | null>;

  /**
   * One change of a report's review data, which nobody else writes; they are made one after another. Refused
   * as `change` refuses, or with `not_found`, `forbidden` or `storage_full`. See {@link Annotator}.
   */
  annotate<T>(by: Annotator, reportId: string, change: Change<T>, repeated?: Change<T>): Promise<Outcome<T>>;

  /** One change of both documents of a report, in one commit; each must be changed. */
  amend<T>(
    by: Annotator & { actor: Actor },
    reportId: string,
    change: (content: Y.Doc, review: Y.Doc) => Outcome<T>,
    repeated: Change<T>,
  ): Promise<Outcome<T>>;

  /** Waits until something holds of a report's committed content, at most so long. Null: no such report. */
  until(reportId: string, holds: (doc: Y.Doc) => boolean, atMostMs: number): Promise<boolean | null>;

  /** Whether a socket that may write is open on the report's content. */
  hasWriter(reportId: string): boolean;

  /** Rights on a report changed (share, status, trash): its sockets are judged anew, within a second. */
  reportChanged(reportId: string): void;

  /** A person's role, department or being changed: all their sockets are judged anew, within a second. */
  personChanged(userId: string): void;

  /** Whether what people write is being stored. */
  readonly isStoring: boolean;

  /** Whether it is stopping. */
  readonly isClosing: boolean;

  /** How things stand now. */
  census(): Census;

  /** Asks every socket to come back, a few at a time; whoever is still here is served as ever. */
  drain(): Promise<void>;

  /** Drains, flushes what is queued, and stops. */
  close(): Promise<void>;
}

export interface SyncOptions extends Records {
  docs: DocStore;
  log: Logger;
  now: () => Date;
  /** Whether an Origin header names this server, which was reached under the given Host. */
  isOwnOrigin: (origin: string, host: string | undefined) => boolean;
  /** Where a request came from. */
  addressOf: (request: IncomingMessage) => string;
  /** Called with each report's content when it is loaded; nobody follows when it is left out. */
  follow?: (content: Followed) => Follower | null;
  /** The same for each report's review data. */
  followReview?: (review: Followed) => Follower | null;
  /** What counts its work; nothing does when it is left out. */
  meter?: Meter;
  /** How often sockets and rooms are looked after, in milliseconds: shorter where `now` is hurried. */
  tickMs?: number;
  limits?: Limits;
}

const TICK_MS = 5_000;
/** Every so many ticks each socket must have given a sign of life. */
const LIFE_TICKS = 6;
/** How long a stop waits for a database that cannot be written, and for peers to close, in milliseconds. */
const FLUSH_MS = 3_000;
const GOODBYE_MS = 1_000;

/** A sync server that nobody has knocked at yet; it looks after its rooms until it is closed. */
export function createSync({
  docs,
  log,
  now,
  isOwnOrigin,
  authenticate,
  actor,
  department,
  access,
  addressOf,
  follow,
  followReview,
  meter = NO_METER,
  tickMs = TICK_MS,
  limits = LIMITS,
}: SyncOptions): SyncServer {
  const judge = new Judge({ authenticate, actor, department, access });
  const backlog: Backlog = { bytes: 0 };
  const rooms = new Rooms({
    docs: meteredDocs(docs, meter),
    log,
    now,
    judgeSession: (session, reportId, kind) => judge.session(session, reportId, kind),
    judgeActor: (actor, reportId, kind) => judge.actor(actor, reportId, kind),
    wait: (ms) => (ms === 0 ? nextTurn() : wait(ms)),
    meter,
    backlog,
    ...(follow !== undefined && { follow }),
    ...(followReview !== undefined && { followReview }),
  });
  const floor: Floor = {
    now: () => now().getTime(),
    meter,
    limits,
    turns: new Turns(limits.turns),
    pauses: new Pauses(),
    backlog,
  };
  /** Nobody comes in any more. */
  let isClosing = false;
  let drained: Promise<void> | null = null;
  /** Nothing is written any more. */
  let isStopped = false;

  const door = openDoor({
    log,
    rooms,
    floor,
    isOwnOrigin,
    authenticate,
    addressOf,
    isClosing: () => isClosing,
  });

  function judgeAnew(isMeant: (session: Session, reportId: string) => boolean): void {
    for (const room of rooms.all()) {
      for (const session of room.sessions) {
        if (!isMeant(session, room.reportId)) continue;
        room.judgeAnew(session).catch((error: unknown) => {
          log.error({ err: error }, 'rights could not be read');
          session.close(CLOSE.reconnect, 'rights could not be read');
        });
      }
    }
  }

  function changed(isMeant: (session: Session, reportId: string) => boolean): void {
    judge.rightsChanged();
    judgeAnew(isMeant);
  }

  let ticks = 0;
  const ticking = setInterval(() => {
    ticks++;
    for (const room of rooms.all()) {
      for (const session of room.sessions) {
        session.keepAlive();
        if (ticks % LIFE_TICKS === 0) session.checkLife();
      }
    }
    rooms.sweep();
    // A session runs out without anybody saying so.
    judgeAnew((session) => session.isDue());
  }, tickMs);
  ticking.unref();

  function drain(): Promise<void> {
    isClosing = true;
    drained ??= sendAway([...rooms.all()].flatMap(({ sessions }) => [...sessions]));
    return drained;
  }

  return {
    upgrade: door.handle,
    get isStoring() {
      return rooms.isStoring;
    },
    get isClosing() {
      return isClosing;
    },
    census: () => takeCensus({ rooms, sockets: door.sockets, floor }),
    read: (reportId, reader) =>
      rooms.use(reportId, 'content', ({ committed, seq, epoch }) =>
        reader(committed.doc, { seq, epoch, authorship: committed.authorship }),
      ),
    readAuthorship: (reportId) =>
      rooms.use(reportId, 'content', ({ committed }) =>
        committed.authorship === null ? [] : authorsByBlock(committed.content, committed.authorship),
      ),
    async edit(actor, reportId, change) {
      if (isStopped) return refuse('storage_full');
      const outcome = await rooms.use(reportId, 'content', (room) => room.edits.edit(actor, change));
      return outcome ?? refuse('not_found');
    },
    readReview: (reportId, reader) => rooms.use(reportId, 'review', ({ committed }) => reader(committed.doc)),
    async annotate(by, reportId, change, repeated = change) {
      // What is derived from the last edits is written while everything stops.
      if (isStopped && by.actor !== null) return refuse('storage_full');
      const outcome = await rooms.use(reportId, 'review', (room) =>
        room.edits.annotate(by, change, repeated),
      );
      return outcome ?? refuse('not_found');
    },
    async amend(by, reportId, change, repeated) {
      if (isStopped) return refuse('storage_full');
      const outcome = await rooms.use(reportId, 'content', (content) =>
        rooms.use(reportId, 'review', (review) => content.edits.amend(by, review.edits, change, repeated)),
      );
      return outcome ?? refuse('not_found');
    },
    until: (reportId, holds, atMostMs) =>
      rooms.use(reportId, 'content', ({ committed }) => untilOf(committed.doc, holds, atMostMs)),
    hasWriter: (reportId) => rooms.of(reportId).some((room) => room.kind === 'content' && room.hasWriter()),
    reportChanged: (reportId) => changed((_session, of) => of === reportId),
    personChanged: (userId) => changed((session) => session.userId === userId),
    drain,
    async close() {
      await drain();
      isStopped = true;
      clearInterval(ticking);
      for (const ws of door.sockets) ws.pause();
      await rooms.flush(FLUSH_MS);
      rooms.close();
      for (const ws of door.sockets) ws.close(CLOSE.reconnect);
      const closed = [...door.sockets].map((ws) => new Promise((resolve) => ws.once('close', resolve)));
      await Promise.race([Promise.all(closed), wait(GOODBYE_MS)]);
      for (const ws of door.sockets) ws.terminate();
    },
  };
}

function untilOf(doc: Y.Doc, holds: (doc: Y.Doc) => boolean, atMostMs: number): Promise<boolean> {
  if (holds(doc)) return Promise.resolve(true);
  return new Promise((resolve) => {
    const finish = (held: boolean) => {
      clearTimeout(timer);
      doc.off('update', look);
      resolve(held);
    };
    const look = () => {
      if (holds(doc)) finish(true);
    };
    const timer = setTimeout(() => finish(false), atMostMs);
    doc.on('update', look);
  });
}
