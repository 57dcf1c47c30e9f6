import type { Logger } from 'pino';
import * as Y from 'yjs';
import type { Author } from '#lib/review/authorship.ts';
import { SCHEMA_VERSION } from '#lib/report/model.ts';
import type { Actor } from '#lib/review/permissions.ts';
import { CLOSE, MAX_UPDATE_BYTES, NACK, type Info } from '#lib/sync/protocol.ts';
import { done, refuse, type Outcome } from '../outcome.ts';
import type { DocBatch, DocCommit, DocKind, StoredDoc } from '../store/docs.ts';
import { Awareness } from './awareness.ts';
import { CommittedDoc } from './committed.ts';
import { infoFrame, step1Frame, step2Frame, updateFrame } from './frame.ts';
import type { Session, SessionRoom, Standing } from './session.ts';
import { nestsTooDeep, type FindStruct } from './nesting.ts';
import { decodeUpdate, judge, Queued, type Known, type Update } from './update.ts';
import type { Journal } from './writer.ts';

/** Why someone may not be in a room, or what they may do there. */
export type Judgement =
  { verdict: 'admitted'; standing: Standing } | { verdict: 'signedOut' | 'forbidden' | 'notFound' };

export interface RoomOptions {
  stored: StoredDoc;
  log: Logger;
  now: () => Date;
  /** Asks who a session is and what they may do, as of now. */
  judgeSession: (session: Session) => Promise<Judgement>;
  /** The same for an edit by the server on someone's behalf. */
  judgeActor: (actor: Actor) => Promise<Judgement>;
  /** There is something to commit. */
  wake: (room: Room) => void;
  /** Something was committed. */
  onCommitted: (room: Room) => void;
  /** The room cannot go on: it must be loaded anew. */
  onDead: (room: Room) => void;
  /** Who is here changed: {@link Room.flushAwareness} is due. */
  onPresence: (room: Room) => void;
  isStoring: () => boolean;
}

type Source =
  | { from: 'session'; session: Session; frames: number[] }
  | { from: 'server'; actor: Actor; settle: (outcome: Outcome<{ seq: number }>) => void };

/** Something that waits for its commit. */
interface Entry {
  source: Source;
  author: Omit<Author, 'at'>;
  update: Update;
  /** False: it changes nothing, and only waits for what it repeats. */
  isNew: boolean;
}

/**
 * One document and everyone who has it open. Its doc holds committed state only: an update is judged
 * from its decoded structs against that state and what is queued before it, and applied, shown to
 * others and acknowledged when its commit returns.
 */
export class Room implements SessionRoom, Journal {
  readonly docId: string;
  readonly reportId: string;
  readonly kind: DocKind;
  readonly epoch: number;
  readonly committed: CommittedDoc;
  seq: number;
  sizes: { logBytes: number; snapBytes: number };
  /** How many reads and server edits are using the room now. */
  holds = 0;
  readonly sessions = new Set<Session>();
  readonly #options: RoomOptions;
  readonly #awareness = new Awareness<Session>();
  #accessEpoch: number;
  #queue: Entry[] = [];
  #inFlight: Entry[] = [];
  #inFlightAt = '';
  readonly #queued = new Queued();
  readonly #known: Known;
  readonly #find: FindStruct;
  /** Not null while rights are being asked for anew: nothing is committed meanwhile. */
  #resumed: PromiseWithResolvers<void> | null = null;
  #isDead = false;

  constructor(options: RoomOptions) {
    const { stored } = options;
    this.#options = options;
    this.docId = stored.id;
    this.reportId = stored.reportId;
    this.kind = stored.kind;
    this.epoch = stored.epoch;
    this.seq = stored.headSeq;
    this.sizes = { logBytes: stored.logBytes, snapBytes: stored.snapBytes };
    this.#accessEpoch = stored.accessEpoch;
    const committed = new CommittedDoc(stored);
    const queued = this.#queued;
    this.committed = committed;
    this.#find = (client, clock) => committed.find(client, clock) ?? queued.find(client, clock);
    this.#known = {
      clock: (client) => Math.max(committed.clock(client), queued.clock(client)),
      isDeleted: (client, clock, length) =>
        committed.isDeleted(client, clock, length) || queued.isDeleted(client, clock, length),
    };
  }

  get isDead(): boolean {
    return this.#isDead;
  }

  /** Whether everything that was accepted is committed. */
  get isSettled(): boolean {
    return this.#queue.length === 0 && this.#inFlight.length === 0;
  }

  hasWriter(): boolean {
    return [...this.sessions].some((session) => session.canWrite);
  }

  /** Lets a session in, or closes it. */
  async join(session: Session): Promise<void> {
    for (;;) {
      // Rights that change after they were read raise the number, and no commit passes with the old one.
      const accessEpoch = this.#accessEpoch;
      const judgement = await this.#options.judgeSession(session);
      if (this.#isDead) return session.close(CLOSE.reconnect, 'the document is loaded anew');
      if (judgement.verdict !== 'admitted') return session.close(...closing(judgement));
      if (accessEpoch === this.#accessEpoch && this.#resumed === null) {
        session.open(this, judgement.standing);
        break;
      }
      await this.#resumed?.promise;
    }
    if (session.isClosed) return;
    this.sessions.add(session);
    this.#sendInfo(session);
    if (session.canWrite) session.send(step1Frame(Y.encodeStateVector(this.committed.doc)));
    const presences = this.#awareness.fullFrame();
    if (presences !== null) session.send(presences);
  }

  leave(session: Session): void {
    this.sessions.delete(session);
    this.#awareness.leave(session);
    if (this.#awareness.hasChanged) this.#options.onPresence(this);
  }

  receiveStep1(session: Session, stateVector: Uint8Array): void {
    let update: Uint8Array;
    try {
      update = Y.encodeStateAsUpdate(this.committed.doc, stateVector);
    } catch {
      // Yjs throws on bytes that are no state vector.
      return session.close(CLOSE.malformed, 'malformed state vector');
    }
    session.send(step2Frame(update));
  }

  receiveAwareness(session: Session, states: Uint8Array): void {
    if (this.kind === 'review') return;
    if (!this.#awareness.receive(session, states)) session.close(CLOSE.malformed, 'malformed awareness');
    if (this.#awareness.hasChanged) this.#options.onPresence(this);
  }

  receiveQueryAwareness(session: Session): void {
    const frame = this.#awareness.fullFrame();
    if (frame !== null) session.send(frame);
  }

  /** Sends everyone what changed of who is here. */
  flushAwareness(): void {
    const frame = this.#awareness.takeFrame();
    if (frame !== null) for (const session of this.sessions) session.send(frame);
  }

  receiveUpdate(session: Session, n: number, kind: 'step2' | 'update', bytes: Uint8Array | null): void {
    const { standing } = session;
    if (standing === null) return;
    if (!standing.canWrite) return session.refuse(n, NACK.readOnly, 'read-only');
    if (bytes !== null && bytes.length > MAX_UPDATE_BYTES) {
      session.refuse(n, NACK.tooLarge, 'too large');
      return session.close(CLOSE.tooLarge, 'update too large');
    }
    const update = bytes === null ? null : decodeUpdate(bytes);
    if (update === null) return session.refuse(n, NACK.malformed, 'malformed update');
    const verdict = judge(update, this.#known);
    if (verdict === 'missing') return this.#receiveIncomplete(session, n, kind);
    if (verdict === 'new' && nestsTooDeep(update, this.#find)) {
      return session.refuse(n, NACK.malformed, 'nested too deeply');
    }
    const frames = [n];
    if (kind === 'step2') {
      frames.push(...session.held);
      session.held = [];
      if (session.exchange === 'before') session.exchange = 'done';
    }
    const { userId, departmentId } = standing.actor;
    this.#enqueue({
      source: { from: 'session', session, frames },
      author: { userId, departmentId },
      update,
      isNew: verdict === 'new',
    });
  }

  /** An update builds on what is neither committed nor queued. */
  #receiveIncomplete(session: Session, n: number, kind: 'step2' | 'update'): void {
    if (kind === 'step2' || session.exchange === 'asked') {
      return session.refuseAndClose(n, NACK.missingDependency, 'missing dependency');
    }
    session.held.push(n);
    if (session.exchange === 'before') return;
    session.exchange = 'asked';
    session.send(step1Frame(Y.encodeStateVector(this.committed.doc)));
  }

  /**
   * Commits what `change` does to a copy of the document, on an actor's behalf. Resolves when it is
   * committed, with its sequence number, or refused.
   */
  async edit(actor: Actor, change: (doc: Y.Doc) => void): Promise<Outcome<{ seq: number }>> {
    for (;;) {
      const accessEpoch = this.#accessEpoch;
      const judgement = await this.#options.judgeActor(actor);
      if (judgement.verdict === 'notFound') return refuse('not_found');
      if (judgement.verdict !== 'admitted') return refuse('forbidden');
      if (!judgement.standing.canWrite) return refuse('forbidden');
      if (this.#isDead) return refuse('storage_full');
      if (accessEpoch === this.#accessEpoch && this.#resumed === null) break;
      await this.#resumed?.promise;
    }
    const bytes = this.#editCopy(change);
    if (bytes === null) return done({ seq: this.seq });
    const update = decodeUpdate(bytes);
    if (update === null) throw new Error('a server edit of an update that cannot be read');
    const { userId, departmentId } = actor;
    return new Promise((settle) => {
      this.#enqueue({
        source: { from: 'server', actor, settle },
        author: { userId, departmentId },
        update,
        isNew: true,
      });
    });
  }

  /** What a change does to the document, as an update; null: nothing. */
  #editCopy(change: (doc: Y.Doc) => void): Uint8Array | null {
    const copy = new Y.Doc();
    Y.applyUpdate(copy, Y.encodeStateAsUpdate(this.committed.doc));
    const before = Y.encodeStateVector(copy);
    let hasChanged = false;
    copy.on('update', () => (hasChanged = true));
    copy.transact(() => change(copy));
    const bytes = hasChanged ? Y.encodeStateAsUpdate(copy, before) : null;
    copy.destroy();
    return bytes;
  }

  #enqueue(entry: Entry): void {
    // What repeats something that is still queued is acknowledged with that commit.
    const isCommitted = !entry.isNew && judge(entry.update, this.committed) === 'noop';
    if (isCommitted) return this.#acknowledge([entry]);
    if (entry.isNew) this.#queued.add(entry.update);
    this.#queue.push(entry);
    this.#options.wake(this);
  }

  take(): DocBatch | null {
    if (this.#resumed !== null || this.#inFlight.length > 0 || this.#queue.length === 0) return null;
    const entries = this.#queue;
    this.#queue = [];
    const updates = entries
      .filter(({ isNew }) => isNew)
      .map(({ author, update }) => ({ userId: author.userId, bytes: update.bytes }));
    if (updates.length === 0) {
      this.#acknowledge(entries);
      return null;
    }
    this.#inFlight = entries;
    this.#inFlightAt = this.#options.now().toISOString();
    return {
      docId: this.docId,
      epoch: this.epoch,
      accessEpoch: this.#accessEpoch,
      at: this.#inFlightAt,
      updates,
    };
  }

  settle(commit: DocCommit): void {
    if (this.#isDead) return;
    switch (commit.state) {
      case 'committed': {
        this.sizes = { logBytes: commit.logBytes, snapBytes: commit.snapBytes };
        return this.#settleCommitted(commit.lastSeq);
      }
      case 'stale':
        void this.#reauthorise(commit.accessEpoch).catch((error: unknown) => this.fail(error));
        return;
      case 'gone':
        return this.#die(null);
      default:
        return commit satisfies never;
    }
  }

  /** What people typed is kept until it can be written; whoever waits for the server's own edit is told. */
  takeBack(): void {
    const entries = [...this.#inFlight, ...this.#queue];
    this.#inFlight = [];
    this.#queue = entries.filter(({ source }) => source.from === 'session');
    this.#queued.clear();
    for (const { update, isNew } of this.#queue) if (isNew) this.#queued.add(update);
    for (const { source } of entries) if (source.from === 'server') source.settle(refuse('storage_full'));
  }

  fail(error: unknown): void {
    this.#die(error);
  }

  #settleCommitted(lastSeq: number): void {
    const entries = this.#inFlight;
    this.#inFlight = [];
    const applied = entries.filter(({ isNew }) => isNew);
    try {
      for (const { update, author } of applied) {
        this.committed.apply(update.bytes, { ...author, at: this.#inFlightAt });
      }
    } catch (error) {
      this.#inFlight = entries;
      return this.#die(error);
    }
    this.seq = lastSeq;
    this.#queued.clear();
    for (const { update, isNew } of this.#queue) if (isNew) this.#queued.add(update);
    this.#broadcast(applied);
    this.#acknowledge(entries);
    if (this.#queue.length > 0) this.#options.wake(this);
    this.#options.onCommitted(this);
  }

  /** One frame of all that was committed, built once for everyone but who sent all of it. */
  #broadcast(entries: readonly Entry[]): void {
    const [first] = entries;
    if (first === undefined) return;
    const senders = new Set(entries.map(({ source }) => (source.from === 'session' ? source.session : null)));
    const [only] = senders.size === 1 ? senders : [];
    const updates = entries.map(({ update }) => update.bytes);
    let frame: Uint8Array | null = null;
    for (const session of this.sessions) {
      if (session === only) continue;
      frame ??= updateFrame(updates.length === 1 ? first.update.bytes : Y.mergeUpdates(updates));
      session.send(frame);
    }
  }

  #acknowledge(entries: readonly Entry[]): void {
    const sessions = new Set<Session>();
    for (const { source } of entries) {
      if (source.from === 'server') source.settle(done({ seq: this.seq }));
      else {
        source.session.settle(source.frames);
        sessions.add(source.session);
      }
    }
    for (const session of sessions) session.acknowledge();
  }

  /** Rights changed since the batch was judged: everyone here is judged anew, and only the revoked lose. */
  async #reauthorise(accessEpoch: number): Promise<void> {
    this.#resumed = Promise.withResolvers();
    this.#queue = [...this.#inFlight, ...this.#queue];
    this.#inFlight = [];
    const mayWrite = new Map<Session | Actor, boolean>();
    const sessions = new Set(this.sessions);
    const actors = new Set<Actor>();
    for (const { source } of this.#queue) {
      if (source.from === 'session') sessions.add(source.session);
      else actors.add(source.actor);
    }
    await Promise.all([
      ...[...sessions].map(async (one) => mayWrite.set(one, await this.judgeAnew(one))),
      ...[...actors].map(async (one) => mayWrite.set(one, await this.#mayStillEdit(one))),
    ]);
    if (this.#isDead) return;
    this.#accessEpoch = accessEpoch;
    this.#resume();
    const entries = this.#queue;
    this.#queue = [];
    this.#queued.clear();
    for (const entry of entries) {
      const { source } = entry;
      // Nobody new came in meanwhile: whoever sent something was asked about.
      if (mayWrite.get(source.from === 'session' ? source.session : source.actor)) this.#requeue(entry);
      else this.#refuseEntry(entry);
    }
    this.#options.wake(this);
  }

  #resume(): void {
    this.#resumed?.resolve();
    this.#resumed = null;
  }

  async #mayStillEdit(actor: Actor): Promise<boolean> {
    const judgement = await this.#options.judgeActor(actor);
    return judgement.verdict === 'admitted' && judgement.standing.canWrite;
  }

  /** Judges an entry again, now that some before it are gone. */
  #requeue(entry: Entry): void {
    const verdict = judge(entry.update, this.#known);
    if (verdict === 'missing') {
      const { source } = entry;
      if (source.from === 'server') return source.settle(refuse('conflict'));
      for (const n of source.frames) {
        source.session.refuseAndClose(n, NACK.missingDependency, 'missing dependency');
      }
      return;
    }
    entry.isNew = verdict === 'new';
    if (entry.isNew) this.#queued.add(entry.update);
    this.#queue.push(entry);
  }

  #refuseEntry({ source }: Entry): void {
    if (source.from === 'server') return source.settle(refuse('forbidden'));
    for (const n of source.frames) source.session.refuse(n, NACK.readOnly, 'rights were withdrawn');
  }

  /**
   * Asks anew what a session may do; closes it when that is less or other than before. Answers whether
   * it may write.
   */
  async judgeAnew(session: Session): Promise<boolean> {
    const judgement = await this.#options.judgeSession(session);
    if (judgement.verdict !== 'admitted') {
      session.close(...closing(judgement));
      return false;
    }
    const { standing } = judgement;
    const before = session.standing;
    if (before !== null && (before.role !== standing.role || before.canWrite !== standing.canWrite)) {
      session.close(CLOSE.reconnect, 'your role changed');
    } else if (before !== null) {
      session.open(this, standing);
      if (before.access.status !== standing.access.status) this.#sendInfo(session);
    }
    return standing.canWrite;
  }

  /** Tells everyone anew how things stand. */
  sendInfo(): void {
    for (const session of this.sessions) this.#sendInfo(session);
  }

  #sendInfo(session: Session): void {
    const { standing } = session;
    if (standing === null) return;
    const info: Info = {
      role: standing.role,
      status: standing.access.status,
      canWrite: standing.canWrite,
      limits: { updateBytes: MAX_UPDATE_BYTES },
      storing: this.#options.isStoring(),
      epoch: this.epoch,
      seq: this.seq,
      schema: SCHEMA_VERSION,
    };
    session.sendExtended(infoFrame(info));
  }

  /** Sends everyone away to load the document anew; nothing that is still queued was acknowledged. */
  #die(error: unknown): void {
    if (this.#isDead) return;
    this.#isDead = true;
    this.#resume();
    if (error !== null) this.#options.log.error({ err: error, doc: this.docId }, 'a room failed');
    for (const { source } of [...this.#inFlight, ...this.#queue]) {
      if (source.from === 'server') source.settle(refuse(error === null ? 'not_found' : 'storage_full'));
    }
    this.#inFlight = [];
    this.#queue = [];
    this.closeAll('the document is loaded anew');
    this.#options.onDead(this);
  }

  closeAll(reason: string): void {
    for (const session of this.sessions) session.close(CLOSE.reconnect, reason);
  }

  destroy(): void {
    this.committed.doc.destroy();
  }
}

/** How a socket is closed whose person may not be here. */
function closing({ verdict }: Exclude<Judgement, { verdict: 'admitted' }>): [number, string] {
  switch (verdict) {
    case 'signedOut':
      return [CLOSE.unauthorized, 'not signed in'];
    case 'forbidden':
      return [CLOSE.forbidden, 'not allowed'];
    case 'notFound':
      return [CLOSE.notFound, 'no such report'];
    default:
      return verdict satisfies never;
  }
}
