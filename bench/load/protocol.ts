/** What the bench asks of the load process, and what that answers. */
import type { Place } from './client.ts';
import type { Spread } from './numbers.ts';
import type { Dialect } from './wire.ts';

/** Who opens a socket: the headers that sign them in. */
export type Seat = Record<string, string>;

export interface Room {
  place: Place;
  writers: Seat[];
  readers: Seat[];
}

export interface Target {
  dialect: Dialect;
  port: number;
  pid: number;
}

export type Job =
  /** Opens sockets, and answers once all have joined. */
  | { job: 'open'; target: Target; rooms: Room[] }
  /** Puts text of so many bytes in each room. */
  | { job: 'fill'; bytes: number }
  /** Every writer types at this rate, in edits a second. */
  | { job: 'type'; rate: number; warm: number; seconds: number }
  /** Every socket moves its cursor at this rate, a second. */
  | { job: 'move'; rate: number; warm: number; seconds: number }
  /** Opens more sockets, which stay silent, and answers what each adds to the resident memory. */
  | { job: 'idle'; sockets: number }
  /** Sends a recorded writing session into a document, so many keystrokes an update. */
  | { job: 'record'; target: Target; room: Room; trace: string; batch: number }
  /** Opens a document once, with nothing at hand. */
  | { job: 'join'; target: Target; room: Room }
  | { job: 'close' };

export interface Typed {
  edits: number;
  deliveries: number;
  /** Edits that did not reach somebody within some seconds after the end. */
  lost: number;
  seconds: number;
  /** From sending an edit to its arrival at another client, in milliseconds. */
  propagation: Spread | null;
  /** From sending an edit to its acknowledgement, in milliseconds; null: the server sends none. */
  acknowledged: Spread | null;
  /** Processor time of the server, in milliseconds; `loop` is its event loop's share. */
  cpu: number;
  loop: number;
  /** Of the load itself, for comparison. */
  loadCpu: number;
  /** Bytes of updates sent, while warming up as well. */
  sentInAll: number;
  /** Bytes of updates sent, and bytes the server wrote to the disk meanwhile. */
  sent: number;
  written: number;
}

export interface Moved {
  /** States that arrived at somebody else. */
  deliveries: number;
  seconds: number;
  propagation: Spread | null;
  cpu: number;
}

export interface Idle {
  sockets: number;
  /** Resident bytes that each adds. */
  bytes: number;
}

export interface Joined {
  /** From beginning to connect to the first byte of the first message, and to all of the document, in milliseconds. */
  first: number;
  joined: number;
}

export interface Recorded {
  keystrokes: number;
  /** Bytes of updates sent. */
  sent: number;
  seconds: number;
}
