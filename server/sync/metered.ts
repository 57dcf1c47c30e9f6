import type { DocStore } from '../store/docs.ts';
import type { Meter } from './meter.ts';

/** The same store, each call of it measured. */
export function meteredDocs(docs: DocStore, meter: Meter): DocStore {
  return {
    ...docs,
    async load(reportId, kind) {
      const begun = performance.now();
      const stored = await docs.load(reportId, kind);
      if (stored !== null) meter.loaded(performance.now() - begun);
      return stored;
    },
    async commit(batches) {
      const begun = performance.now();
      const commits = await docs.commit(batches);
      const updates = batches.reduce((sum, batch) => sum + batch.updates.length, 0);
      meter.committed(performance.now() - begun, updates);
      return commits;
    },
    async compact(docId, at) {
      try {
        const sizes = await docs.compact(docId, at);
        if (sizes !== null) meter.compacted('done');
        return sizes;
      } catch (error) {
        meter.compacted('failed');
        throw error;
      }
    },
  };
}
