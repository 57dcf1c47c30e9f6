import type { IncomingHttpHeaders } from 'node:http';
import * as Y from 'yjs';
import type { Actor, ReportAccess, ReportRole } from '#lib/review/permissions.ts';
import { can, effectiveRole } from '#lib/review/permissions.ts';
import { CLOSE, NACK, type ClientPerson, type NackCode } from '#lib/sync/protocol.ts';
import { ackFrame, KEEPALIVE, nackFrame, readFrame } from './frame.ts';
import { Inflow } from './inflow.ts';
import type { Limits } from './limits.ts';
import { frameType, type Meter } from './meter.ts';
import { Outflow, type OutflowSource } from './outflow.ts';
import type { Pauses } from './pauses.ts';
import type { Backlog } from './backlog.ts';
import { Receipts } from './receipts.ts';
import type { Turns } from './turns.ts';

/** All that a session needs of a WebSocket. */
export interface Socket {
  /** Bytes that were sent and the peer has not taken yet. */
  readonly bufferedBytes: number;
  /** `taken` is called when the frame has left this process, or never will. */
  send(frame: Uint8Array, taken?: () => void): void;
  /** Reads nothing more until {@link resume}. */
  pause(): void;
  resume(): void;
  close(code: number, reason: string): void;
  /** Asks for a sign of life. */
  ping(): void;
  /** Ends it without a word. */
  terminate(): void;
}

/** What all sessions share. */
export interface Floor {
  /** Milliseconds. */
  now: () => number;
  meter: Meter;
  limits: Limits;
  turns: Turns;
  pauses: Pauses;
  backlog: Backlog;
}

/** The room as its sessions see it. */
export interface SessionRoom extends OutflowSource {
  readonly epoch: number;
  readonly seq: number;
  /** `bytes` null: they could not be read. */
  receiveUpdate(session: Session, n: number, kind: 'step2' | 'update', bytes: Uint8Array | null): void;
  receiveAwareness(session: Session, states: Uint8Array): void;
  receiveQueryAwareness(session: Session): void;
  leave(session: Session): void;
}

/** What a session may do, as it was judged last. */
export interface Standing {
  actor: Actor;
  access: ReportAccess;
  role: ReportRole;
  canWrite: boolean;
  /** How colleagues see the actor. */
  person: ClientPerson;
}

/** A department as people see it; `hue` is its colour, 0 to 11. */
export interface DepartmentLook {
  name: string;
  hue: number;
}

export function standingOf(
  actor: Actor,
  department: DepartmentLook | null,
  access: ReportAccess,
  isWritable: boolean,
): Standing | null {
  const role = effectiveRole(actor, access);
  if (role === null || !can(actor, 'read', access)) return null;
  const { userId, name } = actor;
  const person = { userId, name, department: department?.name ?? null, hue: department?.hue ?? null };
  return { actor, access, role, canWrite: isWritable && can(actor, 'write', access), person };
}

/** Whether colleagues see the same person. */
export function isSamePerson(one: ClientPerson, other: ClientPerson): boolean {
  return one.name === other.name && one.department === other.department && one.hue === other.hue;
}

type State =
  | { state: 'opening' }
  | { state: 'open'; room: SessionRoom; standing: Standing }
  /** What it sent before may still be waiting for its commit. */
  | { state: 'closed' };

/**
 * How far the first exchange has come. Until its first step 2 a client may send what builds on edits that
 * only that step 2 brings; `asked` means that it was asked for everything a second time, which is the last.
 */
export type Exchange = 'before' | 'done' | 'asked';

/** After so long without a message a client takes the connection for lost, in milliseconds; half of it. */
const SILENCE_MS = 20_000;

/** A session is judged anew at the latest after so long, in milliseconds. */
const JUDGE_MS = 60_000;

/** One socket in one room. Counts its frames, and says which are settled. */
export class Session {
  readonly userId: string;
  /** Whether the client understands our additions to the protocol. */
  readonly extended: boolean;
  /** What signed it in, to be asked again when rights change. */
  readonly credentials: IncomingHttpHeaders;
  exchange: Exchange = 'before';
  /** Frames that the next step 2 settles. */
  held: number[] = [];
  readonly #socket: Socket;
  readonly #floor: Floor;
  readonly #inflow: Inflow;
  readonly #outflow: Outflow;
  readonly #receipts = new Receipts();
  #state: State = { state: 'opening' };
  #acked = 0;
  /** Not null while it is not read from: until when at least, in milliseconds. */
  #pausedUntil: number | null = null;
  #sentAt: number;
  #isAlive = true;
  /** When it is to be judged anew, in milliseconds. */
  #dueAt = Infinity;

  constructor(options: {
    socket: Socket;
    userId: string;
    extended: boolean;
    credentials: IncomingHttpHeaders;
    floor: Floor;
  }) {
    const { socket, userId, floor } = options;
    const { limits, turns, now, meter } = floor;
    this.#socket = socket;
    this.#floor = floor;
    this.userId = userId;
    this.extended = options.extended;
    this.credentials = options.credentials;
    this.#sentAt = now();
    this.#inflow = new Inflow(limits.inflow, now());
    this.#outflow = new Outflow({
      userId,
      limits: limits.outflow,
      turns,
      now,
      bufferedBytes: () => socket.bufferedBytes,
      send: (frame, taken) => {
        this.#sentAt = now();
        meter.sent(frame);
        socket.send(frame, taken);
      },
      cut: () => this.cut(),
    });
  }

  get isClosed(): boolean {
    return this.#state.state === 'closed';
  }

  /** Null before the session is open and after it closed. */
  get standing(): Standing | null {
    return this.#state.state === 'open' ? this.#state.standing : null;
  }

  get isLagging(): boolean {
    return this.#outflow.isLagging;
  }

  get bufferedBytes(): number {
    return this.#socket.bufferedBytes;
  }

  get canWrite(): boolean {
    return this.standing?.canWrite ?? false;
  }

  open(room: SessionRoom, standing: Standing): void {
    if (this.#state.state === 'closed') return;
    this.#state = { state: 'open', room, standing };
    this.#outflow.open(room);
    this.#postpone();
  }

  /** Whether a while has passed since it was judged; says so once, as the judgement takes its time. */
  isDue(): boolean {
    if (this.#state.state !== 'open' || this.#floor.now() < this.#dueAt) return false;
    this.#postpone();
    return true;
  }

  /** Not all at once that came at once, as after a restart. */
  #postpone(): void {
    this.#dueAt = this.#floor.now() + (JUDGE_MS * (1 + Math.random())) / 2;
  }

  /** One frame from the client; `bytes` must be all of its own buffer. */
  receive(bytes: Uint8Array): void {
    if (this.#state.state !== 'open') return;
    this.#isAlive = true;
    this.#floor.meter.received(bytes);
    this.#receive(this.#state.room, bytes);
    this.#pace(bytes);
  }

  #receive(room: SessionRoom, bytes: Uint8Array): void {
    const message = readFrame(bytes);
    switch (message.type) {
      case 'step1':
        if (isStateVector(message.stateVector)) return this.#outflow.answer(message.stateVector);
        return this.close(CLOSE.malformed, 'malformed state vector');
      case 'step2':
      case 'update': {
        const n = this.#receipts.receive(bytes.length, performance.now());
        return room.receiveUpdate(this, n, message.type, message.bytes);
      }
      case 'awareness':
        return room.receiveAwareness(this, message.states);
      case 'queryAwareness':
        return room.receiveQueryAwareness(this);
      case 'malformed':
        return this.close(CLOSE.malformed, 'malformed message');
      default:
        return message satisfies never;
    }
  }

  /** Who sends too much is not read from for a while: what it sends waits on its own side. */
  #pace(bytes: Uint8Array): void {
    const now = this.#floor.now();
    const wait = this.#inflow.take(frameType(bytes), bytes.length, now);
    if (this.isClosed || (wait === 0 && !this.#isFull(1))) return;
    const isFirst = this.#pausedUntil === null;
    this.#pausedUntil = now + wait;
    if (!isFirst) return;
    this.#socket.pause();
    this.#floor.meter.paused();
    this.#floor.pauses.add(this);
  }

  /** Whether more than a share of what may wait for its commit does. */
  #isFull(share: number): boolean {
    const { limits, backlog } = this.#floor;
    const { open, openBytes } = this.#receipts;
    if (open > share * limits.open.frames || openBytes > share * limits.open.bytes) return true;
    // Who brought nothing does not fill it.
    return open > 0 && backlog.bytes > share * limits.waitingBytes;
  }

  resumeIfDue(): boolean {
    if (this.#pausedUntil === null) return true;
    if (this.#floor.now() < this.#pausedUntil || this.#isFull(0.5)) return false;
    this.#pausedUntil = null;
    this.#isAlive = true;
    this.#socket.resume();
    return true;
  }

  /** The peer has taken all that was sent. */
  drained(): void {
    this.#outflow.drained();
  }

  /** Sends what every socket is told, however slow it is. */
  send(frame: Uint8Array): void {
    if (this.#state.state === 'open') this.#outflow.send(frame);
  }

  /** Sends what was committed; who lags is brought it later. */
  sendUpdate(frame: Uint8Array): void {
    if (this.#state.state === 'open') this.#outflow.sendUpdate(frame);
  }

  /** Sends who is here; who lags is told later. */
  sendPresence(frame: Uint8Array): void {
    if (this.#state.state === 'open') this.#outflow.sendPresence(frame);
  }

  /** Sends what only our own client understands. */
  sendExtended(frame: Uint8Array): void {
    if (this.extended) this.send(frame);
  }

  /** When a frame came that is not settled, in milliseconds of `performance.now`; null: it is. */
  cameAt(n: number): number | null {
    return this.#receipts.cameAt(n);
  }

  /** Marks frames as settled; {@link acknowledge} says so to the client. */
  settle(frames: readonly number[]): void {
    const now = performance.now();
    this.#receipts.settle(frames, (cameAt) => this.#floor.meter.acknowledged(now - cameAt));
  }

  acknowledge(): void {
    const { settled } = this.#receipts;
    if (this.#state.state !== 'open' || settled === this.#acked) return;
    this.#acked = settled;
    const { epoch, seq } = this.#state.room;
    this.sendExtended(ackFrame(epoch, seq, settled));
  }

  /** Refuses a frame, which settles it. */
  refuse(n: number, code: NackCode, text: string): void {
    this.#floor.meter.refused(code);
    this.sendExtended(nackFrame(n, code, text));
    this.settle([n]);
    this.acknowledge();
  }

  /** A change of content that the room can never take. */
  refuseAndClose(n: number, code: NackCode, text: string): void {
    this.refuse(n, code, text);
    this.close(code === NACK.foreignClient ? CLOSE.foreignClient : CLOSE.malformed, text);
  }

  close(code: number, reason: string): void {
    if (this.#state.state === 'closed') return;
    this.#floor.meter.closed(code);
    this.#socket.close(code, reason);
    this.closed();
  }

  /** The socket is gone. */
  closed(): void {
    const before = this.#state;
    this.#state = { state: 'closed' };
    this.#outflow.close();
    this.#floor.pauses.delete(this);
    if (before.state === 'open') before.room.leave(this);
  }

  /** Ends it without a word: the peer would not hear it. */
  cut(): void {
    if (this.#state.state === 'closed') return;
    this.#floor.meter.closed(0);
    this.#socket.terminate();
    this.closed();
  }

  /** Called every few seconds: breaks the silence, and ends a socket that lags for too long. */
  keepAlive(): void {
    this.#outflow.check();
    if (this.#floor.now() - this.#sentAt >= SILENCE_MS) this.send(KEEPALIVE);
  }

  /** The peer answered a ping. */
  sawLife(): void {
    this.#isAlive = true;
  }

  /** Called every half minute: ends a socket that gave no sign of life since the last call. */
  checkLife(): void {
    if (this.#state.state === 'closed') return;
    // It could not be heard, or has its own limit of patience.
    if (this.#pausedUntil !== null || this.isLagging) return;
    if (!this.#isAlive) return this.cut();
    this.#isAlive = false;
    this.#socket.ping();
  }
}

/** Longer than any honest one, in bytes: some 150,000 clients. */
const MAX_STATE_VECTOR_BYTES = 1024 * 1024;

function isStateVector(bytes: Uint8Array): boolean {
  if (bytes.length > MAX_STATE_VECTOR_BYTES) return false;
  try {
    Y.decodeStateVector(bytes);
    return true;
  } catch {
    // Yjs throws on bytes that are no state vector.
    return false;
  }
}
