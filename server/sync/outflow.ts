/**
 * What one socket is sent. A peer that takes it more slowly than it comes is not sent update after update:
 * once it has taken what is on its way, one update brings it from where it was to where the document is.
 */
import { step2Frame, updateFrame } from './frame.ts';
import type { Turn, Turns } from './turns.ts';

export interface OutflowLimits {
  /** Beyond so many bytes that the peer has not taken a socket is lagging. */
  lagBytes: number;
  /** Beyond so many it is cut. One frame that is large by itself does not count. */
  cutBytes: number;
  /** So long it may lag, in milliseconds. */
  lagMs: number;
}

/** The document as those see it who are sent it. */
export interface OutflowSource {
  /** Everything committed, as a state vector. */
  stateVector(): Uint8Array;
  /** Everything committed beyond a state vector, all deletions included. */
  since(stateVector: Uint8Array): Uint8Array;
  /** Who is here, and who has left; null: nobody. */
  presences(): Uint8Array | null;
}

export interface OutflowOptions {
  readonly userId: string;
  readonly limits: OutflowLimits;
  readonly turns: Turns;
  /** Milliseconds. */
  readonly now: () => number;
  /** Bytes that were sent and the peer has not taken yet. */
  readonly bufferedBytes: () => number;
  readonly send: (frame: Uint8Array, taken?: () => void) => void;
  /** The socket is beyond help. */
  readonly cut: () => void;
}

/** What is to be sent at the socket's next turn, against the state that the peer has by then. */
type Owed = { as: 'step2' | 'update'; stateVector: Uint8Array };

export class Outflow implements Turn {
  readonly #options: OutflowOptions;
  #source: OutflowSource | null = null;
  /** Not null while it lags: since when, and the state that it has when it has taken everything. */
  #lag: { since: number; stateVector: Uint8Array } | null = null;
  #owed: Owed | null = null;
  /** Whether presence was left out. */
  #missesPresence = false;
  /** The frame on its way that is large by itself, in bytes. */
  #largeBytes = 0;

  constructor(options: OutflowOptions) {
    this.#options = options;
  }

  get userId(): string {
    return this.#options.userId;
  }

  get isLagging(): boolean {
    return this.#lag !== null;
  }

  /** From now on the document is this one. */
  open(source: OutflowSource): void {
    this.#source = source;
  }

  /** Sends what every socket is told, however slow it is. */
  send(frame: Uint8Array): void {
    this.#put(frame);
  }

  /** Sends what was committed, unless what is owed will bring it. */
  sendUpdate(frame: Uint8Array): void {
    if (this.#owed !== null) return;
    if (this.#lag === null) this.#put(frame);
    else this.#owed = { as: 'update', stateVector: this.#lag.stateVector };
  }

  sendPresence(frame: Uint8Array): void {
    if (this.#lag === null && this.#owed === null) this.#put(frame);
    else this.#missesPresence = true;
  }

  /** The peer asked for everything beyond a state. The newest question counts: its answer answers all. */
  answer(stateVector: Uint8Array): void {
    this.#owed = { as: 'step2', stateVector };
    if (this.#lag === null) this.#options.turns.ask(this);
  }

  /** The peer has taken everything. */
  drained(): void {
    this.#largeBytes = 0;
    if (this.#lag === null) return;
    this.#lag = null;
    if (this.#owed === null) this.#refreshPresence();
    else this.#options.turns.ask(this);
  }

  serve(taken: () => void): number {
    const owed = this.#owed;
    if (owed === null || this.#source === null || this.#lag !== null) return 0;
    const update = this.#source.since(owed.stateVector);
    const frame = owed.as === 'step2' ? step2Frame(update) : updateFrame(update);
    this.#owed = null;
    this.#put(frame, taken);
    if (this.#lag === null) this.#refreshPresence();
    // Cut on the way: there is nothing to wait for.
    return this.#source === null ? 0 : frame.length;
  }

  /** Called every few seconds: cuts a socket that has lagged for too long. */
  check(): void {
    if (this.#lag !== null && this.#options.now() - this.#lag.since >= this.#options.limits.lagMs) {
      this.#options.cut();
    }
  }

  /** The socket is gone. */
  close(): void {
    this.#source = null;
    this.#owed = null;
    this.#options.turns.leave(this);
  }

  #refreshPresence(): void {
    if (!this.#missesPresence) return;
    this.#missesPresence = false;
    const frame = this.#source?.presences() ?? null;
    if (frame !== null) this.#put(frame);
  }

  #put(frame: Uint8Array, taken?: () => void): void {
    const { send, bufferedBytes, limits, cut, now } = this.#options;
    if (frame.length > limits.lagBytes) this.#largeBytes = Math.max(this.#largeBytes, frame.length);
    send(frame, taken);
    const buffered = bufferedBytes();
    if (buffered <= limits.lagBytes) return;
    if (buffered > limits.cutBytes + this.#largeBytes) return cut();
    // All that is committed has been sent by now, or is about to be counted out by what is owed.
    if (this.#lag === null && this.#source !== null) {
      this.#lag = { since: now(), stateVector: this.#source.stateVector() };
    }
  }
}
