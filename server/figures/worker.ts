/** A thread that checks one report and ends. */
import { parentPort, workerData } from 'node:worker_threads';
import { checkReport } from '#lib/figures/check.ts';
import type { CheckedReport } from '#lib/figures/figure.ts';

if (parentPort === null) throw new Error('server/figures/worker.ts runs as a worker thread only');
parentPort.postMessage(checkReport(workerData as CheckedReport));
