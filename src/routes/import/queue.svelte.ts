/** Files on their way to becoming reports, one after another. */
import type { ImportSummary } from '#lib/import/imported.ts';
import { sendFile } from './send.ts';

export type FileState =
  | { step: 'waiting' }
  /** `share` sent, 0 to 1. */
  | { step: 'sending'; share: number }
  | { step: 'reading' }
  | { step: 'done'; reportId: string; report: ImportSummary }
  | { step: 'failed'; message: string };

export class QueuedFile {
  readonly file: File;
  readonly key: number;
  state = $state.raw<FileState>({ step: 'waiting' });

  constructor(file: File, key: number) {
    this.file = file;
    this.key = key;
  }
}

export class ImportQueue {
  files = $state.raw<readonly QueuedFile[]>([]);
  /** 规范标点, for the files that are still to be sent. */
  punctuation = $state(false);
  isBusy = $state(false);
  #isStopped = false;
  #keys = 0;
  readonly #onimported: () => Promise<void>;

  /** @param onimported is called whenever a report was made */
  constructor(onimported: () => Promise<void>) {
    this.#onimported = onimported;
  }

  add(files: readonly File[]): void {
    this.files = [...this.files, ...files.map((file) => new QueuedFile(file, (this.#keys += 1)))];
    void this.#run();
  }

  again(file: QueuedFile): void {
    file.state = { step: 'waiting' };
    void this.#run();
  }

  /** What is on its way arrives; what waits is not sent. */
  stop(): void {
    this.#isStopped = true;
  }

  async #run(): Promise<void> {
    if (this.isBusy) return;
    this.isBusy = true;
    for (let next = this.#next(); next !== undefined && !this.#isStopped; next = this.#next()) {
      await this.#send(next);
    }
    this.isBusy = false;
  }

  #next(): QueuedFile | undefined {
    return this.files.find(({ state }) => state.step === 'waiting');
  }

  async #send(one: QueuedFile): Promise<void> {
    one.state = { step: 'sending', share: 0 };
    const sent = await sendFile(one.file, this.punctuation, (share) => {
      one.state = share < 1 ? { step: 'sending', share } : { step: 'reading' };
    });
    if (!sent.ok) {
      one.state = { step: 'failed', message: sent.message };
      return;
    }
    one.state = { step: 'done', reportId: sent.reportId, report: sent.report };
    await this.#onimported();
  }
}
