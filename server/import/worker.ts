/** A thread that converts one file and ends: whatever the file does to it, the server goes on. */
import { parentPort, workerData } from 'node:worker_threads';
import type { ImportOptions } from '#lib/import/imported.ts';
import { convertFile } from './convert.ts';

export interface ImportTask {
  fileName: string;
  bytes: Uint8Array;
  options: ImportOptions;
}

const port = parentPort;
if (port === null) throw new Error('server/import/worker.ts runs as a worker thread only');

const { fileName, bytes, options } = workerData as ImportTask;
port.postMessage(await convertFile(fileName, bytes, options));
