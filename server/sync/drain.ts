import { setTimeout as wait } from 'node:timers/promises';
import { CLOSE } from '#lib/sync/protocol.ts';
import type { Session } from './session.ts';

/** Clients come back at once, without jitter: they are sent away one after another, in milliseconds each and in all. */
const LEAVE_MS = 10;
const SPREAD_MS = 4_000;

/** Asks sessions to come back, a few at a time and in any order. */
export async function sendAway(sessions: readonly Session[]): Promise<void> {
  const leaving = shuffled(sessions);
  const spread = Math.min(SPREAD_MS, leaving.length * LEAVE_MS);
  const begun = performance.now();
  for (let gone = 0; gone < leaving.length;) {
    await wait(LEAVE_MS);
    const due = Math.ceil(((performance.now() - begun) / spread) * leaving.length);
    for (const session of leaving.slice(gone, due)) session.close(CLOSE.reconnect, 'the server is stopping');
    gone = due;
  }
}

function shuffled<T>(things: readonly T[]): T[] {
  return things
    .map((thing) => ({ thing, at: Math.random() }))
    .toSorted((a, b) => a.at - b.at)
    .map(({ thing }) => thing);
}
