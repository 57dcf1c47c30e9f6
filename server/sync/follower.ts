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
