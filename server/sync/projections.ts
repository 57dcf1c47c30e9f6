import type { Logger } from 'pino';
import { readTitle } from '#lib/report/title.ts';
import {
  isWorthCompacting,
  needsCompaction,
  type DocStore,
  type Projection,
  type StoredDoc,
} from '../store/docs.ts';
import type { Room } from './room.ts';

/** How long after an edit what is derived from it may be written, in milliseconds. */
const DELAY_MS = 1_000;
/** How long after that it is written again at the earliest, in milliseconds: each time is a commit of its own. */
const APART_MS = 2_000;

/**
 * Writes what is derived from a document – title, authorship – some time after the edits it comes from,
 * and has the log compacted when it has grown. Lost in a crash, it is derived again from the log.
 */
export class Projections {
  readonly #room: Room;
  readonly #docs: DocStore;
  readonly #log: Logger;
  readonly #now: () => Date;
  #isDirty: boolean;
  /** What could not be written yet; what came after it waits. */
  #unwritten: Projection | null = null;
  #timer: NodeJS.Timeout | null = null;
  #writing: Promise<void> | null = null;
  /** When something was written last, in milliseconds of the process. */
  #writtenAt = -Infinity;
  #canCompact = true;
  #isStopped = false;

  constructor(
    room: Room,
    stored: StoredDoc,
    { docs, log, now }: { docs: DocStore; log: Logger; now: () => Date },
  ) {
    this.#room = room;
    this.#docs = docs;
    this.#log = log;
    this.#now = now;
    const seen = Math.min(stored.authorship.seq, stored.titleSeq);
    this.#isDirty = room.kind === 'content' && seen < stored.headSeq;
    if (this.#isDirty || needsCompaction(stored)) this.touch();
  }

  /** Whether everything derived is written. */
  get isClean(): boolean {
    return !this.#isDirty && this.#unwritten === null && this.#writing === null;
  }

  /** Nobody has the document open any more: does what is left to do. Answers whether that is nothing. */
  rest(): boolean {
    if (this.#writing !== null) return false;
    if (!this.isClean) this.touch();
    else if (this.#canCompact && isWorthCompacting(this.#room.sizes)) {
      this.#writing = this.#compact().finally(() => (this.#writing = null));
    } else return true;
    return false;
  }

  /** The document changed. */
  touch(): void {
    if (this.#isStopped) return;
    this.#isDirty ||= this.#room.kind === 'content';
    this.#timer ??= setTimeout(() => void this.flush({ mayCompact: true }), this.#delay()).unref();
  }

  #delay(): number {
    const untilNext = this.#writtenAt + APART_MS - performance.now();
    return Math.max(DELAY_MS, untilNext);
  }

  /** Writes no more: the document is loaded anew, and derives it again. */
  stop(): void {
    this.#isStopped = true;
    if (this.#timer !== null) clearTimeout(this.#timer);
  }

  /** Writes what is due now; what fails is tried again later. Compaction can wait, when the process stops. */
  async flush({ mayCompact }: { mayCompact: boolean }): Promise<void> {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    while (this.#writing !== null) await this.#writing;
    this.#writing = this.#write(mayCompact).finally(() => (this.#writing = null));
    await this.#writing;
  }

  async #write(mayCompact: boolean): Promise<void> {
    try {
      if (this.#unwritten !== null || this.#isDirty) {
        this.#unwritten ??= this.#derive();
        await this.#docs.project(this.#room.docId, this.#unwritten);
        this.#writtenAt = performance.now();
        this.#unwritten = null;
        if (this.#isDirty) this.touch();
      }
      if (mayCompact && this.#canCompact && needsCompaction(this.#room.sizes)) await this.#compact();
    } catch (error) {
      this.#log.warn({ err: error, doc: this.#room.docId }, 'projections are not written yet');
      this.touch();
    }
  }

  #derive(): Projection {
    this.#isDirty = false;
    const { committed, seq } = this.#room;
    const authorship = committed.authorship?.takeChanges() ?? { runs: [], pool: null };
    // Also when it is the one written last: renaming writes it too, between two of ours.
    return { seq, title: readTitle(committed.doc), authorship };
  }

  async #compact(): Promise<void> {
    try {
      const sizes = await this.#docs.compact(this.#room.docId, this.#now().toISOString());
      // What was committed meanwhile is counted by the next commit.
      if (sizes !== null) this.#room.sizes = sizes;
    } catch (error) {
      // The log stays, so nothing is lost; it is tried again when the document is loaded the next time.
      this.#canCompact = false;
      this.#log.error({ err: error, doc: this.#room.docId }, 'a document could not be compacted');
    }
  }
}
