import type { Logger } from 'pino';
import * as Y from 'yjs';
import { SCHEMA_VERSION } from '#lib/report/model.ts';
import type { Actor } from '#lib/review/permissions.ts';
import { CLOSE, MAX_UPDATE_BYTES, NACK, type Info } from '#lib/sync/protocol.ts';
import type { DocKind, StoredDoc } from '../store/docs.ts';
import { Awareness } from './awareness.ts';
import type { Backlog } from './backlog.ts';
import { CommittedDoc } from './committed.ts';
import { clientsFrame, infoFrame, step1Frame, updateFrame } from './frame.ts';
import { mergeUpdates } from './merge.ts';
import type { Meter } from './meter.ts';
import { closing, type Judgement } from './judgement.ts';
import { isRecovering } from './owners.ts';
import { CommitQueue, turnAway, type Entry, type MayWrite, type ServerSource, type Source } from './queue.ts';
import { ServerEdits } from './serveredits.ts';
import { isSamePerson, type Session, type SessionRoom } from './session.ts';
import { decodeUpdate } from './update.ts';
import type { Journal } from './writer.ts';

export interface RoomOptions {
  log: Logger;
  now: () => Date;
  /** Asks who a session is and what they may do, as of now. */
  judgeSession: (session: Session) => Promise<Judgement>;
  /** The same for an edit by the server on someone's behalf. */
  judgeActor: (actor: Actor) => Promise<Judgement>;
  /** Whether a user's command with this key was committed. */
  hasCommand: (docId: string, userId: string, key: string) => Promise<boolean>;
  /** There is something to commit. */
  wake: (journal: Journal) => void;
  /** Something was committed. */
  onCommitted: (room: Room) => void;
  /** The room cannot go on: it must be loaded anew. */
  onDead: (room: Room) => void;
  /** Who is here changed: {@link Room.flushAwareness} is due. */
  onPresence: (room: Room) => void;
  isStoring: () => boolean;
  meter: Meter;
  backlog: Backlog;
}

/** So many updates may come before the step 2 that they build on; a client writes that at once. */
const MAX_HELD = 1_000;

/**
 * One document and everyone who has it open: who is here, what they are told, and what they bring. Its doc
 * holds committed state only; what waits for its commit is in the queue.
 */
export class Room implements SessionRoom {
  readonly docId: string;
  readonly reportId: string;
  readonly kind: DocKind;
  readonly epoch: number;
  readonly committed: CommittedDoc;
  /** What the server changes of it. */
  readonly edits: ServerEdits;
  /** How many reads and server edits are using the room now. */
  holds = 0;
  readonly sessions = new Set<Session>();
  readonly #options: RoomOptions;
  readonly #restoredAt: string | null;
  readonly #queue: CommitQueue;
  readonly #awareness: Awareness<Session>;
  #isDead = false;

  constructor(stored: StoredDoc, options: RoomOptions) {
    const { now, wake } = options;
    this.#options = options;
    this.docId = stored.id;
    this.reportId = stored.reportId;
    this.kind = stored.kind;
    this.epoch = stored.epoch;
    this.#restoredAt = stored.restoredAt;
    this.committed = new CommittedDoc(stored);
    this.#awareness = new Awareness((session, client) => {
      const { holders } = this.#queue;
      const owner = holders.owner(client);
      return owner === null ? holders.clock(client) === 0 : owner === session.userId;
    });
    this.#queue = new CommitQueue(stored, {
      committed: this.committed,
      backlog: options.backlog,
      now,
      present: (client) => this.#awareness.holder(client),
      wake,
      onCommitted: (entries) => {
        this.#broadcast(entries);
        options.onCommitted(this);
      },
      judgeAnew: (sources) => this.#judgeAll(sources),
      onBroken: (error) => this.#die(error),
    });
    this.edits = new ServerEdits({
      docId: stored.id,
      committed: this.committed,
      queue: this.#queue,
      judgeActor: options.judgeActor,
      hasCommand: options.hasCommand,
      isDead: () => this.#isDead,
    });
  }

  get isDead(): boolean {
    return this.#isDead;
  }

  /** Whether everything that was accepted is committed. */
  get isSettled(): boolean {
    return this.#queue.isEmpty;
  }

  /** The last committed sequence number. */
  get seq(): number {
    return this.#queue.seq;
  }

  /** How much is stored, in bytes. */
  get sizes(): { logBytes: number; snapBytes: number } {
    return this.#queue.sizes;
  }

  set sizes(sizes: { logBytes: number; snapBytes: number }) {
    this.#queue.sizes = sizes;
  }

  hasWriter(): boolean {
    return [...this.sessions].some((session) => session.canWrite);
  }

  /** Lets a session in, or closes it. */
  async join(session: Session): Promise<void> {
    await this.#queue.whileJudged(
      () => this.#options.judgeSession(session),
      (judgement) => {
        if (this.#isDead) return session.close(CLOSE.reconnect, 'the document is loaded anew');
        if (judgement.verdict !== 'admitted') return session.close(...closing(judgement));
        session.open(this, judgement.standing);
        if (!session.isClosed) this.#welcome(session);
      },
    );
  }

  #welcome(session: Session): void {
    this.sessions.add(session);
    this.#sendInfo(session);
    if (session.canWrite) session.send(step1Frame(this.stateVector()));
    this.#sendClients([session], this.#awareness.holders());
    const presences = this.#awareness.fullFrame();
    if (presences !== null) session.sendPresence(presences);
  }

  leave(session: Session): void {
    this.sessions.delete(session);
    this.#awareness.leave(session);
    if (this.#awareness.hasChanged) this.#options.onPresence(this);
  }

  stateVector(): Uint8Array {
    return Y.encodeStateVector(this.committed.doc);
  }

  since(stateVector: Uint8Array): Uint8Array {
    return this.committed.since(stateVector);
  }

  presences(): Uint8Array | null {
    return this.#awareness.historyFrame();
  }

  receiveAwareness(session: Session, states: Uint8Array): void {
    if (this.kind === 'review') return;
    if (!this.#awareness.receive(session, states)) session.close(CLOSE.malformed, 'malformed awareness');
    if (this.#awareness.hasChanged) this.#options.onPresence(this);
  }

  receiveQueryAwareness(session: Session): void {
    const frame = this.#awareness.fullFrame();
    if (frame !== null) session.sendPresence(frame);
  }

  /** Sends everyone what changed of who is here. */
  flushAwareness(): void {
    // First who they are: a state is shown with the name that is known by then.
    this.#sendClients(this.sessions, this.#awareness.takeMoved());
    const frame = this.#awareness.takeFrame();
    if (frame !== null) for (const session of this.sessions) session.sendPresence(frame);
  }

  /** Says who is behind clients; null: they left. */
  #sendClients(to: Iterable<Session>, moved: ReadonlyMap<number, Session | null>): void {
    if (moved.size === 0) return;
    const people = [...moved].map(
      ([client, session]) => [client, session?.standing?.person ?? null] as const,
    );
    const frame = clientsFrame(Object.fromEntries(people));
    for (const session of to) session.sendExtended(frame);
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
    const { userId, departmentId } = standing.actor;
    const mayRecover = kind === 'step2' && isRecovering(this.#restoredAt, this.#options.now());
    const judged = this.#queue.judge(update, { userId, mayRecover });
    const { verdict } = judged;
    if (verdict === 'missing') return this.#receiveIncomplete(session, n, kind);
    if (verdict !== 'new' && verdict !== 'noop') return turnAway(session, n, verdict);
    const frames = [n];
    if (kind === 'step2') {
      frames.push(...session.held);
      session.held = [];
      if (session.exchange === 'before') session.exchange = 'done';
    }
    this.#queue.add({
      source: { from: 'session', session, frames },
      author: { userId, departmentId },
      mayRecover,
      update: verdict === 'new' ? judged.update : update,
      isNew: verdict === 'new',
      claims: verdict === 'new' ? judged.claims : [],
    });
  }

  /** An update builds on what is neither committed nor queued. */
  #receiveIncomplete(session: Session, n: number, kind: 'step2' | 'update'): void {
    if (kind === 'step2' || session.exchange === 'asked' || session.held.length >= MAX_HELD) {
      return turnAway(session, n, 'missing');
    }
    session.held.push(n);
    if (session.exchange === 'before') return;
    session.exchange = 'asked';
    session.send(step1Frame(this.stateVector()));
  }

  /** One frame of all that was committed, built once for everyone but who sent all of it. */
  #broadcast(entries: readonly Entry[]): void {
    if (entries.length === 0) return;
    const senders = new Set(entries.map(({ source }) => (source.from === 'session' ? source.session : null)));
    const [only] = senders.size === 1 ? senders : [];
    let frame: Uint8Array | null = null;
    for (const session of this.sessions) {
      if (session === only) continue;
      frame ??= updateFrame(mergeUpdates(entries.map(({ update }) => update)));
      session.sendUpdate(frame);
    }
    if (frame !== null) this.#measure(entries);
  }

  /** How long it took until the others were told. */
  #measure(entries: readonly Entry[]): void {
    const now = performance.now();
    for (const { source } of entries) {
      if (source.from !== 'session') continue;
      const cameAt = source.session.cameAt(source.frames[0] ?? 0);
      if (cameAt !== null) this.#options.meter.propagated(now - cameAt);
    }
  }

  /** Judges everyone here anew, and whoever sent what waits. */
  async #judgeAll(sources: readonly Source[]): Promise<MayWrite> {
    const mayWrite = new Map<Session | ServerSource, boolean>();
    const sessions = new Set(this.sessions);
    const edits = new Set<ServerSource>();
    for (const source of sources) {
      if (source.from === 'session') sessions.add(source.session);
      else edits.add(source);
    }
    await Promise.all([
      ...[...sessions].map(async (one) => mayWrite.set(one, await this.judgeAnew(one))),
      ...[...edits].map(async (one) => mayWrite.set(one, await this.edits.mayStill(one))),
    ]);
    // Nobody new comes in meanwhile: whoever sent something was asked about.
    return (source) => mayWrite.get(source.from === 'session' ? source.session : source) ?? false;
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
      if (!isSamePerson(before.person, standing.person)) {
        this.#awareness.renamed(session);
        this.#options.onPresence(this);
      }
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
    if (error !== null) this.#options.log.error({ err: error, doc: this.docId }, 'a room failed');
    this.#queue.close(error === null ? 'not_found' : 'storage_full');
    this.closeAll('the document is loaded anew');
    this.#options.onDead(this);
  }

  closeAll(reason: string): void {
    for (const session of this.sessions) session.close(CLOSE.reconnect, reason);
  }

  destroy(): void {
    this.edits.destroy();
    this.committed.doc.destroy();
  }
}
