/** Whether the process should be sent visitors: its database can be written, and it is not stopping. */
import type { Kysely } from 'kysely';
import type { Database } from './store/tables.ts';

export type Readiness = { ready: true } | { ready: false; reason: 'draining' | 'not_storing' };

/** A written probe is believed for so long, in milliseconds: anyone may ask, as often as they like. */
const BELIEVED_MS = 2_000;
/** A probe that takes longer has failed, in milliseconds. */
const PATIENCE_MS = 2_000;

export interface ReadinessOptions {
  db: Kysely<Database>;
  now: () => Date;
  isDraining: () => boolean;
  /** Whether edits are being written, as far as the sync server knows. */
  isStoring: () => boolean;
}

/** Answers how ready the process is; several who ask at once share one probe. */
export function createReadiness(options: ReadinessOptions): () => Promise<Readiness> {
  const { db, now, isDraining, isStoring } = options;
  let probe: Promise<boolean> | null = null;
  let probedAt = -Infinity;

  async function write(): Promise<boolean> {
    const at = now().toISOString();
    try {
      await db
        .insertInto('heartbeat')
        .values({ id: 1, at })
        .onConflict((conflict) => conflict.column('id').doUpdateSet({ at }))
        .execute();
      return true;
    } catch {
      // Whatever the reason, which whoever has something to write logs: it cannot be written.
      return false;
    }
  }

  function isWritable(): Promise<boolean> {
    const time = now().getTime();
    if (probe !== null && time - probedAt < BELIEVED_MS) return probe;
    probedAt = time;
    const { promise: late, resolve } = Promise.withResolvers<boolean>();
    const timer = setTimeout(() => resolve(false), PATIENCE_MS);
    probe = Promise.race([write(), late]).finally(() => clearTimeout(timer));
    return probe;
  }

  return async () => {
    if (isDraining()) return { ready: false, reason: 'draining' };
    if (!isStoring() || !(await isWritable())) return { ready: false, reason: 'not_storing' };
    return { ready: true };
  };
}
