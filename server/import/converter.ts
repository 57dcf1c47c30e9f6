/** Converts files in threads of their own, one file after another, each within a time and a memory. */
import { Worker } from 'node:worker_threads';
import type { ImportResult } from '#lib/import/imported.ts';
import { oneAtATime } from '../oneatatime.ts';
import type { ImportTask } from './worker.ts';

/** How long a file may take, in milliseconds. */
const MAX_TIME = 30_000;
/** What its thread may hold, in MB. */
const MAX_HEAP = 768;
/** How many may wait their turn. */
const MAX_WAITING = 20;

export interface Converter {
  /** Null: too many are waiting. */
  convert(task: ImportTask): Promise<ImportResult | null>;
  /** Ends what is under way. */
  close(): Promise<void>;
}

export interface ConverterLimits {
  /** In milliseconds. */
  time: number;
  /** In MB. */
  heap: number;
}

export function createConverter(limits: ConverterLimits = { time: MAX_TIME, heap: MAX_HEAP }): Converter {
  const alone = oneAtATime();
  let waiting = 0;
  let running: Worker | null = null;
  let isClosed = false;

  async function run(task: ImportTask): Promise<ImportResult> {
    if (isClosed) throw new Error('an import after the server was closed');
    const worker = new Worker(new URL('./worker.ts', import.meta.url), {
      workerData: task,
      resourceLimits: { maxOldGenerationSizeMb: limits.heap },
    });
    running = worker;
    try {
      return await answerOf(worker, limits.time);
    } finally {
      running = null;
      await worker.terminate();
    }
  }

  return {
    async convert(task) {
      if (waiting >= MAX_WAITING) return null;
      waiting += 1;
      try {
        return await alone(() => run(task));
      } finally {
        waiting -= 1;
      }
    },
    async close() {
      isClosed = true;
      await running?.terminate();
      await alone(async () => {});
    },
  };
}

/** What the thread answers; `tooComplex` when it takes too long or too much. */
function answerOf(worker: Worker, time: number): Promise<ImportResult> {
  return new Promise((resolve, reject) => {
    const tooComplex = () => resolve({ ok: false, fault: 'tooComplex' });
    const timer = setTimeout(tooComplex, time);
    worker.once('message', (answer: ImportResult) => resolve(answer));
    worker.once('error', (error: NodeJS.ErrnoException) => {
      const isTooMuch = error.code === 'ERR_WORKER_OUT_OF_MEMORY' || error instanceof RangeError;
      if (isTooMuch) tooComplex();
      else reject(error);
    });
    worker.once('exit', (code) => {
      clearTimeout(timer);
      reject(new Error(`the thread of an import ended with ${code}`));
    });
  });
}
