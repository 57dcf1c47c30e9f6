/**
 * Group commit: while one commit is in flight everything queues, and the next takes the whole queue, over
 * all documents, in one durable transaction. When the process is busy the next one waits a little, so that
 * it takes more. What could not be written is tried again until it is.
 */
import { NotNowError, type DocBatch, type DocCommit, type DocStore } from '../store/docs.ts';
import { Pace } from './pace.ts';

/** Whoever has updates to commit. */
export interface Journal {
  /** What to commit now; null: nothing. It stays the journal's until {@link Journal.settle}. */
  take(): DocBatch | null;
  settle(commit: DocCommit): void;
  /** The batch could not be written now: it is the journal's again, to be taken another time. */
  takeBack(): void;
  /** The batch cannot be written, now or later. Nothing of it was. */
  fail(error: unknown): void;
}

export interface WriterOptions {
  docs: Pick<DocStore, 'commit' | 'probe'>;
  /** Milliseconds of a clock that only goes forward. */
  clock: () => number;
  /** Waits so many milliseconds; 0: until what has arrived by now is taken in. */
  wait: (ms: number) => Promise<void>;
  /** Called when writing begins to fail, with the reason, and with null when it works again. */
  onStalled: (reason: unknown) => void;
}

const FIRST_WAIT_MS = 100;
const LAST_WAIT_MS = 3_000;

export class Writer {
  readonly #options: WriterOptions;
  #waiting = new Set<Journal>();
  #running: Promise<void> | null = null;
  #isProbing = false;
  #isStalled = false;
  #isStopped = false;
  readonly #pace = new Pace();
  /** Before the next try after a failure, in milliseconds. */
  #wait = FIRST_WAIT_MS;

  constructor(options: WriterOptions) {
    this.#options = options;
  }

  get isStalled(): boolean {
    return this.#isStalled;
  }

  /** The journal has something to commit. */
  wake(journal: Journal): void {
    this.#waiting.add(journal);
    this.#running ??= this.#run().finally(() => {
      this.#running = null;
      if (!this.#isStalled || this.#isProbing) return;
      this.#isProbing = true;
      void this.#probe().finally(() => (this.#isProbing = false));
    });
  }

  /** Resolves when all that was queued is committed, or given up after {@link stop}. */
  async idle(): Promise<void> {
    while (this.#running !== null) await this.#running;
  }

  /** From now on a failed commit is not tried again. */
  stop(): void {
    this.#isStopped = true;
  }

  async #run(): Promise<void> {
    while (this.#waiting.size > 0) {
      await this.#options.wait(this.#isStopped ? 0 : this.#pace.pause(this.#options.clock()));
      const journals: Journal[] = [];
      const batches: DocBatch[] = [];
      for (const journal of this.#waiting) {
        const batch = journal.take();
        if (batch === null) continue;
        journals.push(journal);
        batches.push(batch);
      }
      this.#waiting = new Set();
      if (batches.length > 0) await this.#commit(journals, batches);
    }
  }

  async #commit(journals: Journal[], batches: DocBatch[]): Promise<void> {
    const updates = batches.reduce((sum, batch) => sum + batch.updates.length, 0);
    this.#pace.begin(this.#options.clock(), updates);
    let commits: DocCommit[];
    try {
      commits = await this.#options.docs.commit(batches);
    } catch (error) {
      return this.#failed(journals, batches, error);
    }
    this.#setStalled(null);
    journals.forEach((journal, index) => {
      const commit = commits[index];
      if (commit === undefined) throw new Error('the store answered fewer commits than it was given');
      journal.settle(commit);
    });
  }

  async #failed(journals: Journal[], batches: DocBatch[], error: unknown): Promise<void> {
    if (!(error instanceof NotNowError) || this.#isStopped) return this.#commitEach(journals, batches, error);
    this.#setStalled(error);
    for (const journal of journals) {
      journal.takeBack();
      this.#waiting.add(journal);
    }
    await this.#backOff();
  }

  async #backOff(): Promise<void> {
    const wait = this.#wait;
    this.#wait = Math.min(2 * wait, LAST_WAIT_MS);
    await this.#options.wait(wait);
  }

  /** Writing failed and nothing waits to be tried again: sees when it works. */
  async #probe(): Promise<void> {
    const isDue = () => this.#isStalled && !this.#isStopped && this.#running === null;
    while (isDue()) {
      await this.#backOff();
      if (!isDue()) return;
      try {
        await this.#options.docs.probe();
        if (isDue()) this.#setStalled(null);
      } catch (error) {
        if (!(error instanceof NotNowError)) return this.#options.onStalled(error);
      }
    }
  }

  /** One batch spoils the transaction for all: the others must not suffer. */
  async #commitEach(journals: Journal[], batches: DocBatch[], error: unknown): Promise<void> {
    if (journals.length <= 1) return journals.forEach((journal) => journal.fail(error));
    for (const [index, journal] of journals.entries()) {
      const batch = batches[index];
      if (batch !== undefined) await this.#commit([journal], [batch]);
    }
  }

  #setStalled(reason: unknown): void {
    const isStalled = reason !== null;
    if (!isStalled) this.#wait = FIRST_WAIT_MS;
    if (isStalled === this.#isStalled) return;
    this.#isStalled = isStalled;
    this.#options.onStalled(reason);
  }
}
