/** What goes over a socket, as bytes: see `#lib/sync/protocol.ts`. One message a frame. */
import * as decoding from 'lib0/decoding';
import * as encoding from 'lib0/encoding';
import { MESSAGE, SYNC, type Clients, type Info, type NackCode } from '#lib/sync/protocol.ts';

/** What a client says. `step2` and `update` are counted by both sides, malformed or not. */
export type ClientMessage =
  | { type: 'step1'; stateVector: Uint8Array }
  | { type: 'step2' | 'update'; bytes: Uint8Array | null }
  | { type: 'awareness'; states: Uint8Array }
  | { type: 'queryAwareness' }
  | { type: 'malformed' };

/** Reads a frame; `bytes` must be all of its own buffer. Never throws. */
export function readFrame(bytes: Uint8Array): ClientMessage {
  const sync = bytes[0] === MESSAGE.sync ? bytes[1] : undefined;
  try {
    const decoder = decoding.createDecoder(bytes);
    switch (decoding.readVarUint(decoder)) {
      case MESSAGE.sync:
        return readSync(decoder);
      case MESSAGE.awareness:
        return { type: 'awareness', states: readRest(decoder) };
      case MESSAGE.queryAwareness:
        return { type: 'queryAwareness' };
      default:
        return { type: 'malformed' };
    }
  } catch {
    // The frame ended too early.
    if (sync === SYNC.step2) return { type: 'step2', bytes: null };
    if (sync === SYNC.update) return { type: 'update', bytes: null };
    return { type: 'malformed' };
  }
}

function readSync(decoder: decoding.Decoder): ClientMessage {
  switch (decoding.readVarUint(decoder)) {
    case SYNC.step1:
      return { type: 'step1', stateVector: readRest(decoder) };
    case SYNC.step2:
      return { type: 'step2', bytes: readRest(decoder) };
    case SYNC.update:
      return { type: 'update', bytes: readRest(decoder) };
    default:
      return { type: 'malformed' };
  }
}

/** The frame's last field. lib0 would read it from the buffer behind the frame, however long it claims to be. */
function readRest(decoder: decoding.Decoder): Uint8Array {
  const length = decoding.readVarUint(decoder);
  if (length !== decoder.arr.length - decoder.pos) throw new RangeError('the field does not fill its frame');
  return decoder.arr.subarray(decoder.pos);
}

function frame(write: (encoder: encoding.Encoder) => void): Uint8Array {
  const encoder = encoding.createEncoder();
  write(encoder);
  return encoding.toUint8Array(encoder);
}

function sync(type: number, bytes: Uint8Array): Uint8Array {
  return frame((encoder) => {
    encoding.writeVarUint(encoder, MESSAGE.sync);
    encoding.writeVarUint(encoder, type);
    encoding.writeVarUint8Array(encoder, bytes);
  });
}

export const step1Frame = (stateVector: Uint8Array) => sync(SYNC.step1, stateVector);
export const step2Frame = (update: Uint8Array) => sync(SYNC.step2, update);
export const updateFrame = (update: Uint8Array) => sync(SYNC.update, update);

/** `1, epoch, seq, n`. */
export function ackFrame(epoch: number, seq: number, n: number): Uint8Array {
  return frame((encoder) => {
    for (const value of [MESSAGE.ack, 1, epoch, seq, n]) encoding.writeVarUint(encoder, value);
  });
}

export function nackFrame(n: number, code: NackCode, text: string): Uint8Array {
  return frame((encoder) => {
    for (const value of [MESSAGE.nack, n, code]) encoding.writeVarUint(encoder, value);
    encoding.writeVarString(encoder, text);
  });
}

export function infoFrame(info: Info): Uint8Array {
  return frame((encoder) => {
    encoding.writeVarUint(encoder, MESSAGE.info);
    encoding.writeVarString(encoder, JSON.stringify(info));
  });
}

export function clientsFrame(clients: Clients): Uint8Array {
  return frame((encoder) => {
    encoding.writeVarUint(encoder, MESSAGE.clients);
    encoding.writeVarString(encoder, JSON.stringify(clients));
  });
}

/** One client's presence. `state` is JSON that is passed on unread; {@link GONE} says it left. */
export interface Presence {
  client: number;
  clock: number;
  state: Uint8Array;
}

/** A state's JSON when its client has left. */
export const GONE = new TextEncoder().encode('null');

export function isGone(state: Uint8Array): boolean {
  return state.length === GONE.length && state.every((byte, index) => byte === GONE[index]);
}

/** Reads the presences of an awareness message, states unparsed and not copied; null when it is malformed. */
export function readPresences(states: Uint8Array): Presence[] | null {
  try {
    const decoder = decoding.createDecoder(states);
    const presences: Presence[] = [];
    for (let left = decoding.readVarUint(decoder); left > 0; left--) {
      const client = decoding.readVarUint(decoder);
      const clock = decoding.readVarUint(decoder);
      const length = decoding.readVarUint(decoder);
      if (length > states.length - decoder.pos) return null;
      presences.push({ client, clock, state: states.subarray(decoder.pos, decoder.pos + length) });
      decoder.pos += length;
    }
    return presences;
  } catch {
    // The message ended too early.
    return null;
  }
}

export function awarenessFrame(presences: readonly Presence[]): Uint8Array {
  return frame((encoder) => {
    encoding.writeVarUint(encoder, MESSAGE.awareness);
    const inner = encoding.createEncoder();
    encoding.writeVarUint(inner, presences.length);
    for (const { client, clock, state } of presences) {
      encoding.writeVarUint(inner, client);
      encoding.writeVarUint(inner, clock);
      encoding.writeVarUint8Array(inner, state);
    }
    encoding.writeVarUint8Array(encoder, encoding.toUint8Array(inner));
  });
}

/** Says nothing; keeps a client from taking the silence for a lost connection. */
export const KEEPALIVE = awarenessFrame([]);
