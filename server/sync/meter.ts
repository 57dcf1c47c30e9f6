/**
 * What the sync server says of its work to whoever measures it. It is called for every frame, so an
 * implementation adds up and does no more.
 */
import { MESSAGE, SYNC, type NackCode } from '#lib/sync/protocol.ts';

/** The kinds of frames, as they are counted. */
export const FRAME_TYPES = [
  'step1',
  'step2',
  'update',
  'awareness',
  'queryAwareness',
  'ack',
  'nack',
  'info',
  'clients',
  'other',
] as const;
export type FrameType = (typeof FRAME_TYPES)[number];

/** A frame's kind, from its first two bytes. */
export function frameType(frame: Uint8Array): FrameType {
  switch (frame[0]) {
    case MESSAGE.sync:
      switch (frame[1]) {
        case SYNC.step1:
          return 'step1';
        case SYNC.step2:
          return 'step2';
        case SYNC.update:
          return 'update';
        default:
          return 'other';
      }
    case MESSAGE.awareness:
      return 'awareness';
    case MESSAGE.queryAwareness:
      return 'queryAwareness';
    case MESSAGE.ack:
      return 'ack';
    case MESSAGE.nack:
      return 'nack';
    case MESSAGE.info:
      return 'info';
    case MESSAGE.clients:
      return 'clients';
    default:
      return 'other';
  }
}

/** Times are in milliseconds. */
export interface Meter {
  received(frame: Uint8Array): void;
  sent(frame: Uint8Array): void;
  refused(code: NackCode): void;
  /** The server closed a socket; 0: cut off without a word. */
  closed(code: number): void;
  /** One transaction of so many updates. */
  committed(took: number, updates: number): void;
  /** A frame was settled so long after it came. */
  acknowledged(took: number): void;
  /** What a frame brought went out to the others so long after it came. */
  propagated(took: number): void;
  /** A socket sends too much, and is not read from for a while. */
  paused(): void;
  /** A document was read from the store. */
  loaded(took: number): void;
  compacted(result: 'done' | 'failed'): void;
}

const nothing = () => {};

/** Measures nothing. */
export const NO_METER: Meter = {
  received: nothing,
  sent: nothing,
  refused: nothing,
  closed: nothing,
  committed: nothing,
  acknowledged: nothing,
  propagated: nothing,
  paused: nothing,
  loaded: nothing,
  compacted: nothing,
};

/** How things stand in the sync server at one moment. */
export interface Census {
  /** Open sockets by the role of their person; `none`: not let in yet, or on its way out. */
  sockets: Record<'owner' | 'editor' | 'commenter' | 'viewer' | 'none', number>;
  /** Documents in memory: with sockets, without, and being read. */
  documents: Record<'open' | 'idle' | 'loading', number>;
  /** Bytes handed to sockets that their peers have not taken yet. */
  bufferedBytes: number;
  /** Bytes of updates that wait for their commit. */
  waitingBytes: number;
  /** Sockets that are too slow for what is sent to them. */
  lagging: number;
  /** Sockets that are not read from for a while, since they sent too much. */
  paused: number;
  /** Sockets that wait for their turn to be sent a document. */
  queued: number;
}
