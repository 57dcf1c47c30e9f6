/** What commands of the review document have in common. */
import { createHash } from 'node:crypto';
import { fromBase64 } from 'lib0/buffer';
import * as Y from 'yjs';
import type { Actor } from '#lib/review/permissions.ts';
import { done, refuse, type Outcome } from '../outcome.ts';
import type { SyncServer } from '../sync/sync.ts';

const WAIT_MS = 2_000;

/**
 * Waits, so many milliseconds, for the content that a command speaks of. Refused with `invalid` or `conflict`
 * (`stateVector`), or `not_found`.
 */
export async function arrival(
  sync: Pick<SyncServer, 'until'>,
  reportId: string,
  encoded: string,
  waitMs = WAIT_MS,
): Promise<Outcome<null>> {
  const stateVector = decodeStateVector(encoded);
  if (stateVector === null) return refuse('invalid', 'stateVector');
  const arrived = await sync.until(reportId, (doc) => covers(doc, stateVector), waitMs);
  if (arrived === null) return refuse('not_found');
  return arrived ? done(null) : refuse('conflict', 'stateVector');
}

/** An id that a repeated command gets again: 82 bits of a digest, as ids of ours look. */
export function idFor(what: string, where: string, actor: Actor, key: string): string {
  const digest = createHash('sha256').update([what, where, actor.userId, key].join('\0')).digest('hex');
  return BigInt(`0x${digest}`).toString(36).slice(0, 16);
}

function decodeStateVector(encoded: string): Map<number, number> | null {
  try {
    return Y.decodeStateVector(fromBase64(encoded));
  } catch {
    // Whatever lib0 throws on what is no state vector, it is none.
    return null;
  }
}

/** Whether a document has all that a state vector has. */
function covers(doc: Y.Doc, stateVector: ReadonlyMap<number, number>): boolean {
  return [...stateVector].every(([client, clock]) => Y.getState(doc.store, client) >= clock);
}
