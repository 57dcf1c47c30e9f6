import type { Logger } from 'pino';
import type { Actor } from '#lib/review/permissions.ts';
import type { DocKind, DocStore } from '../store/docs.ts';
import type { Meter } from './meter.ts';
import type { Followed, Follower } from './follower.ts';
import { Projections } from './projections.ts';
import type { Judgement } from './judgement.ts';
import { Room } from './room.ts';
import type { Backlog } from './backlog.ts';
import type { Session } from './session.ts';
import { Writer } from './writer.ts';

export interface RoomsOptions {
  docs: DocStore;
  log: Logger;
  now: () => Date;
  judgeSession: (session: Session, reportId: string, kind: DocKind) => Promise<Judgement>;
  judgeActor: (actor: Actor, reportId: string, kind: DocKind) => Promise<Judgement>;
  /** Waits so many milliseconds; 0: until what has arrived by now is taken in. */
  wait: (ms: number) => Promise<void>;
  meter: Meter;
  backlog: Backlog;
  /** Called with each report's content when it is loaded. */
  follow?: (content: Followed) => Follower | null;
  /** The same for each report's review data. */
  followReview?: (review: Followed) => Follower | null;
}

/** A room without sockets leaves memory after so long, in milliseconds; what is done before it does takes some more. */
const RESIDENCE_MS = 45_000;
/** Presence of one room goes out at most this often, in milliseconds. */
const PRESENCE_MS = 50;

interface Resident {
  room: Room;
  projections: Projections;
  follower: Follower | null;
  /** When it was seen in use last, in milliseconds. */
  usedAt: number;
}

/** The documents in memory. */
export class Rooms {
  readonly #options: RoomsOptions;
  readonly #writer: Writer;
  readonly #loading = new Map<string, Promise<Resident | null>>();
  readonly #residents = new Map<string, Resident>();
  #present = new Set<Room>();
  #presenceTimer: NodeJS.Timeout | null = null;

  constructor(options: RoomsOptions) {
    this.#options = options;
    this.#writer = new Writer({
      docs: options.docs,
      clock: () => performance.now(),
      wait: options.wait,
      onStalled: (reason) => {
        if (reason === null) options.log.info('the database can be written again');
        else options.log.error({ err: reason }, 'the database cannot be written: nothing is acknowledged');
        for (const room of this.all()) room.sendInfo();
      },
    });
  }

  /** Whether what is accepted is being written. */
  get isStoring(): boolean {
    return !this.#writer.isStalled;
  }

  /** How many documents are being read from the store. */
  get loading(): number {
    return this.#loading.size;
  }

  *all(): Generator<Room> {
    for (const { room } of this.#residents.values()) yield room;
  }

  /** The rooms of a report that are in memory. */
  of(reportId: string): Room[] {
    return [...this.all()].filter((room) => room.reportId === reportId);
  }

  /** Uses a room, loading it when it is not in memory. Null: no such document. Throws when it cannot be read. */
  async use<T>(reportId: string, kind: DocKind, use: (room: Room) => T | Promise<T>): Promise<T | null> {
    const resident = await this.#enter(reportId, kind);
    if (resident === null) return null;
    const { room } = resident;
    room.holds++;
    try {
      return await use(room);
    } finally {
      room.holds--;
      resident.usedAt = this.#options.now().getTime();
    }
  }

  /** Drops what has not been in use for a while; never anything that is not committed yet. */
  sweep(): void {
    const now = this.#options.now().getTime();
    for (const [key, resident] of this.#residents) {
      const { room, projections, follower } = resident;
      if (room.sessions.size > 0 || room.holds > 0 || !room.isSettled) resident.usedAt = now;
      else if (now - resident.usedAt < RESIDENCE_MS) continue;
      else if (follower?.isClean === false) void follower.flush();
      else if (projections.rest()) {
        this.#residents.delete(key);
        follower?.stop();
        room.destroy();
      }
    }
  }

  /** Waits until everything is written, at most so many milliseconds: what is not then was never acknowledged. */
  async flush(atMostMs: number): Promise<void> {
    const { promise: late, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(() => {
      this.#writer.stop();
      resolve();
    }, atMostMs);
    await Promise.race([this.#writer.idle(), late]);
    const residents = [...this.#residents.values()];
    const derived = residents.flatMap(({ projections, follower }) => [
      projections.flush({ mayCompact: false }),
      follower?.flush(),
    ]);
    await Promise.race([Promise.all(derived), late]);
    clearTimeout(timer);
    this.#writer.stop();
    for (const { projections, follower } of residents) {
      projections.stop();
      follower?.stop();
    }
  }

  close(): void {
    if (this.#presenceTimer !== null) clearTimeout(this.#presenceTimer);
    for (const room of this.all()) {
      room.closeAll('the server is stopping');
      room.destroy();
    }
    this.#residents.clear();
  }

  async #enter(reportId: string, kind: DocKind): Promise<Resident | null> {
    const key = `${reportId}/${kind}`;
    const resident = this.#residents.get(key);
    if (resident !== undefined) return resident;
    let loading = this.#loading.get(key);
    if (loading === undefined) {
      loading = this.#load(key, reportId, kind).finally(() => this.#loading.delete(key));
      this.#loading.set(key, loading);
    }
    return loading;
  }

  async #load(key: string, reportId: string, kind: DocKind): Promise<Resident | null> {
    const { docs, log, now, judgeSession, judgeActor, meter, backlog } = this.#options;
    const stored = await docs.load(reportId, kind);
    if (stored === null) return null;
    const room = new Room(stored, {
      log,
      now,
      judgeSession: (session) => judgeSession(session, reportId, kind),
      judgeActor: (actor) => judgeActor(actor, reportId, kind),
      hasCommand: (docId, userId, key) => docs.hasCommand(docId, userId, key),
      wake: (journal) => this.#writer.wake(journal),
      onCommitted: () => projections.touch(),
      onDead: () => {
        this.#residents.delete(key);
        projections.stop();
        follower?.stop();
      },
      onPresence: (one) => this.#schedulePresence(one),
      isStoring: () => this.isStoring,
      meter,
      backlog,
    });
    const projections = new Projections(room, stored, { docs, log, now });
    const { doc } = room.committed;
    const { follow, followReview } = this.#options;
    const mayFollow = kind === 'content' ? follow : followReview;
    const follower = mayFollow?.({ reportId, doc, seq: () => room.seq }) ?? null;
    const resident = { room, projections, follower, usedAt: now().getTime() };
    this.#residents.set(key, resident);
    return resident;
  }

  #schedulePresence(room: Room): void {
    this.#present.add(room);
    this.#presenceTimer ??= setTimeout(() => {
      const present = this.#present;
      this.#present = new Set();
      this.#presenceTimer = null;
      for (const one of present) one.flushAwareness();
    }, PRESENCE_MS);
  }
}
