/** What one socket may send: three buckets that fill with time and are emptied by frames. */
import type { FrameType } from './meter.ts';

/** So much a second, and so much at once after a while of silence. */
export interface Rate {
  perSecond: number;
  burst: number;
}

export interface InflowLimits {
  /** Sync frames: edits, and what is asked for. */
  frames: Rate;
  /** Presence. Each client echoes what it is told, some twenty times a second. */
  awareness: Rate;
  /** Bytes of all frames. */
  bytes: Rate;
}

export class Inflow {
  readonly #limits: InflowLimits;
  /** How much of each bucket is gone; more than the burst: a debt that time pays off. */
  #frames = 0;
  #awareness = 0;
  #bytes = 0;
  #at: number;

  /** `now` in milliseconds, here and below. */
  constructor(limits: InflowLimits, now: number) {
    this.#limits = limits;
    this.#at = now;
  }

  /** Counts a frame. Answers for how many milliseconds nothing more should be read; 0: go on. */
  take(type: FrameType, bytes: number, now: number): number {
    const { frames, awareness, bytes: volume } = this.#limits;
    // A clock that is set back fills nothing.
    const passed = Math.max(0, now - this.#at) / 1_000;
    this.#at = now;
    const isPresence = type === 'awareness' || type === 'queryAwareness';
    this.#frames = Math.max(0, this.#frames - passed * frames.perSecond) + (isPresence ? 0 : 1);
    this.#awareness = Math.max(0, this.#awareness - passed * awareness.perSecond) + (isPresence ? 1 : 0);
    this.#bytes = Math.max(0, this.#bytes - passed * volume.perSecond) + bytes;
    return Math.max(
      0,
      debtMs(this.#frames, frames),
      debtMs(this.#awareness, awareness),
      debtMs(this.#bytes, volume),
    );
  }
}

function debtMs(gone: number, { perSecond, burst }: Rate): number {
  return (1_000 * (gone - burst)) / perSecond;
}
