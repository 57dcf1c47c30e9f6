/** What the clients say, in each server's dialect of the y-websocket protocol. */
import * as encoding from 'lib0/encoding';
import { frameOf } from './socket.ts';

/**
 * `yjs`: as y-websocket speaks it. `huigao`: the same with our acknowledgements. `hocuspocus`: each
 * message begins with the document's name, and a token comes first. `relay`: no exchange at all.
 */
export type Dialect = 'yjs' | 'huigao' | 'hocuspocus' | 'relay';

export const SYNC = 0;
export const STEP1 = 0;
export const STEP2 = 1;
export const UPDATE = 2;
export const AWARENESS = 1;
export const AUTH = 2;
/** Hocuspocus: a sync message that answers another. */
export const SYNC_REPLY = 4;
/** Hocuspocus: one sync message has been applied; it is not stored yet. */
export const SYNC_STATUS = 8;
export const ACK = 120;

export class Wire {
  /** What every message begins with. */
  readonly prefix: Uint8Array;
  readonly step1: Buffer;
  /** A step 2 that brings nothing. */
  readonly emptyStep2: Buffer;
  readonly token: Buffer;

  constructor(dialect: Dialect, name: string) {
    const encoder = encoding.createEncoder();
    if (dialect === 'hocuspocus') encoding.writeVarString(encoder, name);
    this.prefix = encoding.toUint8Array(encoder);
    this.step1 = this.#message([SYNC, STEP1], Uint8Array.of(0));
    this.emptyStep2 = this.#message([SYNC, STEP2], Uint8Array.of(0, 0));
    this.token = this.#message([AUTH, 0], new TextEncoder().encode('token'));
  }

  update(bytes: Uint8Array): Buffer {
    return this.#message([SYNC, UPDATE], bytes);
  }

  awareness(client: number, clock: number, state: string): Buffer {
    const inner = encoding.createEncoder();
    for (const value of [1, client, clock]) encoding.writeVarUint(inner, value);
    encoding.writeVarString(inner, state);
    return this.#message([AWARENESS], encoding.toUint8Array(inner));
  }

  #message(types: readonly number[], body: Uint8Array): Buffer {
    const encoder = encoding.createEncoder();
    encoding.writeUint8Array(encoder, this.prefix);
    for (const type of types) encoding.writeVarUint(encoder, type);
    encoding.writeVarUint8Array(encoder, body);
    return frameOf(encoding.toUint8Array(encoder));
  }
}
