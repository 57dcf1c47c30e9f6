import type * as Y from 'yjs';

/** A report's content while it is in memory, as its followers see it. Its doc holds committed state only. */
export interface Followed {
  readonly reportId: string;
  readonly doc: Y.Doc;
  /** The last committed sequence number. */
  seq(): number;
}

/**
 * Whoever derives something from a report's content beside what {@link file://./projections.ts} writes: it
 * listens to the doc, and may take its time to write.
 */
export interface Follower {
  /** Whether everything derived is written: until then the content stays in memory. */
  readonly isClean: boolean;
  /** Writes what is due now. Never rejects: what fails is tried again when called again. */
  flush(): Promise<void>;
  /** The content leaves memory. */
  stop(): void;
}

/** Several as one; they flush in this order, since a later one may read what an earlier one keeps. */
export function together(...followers: readonly Follower[]): Follower {
  return {
    get isClean() {
      return followers.every(({ isClean }) => isClean);
    },
    async flush() {
      for (const follower of followers) await follower.flush();
    },
    stop() {
      for (const follower of followers) follower.stop();
    },
  };
}
