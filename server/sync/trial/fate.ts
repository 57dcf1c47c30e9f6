/** What befalls the server and its connections in a trial, chosen by the seed. */
import type { Cut } from './cut.ts';
import type { Random } from './random.ts';

/** How one life of the server ends. */
export type Ending =
  /** Killed while it opens its database. */
  | { how: 'opening'; afterMs: number }
  /** Killed in the middle of a burst, when so many messages were heard. */
  | { how: 'burst'; heard: number; afterMs: number }
  /** Killed after a while: titles, authors and snapshots are being written by then. */
  | { how: 'later'; afterMs: number }
  /** Asked to stop in the middle of a burst. */
  | { how: 'terminate'; heard: number }
  /** The disk becomes full in the middle of a burst, and is emptied, before the kill or after it. */
  | { how: 'full'; heard: number; isKilledFull: boolean }
  /** Held for longer than anyone's patience, let go again, and then killed. */
  | { how: 'stop'; heard: number };

/** The next end on a disk with room. */
export function ending(random: Random): Ending {
  const heard = Math.floor(4 * 2 ** (5 * random.next()));
  const chosen = random.next();
  if (chosen < 0.04) return { how: 'opening', afterMs: random.next() * 120 };
  if (chosen < 0.08) return { how: 'terminate', heard };
  if (chosen < 0.1) return { how: 'stop', heard };
  if (chosen < 0.13) return { how: 'later', afterMs: 900 + random.next() * 700 };
  return { how: 'burst', heard, afterMs: random.chance(0.5) ? random.next() * 6 : 0 };
}

/** The next end on a disk that becomes full. */
export function endingFull(random: Random): Ending {
  return { how: 'full', heard: random.between(4, 60), isKilledFull: random.chance(0.5) };
}

/** Two of three connections stay whole; the others are cut early or late, in either direction. */
export function cutting(random: Random): Cut | null {
  if (!random.chance(0.3)) return null;
  const direction = random.pick(['up', 'down'] as const);
  return {
    direction,
    // Past the handshake, of some 300 bytes up and 130 down.
    afterBytes: random.between(direction === 'up' ? 300 : 140, random.chance(0.3) ? 30_000 : 1_500),
    how: random.pick(['end', 'reset'] as const),
  };
}
