import type { IncomingHttpHeaders } from 'node:http';
import type { Actor, ReportAccess, ReportRole } from '#lib/review/permissions.ts';
import { can, effectiveRole } from '#lib/review/permissions.ts';
import { CLOSE, NACK, type ClientPerson, type NackCode } from '#lib/sync/protocol.ts';
import { ackFrame, KEEPALIVE, nackFrame, readFrame } from './frame.ts';
import type { Meter } from './meter.ts';

/** All that a session needs of a WebSocket. */
export interface Socket {
  /** Bytes that were sent and the peer has not taken yet. */
  readonly bufferedBytes: number;
  send(frame: Uint8Array): void;
  close(code: number, reason: string): void;
  /** Asks for a sign of life. */
  ping(): void;
  /** Ends it without a word. */
  terminate(): void;
}

/** The room as its sessions see it. */
export interface SessionRoom {
  readonly epoch: number;
  readonly seq: number;
  receiveStep1(session: Session, stateVector: Uint8Array): void;
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
  readonly #now: () => number;
  readonly #meter: Meter;
  #state: State = { state: 'opening' };
  #received = 0;
  #settled = 0;
  #settledAhead = new Set<number>();
  #acked = 0;
  #sentAt: number;
  #isAlive = true;
  /** When it is to be judged anew, in milliseconds. */
  #dueAt = Infinity;

  constructor(options: {
    socket: Socket;
    userId: string;
    extended: boolean;
    credentials: IncomingHttpHeaders;
    now: () => number;
    meter: Meter;
  }) {
    this.#socket = options.socket;
    this.userId = options.userId;
    this.extended = options.extended;
    this.credentials = options.credentials;
    this.#now = options.now;
    this.#meter = options.meter;
    this.#sentAt = options.now();
  }

  get isClosed(): boolean {
    return this.#state.state === 'closed';
  }

  /** Null before the session is open and after it closed. */
  get standing(): Standing | null {
    return this.#state.state === 'open' ? this.#state.standing : null;
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
    this.#postpone();
  }

  /** Whether a while has passed since it was judged; says so once, as the judgement takes its time. */
  isDue(): boolean {
    if (this.#state.state !== 'open' || this.#now() < this.#dueAt) return false;
    this.#postpone();
    return true;
  }

  /** Not all at once that came at once, as after a restart. */
  #postpone(): void {
    this.#dueAt = this.#now() + (JUDGE_MS * (1 + Math.random())) / 2;
  }

  /** One frame from the client; `bytes` must be all of its own buffer. */
  receive(bytes: Uint8Array): void {
    if (this.#state.state !== 'open') return;
    this.#isAlive = true;
    this.#meter.received(bytes);
    const { room } = this.#state;
    const message = readFrame(bytes);
    switch (message.type) {
      case 'step1':
        return room.receiveStep1(this, message.stateVector);
      case 'step2':
      case 'update':
        return room.receiveUpdate(this, ++this.#received, message.type, message.bytes);
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

  send(frame: Uint8Array): void {
    if (this.#state.state !== 'open') return;
    this.#sentAt = this.#now();
    this.#meter.sent(frame);
    this.#socket.send(frame);
  }

  /** Sends what only our own client understands. */
  sendExtended(frame: Uint8Array): void {
    if (this.extended) this.send(frame);
  }

  /** Marks frames as settled; {@link acknowledge} says so to the client. */
  settle(frames: readonly number[]): void {
    for (const n of frames) this.#settledAhead.add(n);
    while (this.#settledAhead.delete(this.#settled + 1)) this.#settled++;
  }

  acknowledge(): void {
    if (this.#state.state !== 'open' || this.#settled === this.#acked) return;
    this.#acked = this.#settled;
    const { epoch, seq } = this.#state.room;
    this.sendExtended(ackFrame(epoch, seq, this.#settled));
  }

  /** Refuses a frame, which settles it. */
  refuse(n: number, code: NackCode, text: string): void {
    this.#meter.refused(code);
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
    this.#meter.closed(code);
    this.#socket.close(code, reason);
    this.closed();
  }

  /** The socket is gone. */
  closed(): void {
    const before = this.#state;
    this.#state = { state: 'closed' };
    if (before.state === 'open') before.room.leave(this);
  }

  /** Called every few seconds: breaks the silence. */
  keepAlive(): void {
    if (this.#now() - this.#sentAt >= SILENCE_MS) this.send(KEEPALIVE);
  }

  /** The peer answered a ping. */
  sawLife(): void {
    this.#isAlive = true;
  }

  /** Called every half minute: ends a socket that gave no sign of life since the last call. */
  checkLife(): void {
    if (this.#state.state === 'closed') return;
    if (!this.#isAlive) {
      this.#meter.closed(0);
      this.#socket.terminate();
      this.closed();
      return;
    }
    this.#isAlive = false;
    this.#socket.ping();
  }
}
