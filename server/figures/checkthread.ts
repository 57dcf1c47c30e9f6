/** Checking a report without keeping others waiting: a long one takes longer than an edit may. */
import { Worker } from 'node:worker_threads';
import { checkReport } from '#lib/figures/check.ts';
import type { CheckedReport, Finding } from '#lib/figures/figure.ts';
import { oneAtATime } from '../oneatatime.ts';

/** So much text is checked at once, in UTF-16 units: about 20 ms. More has a thread of its own. */
const AT_ONCE = 8_000;

/** After a start many reports may be behind; their threads must not take every core. */
const inTurn = oneAtATime();

export async function findingsOf(report: CheckedReport): Promise<Finding[]> {
  const length = report.blocks.reduce((sum, { text }) => sum + text.length, 0);
  return length <= AT_ONCE ? checkReport(report) : inTurn(() => inThread(report));
}

/** Rejects with what the thread throws. */
async function inThread(report: CheckedReport): Promise<Finding[]> {
  const worker = new Worker(new URL('./worker.ts', import.meta.url), { workerData: report });
  // A check that is under way keeps no server from ending: it is made again when the content is loaded.
  worker.unref();
  try {
    return await new Promise((resolve, reject) => {
      worker.once('message', resolve);
      worker.once('error', reject);
      worker.once('exit', (code) => reject(new Error(`the thread of a check ended with ${code}`)));
    });
  } finally {
    await worker.terminate();
  }
}
