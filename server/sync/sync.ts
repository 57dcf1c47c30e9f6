/** What the rest of the server knows of the sync server. */
import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { setImmediate as nextTurn, setTimeout as wait } from 'node:timers/promises';
import type { Logger } from 'pino';
import type * as Y from 'yjs';
import { authorsByBlock, type Author, type Authorship } from '#lib/review/authorship.ts';
import type { Actor, ReportAccess } from '#lib/review/permissions.ts';
import { CLOSE } from '#lib/sync/protocol.ts';
import { refuse, type Outcome } from '../outcome.ts';
import type { DocKind, DocStore } from '../store/docs.ts';
import { Cap } from './cap.ts';
import { LIMITS, type Limits } from './limits.ts';
import { meteredDocs } from './metered.ts';
import { NO_METER, type Census, type Meter } from './meter.ts';
import type { Followed, Follower } from './follower.ts';
import type { Judgement } from './judgement.ts';
import type { Annotator, Change } from './serveredits.ts';
import { Rooms } from './rooms.ts';
import { Pauses } from './pauses.ts';
import type { Backlog } from './backlog.ts';
import { Session, standingOf, type DepartmentLook, type Floor } from './session.ts';
import type { SyncSocket } from './socket.ts';
import { Turns } from './turns.ts';
import { Unfinished } from './unfinished.ts';
import { createUpgrade, type Knock } from './upgrade.ts';

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

export interface SyncOptions {
  docs: DocStore;
  log: Logger;
  now: () => Date;
  /** Whether an Origin header names this server, which was reached under the given Host. */
  isOwnOrigin: (origin: string, host: string | undefined) => boolean;
  /** Who is signed in by these headers; null: nobody. */
  authenticate: (headers: IncomingHttpHeaders) => Promise<{ actor: Actor } | null>;
  /** A person as they are now; null: unknown or disabled. */
  actor: (userId: string) => Promise<Actor | null>;
  /** A department as people see it; null: there is no such department. */
  department: (departmentId: string) => Promise<DepartmentLook | null>;
  /** What is known of a report and an actor; null: no such report. */
  access: (actor: Actor, reportId: string) => Promise<ReportAccess | null>;
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
/** Clients come back at once, without jitter: they are sent away one after another, in milliseconds each and in all. */
const LEAVE_MS = 10;
const SPREAD_MS = 4_000;

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
  /** How often rights changed: who was judged meanwhile is judged once more. */
  let changes = 0;
  const settled = async (judge: () => Promise<Judgement>): Promise<Judgement> => {
    for (;;) {
      const before = changes;
      const judgement = await judge();
      if (before === changes) return judgement;
    }
  };
  const judgeAs = async (actor: Actor, reportId: string, kind: DocKind): Promise<Judgement> => {
    const found = await access(actor, reportId);
    if (found === null) return { verdict: 'notFound' };
    const look = actor.departmentId === null ? null : await department(actor.departmentId);
    // The review data are written by the server alone.
    const standing = standingOf(actor, look, found, kind === 'content');
    return standing === null ? { verdict: 'forbidden' } : { verdict: 'admitted', standing };
  };
  const judgeSession = (session: Session, reportId: string, kind: DocKind): Promise<Judgement> =>
    settled(async () => {
      const signedIn = await authenticate(session.credentials);
      if (signedIn === null || signedIn.actor.userId !== session.userId) return { verdict: 'signedOut' };
      return judgeAs(signedIn.actor, reportId, kind);
    });
  const judgeActor = ({ userId }: Actor, reportId: string, kind: DocKind): Promise<Judgement> =>
    settled(async () => {
      // As they are now: the request that brought them may be older than a change of their rights.
      const now = await actor(userId);
      return now === null ? { verdict: 'forbidden' } : judgeAs(now, reportId, kind);
    });
  const backlog: Backlog = { bytes: 0 };
  const rooms = new Rooms({
    docs: meteredDocs(docs, meter),
    log,
    now,
    judgeSession,
    judgeActor,
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
  const users = new Cap(limits.sockets.perUser);
  const documents = new Cap(limits.sockets.perDocument);
  const unfinished = new Unfinished(limits.unfinishedBytes);
  /** Nobody comes in any more. */
  let isClosing = false;
  let drained: Promise<void> | null = null;
  /** Nothing is written any more. */
  let isStopped = false;

  function turnAway(ws: SyncSocket, code: number, reason: string): void {
    meter.closed(code);
    ws.close(code, reason);
  }

  async function accept(
    ws: SyncSocket,
    request: IncomingMessage,
    knock: Knock,
    admit: () => void,
  ): Promise<void> {
    const { cookie } = request.headers;
    // Kept for as long as the socket: no more of the request than what signs it in.
    const credentials: IncomingHttpHeaders = cookie === undefined ? {} : { cookie };
    const signedIn = await authenticate(credentials);
    if (ws.readyState !== ws.OPEN) return;
    if (signedIn === null) return turnAway(ws, CLOSE.unauthorized, 'not signed in');
    const { userId } = signedIn.actor;
    const document = `${knock.reportId}/${knock.kind}`;
    if (!users.enter(userId)) return turnAway(ws, CLOSE.tooMany, 'too many sockets of one person');
    ws.on('close', () => users.leave(userId));
    if (!documents.enter(document)) return turnAway(ws, CLOSE.tooMany, 'too many sockets on one document');
    ws.on('close', () => documents.leave(document));
    const session = new Session({
      socket: {
        get bufferedBytes() {
          return ws.bufferedAmount;
        },
        send: (message, taken) => ws.sendMessage(message, taken),
        pause: () => ws.pause(),
        resume: () => ws.resume(),
        close: (code, reason) => ws.close(code, reason),
        ping: () => ws.ping(),
        terminate: () => ws.terminate(),
      },
      userId,
      extended: knock.extended,
      credentials,
      floor,
    });
    ws.on('close', () => session.closed());
    ws.stream?.on('drain', () => session.drained());
    ws.on('pong', () => session.sawLife());
    // What came since the last message; of the chunk that it ended in the rest is not counted.
    let begun = 0;
    const forget = () => {
      unfinished.drop(userId, begun);
      begun = 0;
    };
    ws.on('close', forget);
    // Before ws hears of it, which ends a message.
    ws.stream?.prependListener('data', (chunk: Buffer) => {
      begun += chunk.length;
      if (!unfinished.add(userId, chunk.length)) session.cut();
    });
    ws.on('message', (data: Buffer, isBinary) => {
      forget();
      // A copy: ws hands out views of a buffer that holds other people's frames as well.
      if (isBinary) session.receive(new Uint8Array(data));
      else session.close(CLOSE.malformed, 'text is not spoken here');
    });
    const entered = await rooms.use(knock.reportId, knock.kind, async (room) => {
      await room.join(session);
      return true;
    });
    if (entered === null) session.close(CLOSE.notFound, 'no such report');
    if (session.isClosed) return;
    // Nobody comes in while everybody is being sent away.
    if (isClosing) return session.close(CLOSE.reconnect, 'the server is stopping');
    admit();
    ws.resume();
  }

  const upgrade = createUpgrade({
    isOwnOrigin,
    addressOf,
    onRefused: (code) => meter.closed(code),
    mostKnocks: limits.knocks,
    mostPerAddress: limits.sockets.perAddress,
    accept(ws, request, knock, admit) {
      if (isClosing) return turnAway(ws, CLOSE.reconnect, 'the server is stopping');
      accept(ws, request, knock, admit).catch((error: unknown) => {
        log.error({ err: error, report: knock.reportId }, 'a document could not be opened');
        turnAway(ws, CLOSE.reconnect, 'the document could not be opened');
      });
    },
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
    changes++;
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

  function census(): Census {
    const sockets = { owner: 0, editor: 0, commenter: 0, viewer: 0, none: upgrade.sockets.size };
    const documents = { open: 0, idle: 0, loading: rooms.loading };
    let bufferedBytes = 0;
    let lagging = 0;
    for (const room of rooms.all()) {
      documents[room.sessions.size > 0 ? 'open' : 'idle']++;
      for (const session of room.sessions) {
        if (session.standing === null) continue;
        sockets[session.standing.role]++;
        sockets.none--;
        bufferedBytes += session.bufferedBytes;
        if (session.isLagging) lagging++;
      }
    }
    return {
      sockets,
      documents,
      bufferedBytes,
      waitingBytes: backlog.bytes,
      lagging,
      paused: floor.pauses.size,
      queued: floor.turns.waiting,
    };
  }

  function drain(): Promise<void> {
    isClosing = true;
    drained ??= sendAway(shuffled([...rooms.all()].flatMap(({ sessions }) => [...sessions])));
    return drained;
  }

  async function sendAway(sessions: Session[]): Promise<void> {
    const spread = Math.min(SPREAD_MS, sessions.length * LEAVE_MS);
    const begun = performance.now();
    for (let gone = 0; gone < sessions.length;) {
      await wait(LEAVE_MS);
      const due = Math.ceil(((performance.now() - begun) / spread) * sessions.length);
      for (const session of sessions.slice(gone, due))
        session.close(CLOSE.reconnect, 'the server is stopping');
      gone = due;
    }
  }

  return {
    upgrade: upgrade.handle,
    get isStoring() {
      return rooms.isStoring;
    },
    get isClosing() {
      return isClosing;
    },
    census,
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
      for (const ws of upgrade.sockets) ws.pause();
      await rooms.flush(FLUSH_MS);
      rooms.close();
      for (const ws of upgrade.sockets) ws.close(CLOSE.reconnect);
      const closed = [...upgrade.sockets].map((ws) => new Promise((resolve) => ws.once('close', resolve)));
      await Promise.race([Promise.all(closed), wait(GOODBYE_MS)]);
      for (const ws of upgrade.sockets) ws.terminate();
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

/** The same things in any order. */
function shuffled<T>(things: Iterable<T>): T[] {
  return [...things]
    .map((thing) => ({ thing, at: Math.random() }))
    .toSorted((a, b) => a.at - b.at)
    .map(({ thing }) => thing);
}
