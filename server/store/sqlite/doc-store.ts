import { Worker } from 'node:worker_threads';
import { NotNowError, type DocCommit, type DocStore } from '../docs.ts';
import type { CompactorAnswer, CompactorTask } from './compactor.ts';
import type { Connection } from './connection.ts';
import type { DocRequest } from './messages.ts';

/** Full, locked, failing disk: it may pass. */
const PASSING = /^SQLITE_(FULL|BUSY|LOCKED|IOERR|NOMEM|READONLY|CANTOPEN|PROTOCOL)/;

function asPort(error: unknown): unknown {
  const isPassing = error instanceof Error && 'code' in error && PASSING.test(String(error.code));
  return isPassing ? new NotNowError(error) : error;
}

/** Documents in the SQLite file that `connection` is open on. */
export function sqliteDocStore(connection: Connection, file: string): DocStore {
  /** A request that writes. */
  const write = async <T>(request: DocRequest): Promise<T> => {
    try {
      return await connection.request<T>(request);
    } catch (error) {
      throw asPort(error);
    }
  };
  return {
    load: (reportId, kind) => connection.request({ op: 'doc.load', reportId, kind }),
    commit: (batches) => write<DocCommit[]>({ op: 'doc.commit', batches }),
    probe: () => write<void>({ op: 'doc.probe' }),
    hasCommand: (docId, userId, key) => connection.request({ op: 'doc.hasCommand', docId, userId, key }),
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
