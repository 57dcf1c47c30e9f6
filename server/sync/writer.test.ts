import { expect, test } from 'vitest';
import type { DocBatch, DocCommit } from '../store/docs.ts';
import { Writer, type Journal } from './writer.ts';

const BATCH: DocBatch = { docId: 'doc', epoch: 1, accessEpoch: 1, at: '', updates: [] };
const COMMITTED: DocCommit = { state: 'committed', firstSeq: 1, lastSeq: 1, logBytes: 0, snapBytes: 0 };
const refusal = (code: string) => Object.assign(new Error(code), { code });

test('[R12] a full or locked database is tried again with growing pauses, and afresh once it takes something', async () => {
  const answers = [
    'SQLITE_FULL',
    'SQLITE_FULL',
    'SQLITE_BUSY',
    'SQLITE_IOERR_WRITE',
    'SQLITE_FULL',
    'SQLITE_FULL',
    'SQLITE_FULL',
    null,
    'SQLITE_BUSY',
    null,
  ];
  const pauses: number[] = [];
  const stalls: (string | null)[] = [];
  const writer = new Writer({
    docs: {
      async commit(batches) {
        const code = answers.shift() ?? null;
        if (code !== null) throw refusal(code);
        return batches.map(() => COMMITTED);
      },
    },
    async wait(ms) {
      if (ms >= 100) pauses.push(ms);
    },
    clock: () => 0,
    onStalled: (reason) => stalls.push(reason === null ? null : (reason as { code: string }).code),
  });
  const journal: Journal & { left: number; returned: number } = {
    left: 1,
    returned: 0,
    take: () => (journal.left > 0 ? BATCH : null),
    settle: () => void journal.left--,
    takeBack: () => void journal.returned++,
    fail: (error) => {
      throw error;
    },
  };
  writer.wake(journal);
  await writer.idle();
  expect(pauses).toEqual([100, 200, 400, 800, 1_600, 3_000, 3_000]);
  expect([journal.left, journal.returned]).toEqual([0, 7]);
  expect(stalls).toEqual(['SQLITE_FULL', null]);
  journal.left = 1;
  writer.wake(journal);
  await writer.idle();
  expect(pauses.slice(7)).toEqual([100]);
  expect(stalls).toEqual(['SQLITE_FULL', null, 'SQLITE_BUSY', null]);
});
