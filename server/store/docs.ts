/**
 * What the sync server needs of storage: one document is (snapshot, log), each log row has a gapless
 * sequence number, and rights are part of every commit. Every implementation passes `docs.contract.ts`.
 */
import type { AuthorshipRun } from '#lib/review/authorship.ts';

export type DocKind = 'content' | 'review';

/** One row of a document's log. */
export interface LoggedUpdate {
  seq: number;
  /** null: written by nobody, as a template's text is. */
  userId: string | null;
  /** The department its author is in now. */
  departmentId: string | null;
  at: string;
  bytes: Uint8Array;
}

/** The records of who wrote what, as far as they were brought. */
export interface StoredAuthorship {
  seq: number;
  pool: string | null;
  runs: AuthorshipRun[];
}

/** A document as stored. Its content is `base` with `rows` applied in order. */
export interface StoredDoc {
  id: string;
  reportId: string;
  kind: DocKind;
  headSeq: number;
  epoch: number;
  /** When it was restored from a backup last; null: never. */
  restoredAt: string | null;
  accessEpoch: number;
  logBytes: number;
  snapBytes: number;
  /** The newest readable snapshot that no projection is behind of; null: the log holds everything. */
  base: { seq: number; bytes: Uint8Array } | null;
  /** Every row after the base up to headSeq, in order. */
  rows: LoggedUpdate[];
  authorship: StoredAuthorship;
  /** The Yjs client ids of each user: who may go on under them. Ids that are not here are nobody's. */
  owners: ReadonlyMap<string, readonly number[]>;
  /** The report's title and the sequence number it was read at. */
  title: string;
  titleSeq: number;
}

/** One update to be committed. */
export interface NewUpdate {
  /** null: the server's own, in nobody's name. */
  userId: string | null;
  bytes: Uint8Array;
  /** Yjs client ids that nobody has and that are its user's from now on. */
  claims: readonly number[];
  /** The key of the command that it carries out, which the user has not used on this document before. */
  key?: string | null;
}

/** Updates of one document to be committed together. */
export interface DocBatch {
  docId: string;
  epoch: number;
  accessEpoch: number;
  at: string;
  updates: NewUpdate[];
  /** A change of the report's other document, which is written if and only if these are. */
  also?: { docId: string; update: NewUpdate } | null;
}

/** How a document stands after a commit. */
export interface CommittedSizes {
  lastSeq: number;
  logBytes: number;
  snapBytes: number;
}

export type DocCommit =
  | (CommittedSizes & { state: 'committed'; firstSeq: number; also: CommittedSizes | null })
  /** Rights changed since the batch was judged: nothing of it was written. */
  | { state: 'stale'; accessEpoch: number }
  /** The document is not there any more, or was restored from a backup: nothing was written. */
  | { state: 'gone' };

/** What the projections of a document have to write, all of it as of `seq`. */
export interface Projection {
  seq: number;
  title: string | null;
  /** Records that changed; those that begin at the same clock are replaced. `pool` null: unchanged. */
  authorship: { runs: AuthorshipRun[]; pool: string | null };
}

/**
 * Nothing could be written now, but later it may: the disk is full or failing, or somebody holds the database.
 * `cause` is the store's own error. Whatever else a store throws is about what was to be written.
 */
export class NotNowError extends Error {
  constructor(cause: unknown) {
    super('the store cannot write now', { cause });
    this.name = 'NotNowError';
  }
}

export interface DocStore {
  /** Null: there is no such document. Throws when it cannot be read: then nothing may be served. */
  load(reportId: string, kind: DocKind): Promise<StoredDoc | null>;
  /**
   * All batches in one durable transaction, with the claims they bring; answers each in its place. Throws
   * when nothing was written: {@link NotNowError}, or what is wrong with them, as when a claimed id is
   * somebody's or a command's key was used.
   */
  commit(batches: readonly DocBatch[]): Promise<DocCommit[]>;
  /** Writes something durably, and takes it away again. Throws {@link NotNowError} while it cannot. */
  probe(): Promise<void>;
  /** Whether a user's command with this key was committed. */
  hasCommand(docId: string, userId: string, key: string): Promise<boolean>;
  project(docId: string, projection: Projection): Promise<void>;
  /**
   * Replaces the log by a snapshot that decodes to the same document. Keeps the last two snapshots and
   * one a day, and every row after the older of the two; forgets the keys of commands that are older than
   * thirty days. Answers the sizes afterwards; null: there was nothing to do.
   */
  compact(docId: string, at: string): Promise<{ logBytes: number; snapBytes: number } | null>;
  /**
   * To be called on what was restored from a backup, before it is served: gives every document an epoch that
   * it never had, and makes all client ids nobody's, since the browsers' newer text went on under them.
   */
  raiseEpochs(at: string): Promise<void>;
}

/**
 * The epoch of a document restored at a moment: the second it was restored in, so that a backup that is
 * restored twice gives two.
 */
export function epochAfter(epoch: number, at: string): number {
  return Math.max(epoch + 1, Math.floor(Date.parse(at) / 1000));
}

/** Below this a log is left alone, in bytes. */
const SMALL_LOG = 64 * 1024;

/** Whether a document's log has outgrown its snapshot: then an edit costs O(edit) and opening O(document). */
export function needsCompaction({ logBytes, snapBytes }: { logBytes: number; snapBytes: number }): boolean {
  return logBytes > Math.max(SMALL_LOG, snapBytes);
}

/** The same for a document that nobody has open: a shorter log is worth the work, as opening it reads all of it. */
export function isWorthCompacting({ logBytes, snapBytes }: { logBytes: number; snapBytes: number }): boolean {
  return logBytes > Math.max(SMALL_LOG / 8, snapBytes / 4);
}

/** So many days a command that is sent again, as by a browser that was offline, is known again. */
const KEYS_KEPT = 30;

/** Keys of commands carried out before this moment are forgotten at `at`. */
export function keysKeptFrom(at: string): string {
  return new Date(Date.parse(at) - KEYS_KEPT * 24 * 60 * 60 * 1000).toISOString();
}

/** Which snapshots may go: all but the last two and the last of each day. Given oldest first. */
export function superfluousSnapshots(snapshots: readonly { seq: number; at: string }[]): number[] {
  return snapshots
    .slice(0, -2)
    .filter(({ at }, index) => snapshots[index + 1]?.at.slice(0, 10) === at.slice(0, 10))
    .map(({ seq }) => seq);
}
