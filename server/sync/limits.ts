/** All that is bounded of what peers can make the server do or hold. */
import type { InflowLimits } from './inflow.ts';
import type { OutflowLimits } from './outflow.ts';
import type { TurnLimits } from './turns.ts';

const KIB = 1024;
const MIB = 1024 * KIB;

/** How many sockets one person, one document and one address may have open. */
export interface SocketCaps {
  perUser: number;
  perDocument: number;
  perAddress: number;
}

export interface Limits {
  sockets: SocketCaps;
  /** Sockets that nobody is known to be behind yet, or that are on their way out; more are not even heard. */
  knocks: number;
  /** Bytes of messages that one person may have begun and not ended, over all their sockets. */
  unfinishedBytes: number;
  inflow: InflowLimits;
  outflow: OutflowLimits;
  /** Documents on their way to who asked for them. */
  turns: TurnLimits;
  /** Sync frames and their bytes that one socket may have open; it is not read from while it has more. */
  open: { frames: number; bytes: number };
  /** Bytes that may wait for their commit in all: beyond it whoever brings more is not read from. */
  waitingBytes: number;
}

export const LIMITS: Limits = {
  sockets: { perUser: 500, perDocument: 500, perAddress: 500 },
  knocks: 1_000,
  unfinishedBytes: 64 * MIB,
  inflow: {
    frames: { perSecond: 200, burst: 2_000 },
    awareness: { perSecond: 100, burst: 500 },
    bytes: { perSecond: 4 * MIB, burst: 24 * MIB },
  },
  outflow: { lagBytes: MIB, cutBytes: 8 * MIB, lagMs: 30_000 },
  turns: { bytes: 64 * MIB, bytesPerUser: 16 * MIB },
  open: { frames: 5_000, bytes: 16 * MIB },
  waitingBytes: 128 * MIB,
};
