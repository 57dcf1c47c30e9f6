import { Worker } from 'node:worker_threads';
import type { DocStore } from '../docs.ts';
import type { CompactorAnswer, CompactorTask } from './compactor.ts';
import type { Connection } from './connection.ts';

/** Documents in the SQLite file that `connection` is open on. */
export function sqliteDocStore(connection: Connection, file: string): DocStore {
  return {
    load: (reportId, kind) => connection.request({ op: 'doc.load', reportId, kind }),
    commit: (batches) => connection.request({ op: 'doc.commit', batches }),
    project: (docId, projection) => connection.request({ op: 'doc.project', docId, projection }),
    raiseEpochs: (at) => connection.request({ op: 'doc.raiseEpochs', at }),
    async compact(docId, at) {
      const taken = await runCompactor({ file, docId });
      if (taken === null) return null;
      return connection.request({ op: 'doc.switch', docId, at, ...taken });
    },
  };
}

function runCompactor(task: CompactorTask): Promise<CompactorAnswer> {
  const worker = new Worker(new URL('./compactor.ts', import.meta.url), { workerData: task });
  return new Promise((resolve, reject) => {
    worker.once('message', resolve);
    worker.once('error', reject);
    worker.once('exit', (code) => reject(new Error(`the compactor ended with ${code}`)));
  });
}
