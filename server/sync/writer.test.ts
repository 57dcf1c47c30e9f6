import { expect, test } from 'vitest';
import type { DocBatch, DocCommit } from '../store/docs.ts';
import { Writer, type Journal } from './writer.ts';

/** A journal that holds what it is given until it is taken. */
class Notes implements Journal {
  readonly docId: string;
  settled = 0;
  #updates = 0;

  constructor(docId: string) {
    this.docId = docId;
  }

  note(updates: number): this {
    this.#updates += updates;
    return this;
  }

  take(): DocBatch | null {
    if (this.#updates === 0) return null;
    const update = { userId: 'wang', bytes: Uint8Array.of(0, 0), claims: [] };
    const updates = Array.from({ length: this.#updates }, () => update);
    this.#updates = 0;
    return { docId: this.docId, epoch: 1, accessEpoch: 1, at: '2026-01-01T00:00:00.000Z', updates };
  }

  settle(commit: DocCommit): void {
    if (commit.state === 'committed') this.settled++;
  }

  takeBack(): void {
    throw new Error('nothing fails here');
  }

  fail(error: unknown): void {
    throw error;
  }
}

/** A writer whose clock, pauses and commits are the test's. */
function openDesk() {
  let now = 0;
  const commits: { updates: Record<string, number>; answer: () => Promise<void> }[] = [];
  const pauses: { ms: number; end: () => Promise<void> }[] = [];
  /** All that follows from what was just resolved. */
  const settle = () => new Promise<void>((resolve) => setImmediate(resolve));
  const writer = new Writer({
    clock: () => now,
    wait(ms) {
      const { promise, resolve } = Promise.withResolvers<void>();
      const end = () => {
        now += ms;
        resolve();
        return settle();
      };
      pauses.push({ ms, end });
      return promise;
    },
    docs: {
      probe: () => Promise.resolve(),
      commit(batches) {
        const { promise, resolve } = Promise.withResolvers<DocCommit[]>();
        const answer = () => {
          resolve(
            batches.map(() => ({
              state: 'committed',
              firstSeq: 1,
              lastSeq: 1,
              logBytes: 0,
              snapBytes: 0,
              also: null,
            })),
          );
          return settle();
        };
        const updates = Object.fromEntries(batches.map(({ docId, updates }) => [docId, updates.length]));
        commits.push({ updates, answer });
        return promise;
      },
    },
    onStalled: () => {},
  });
  return { writer, commits, pauses, pass: (ms: number) => (now += ms) };
}

test('while the process is quiet what arrives is committed at once, and what arrives meanwhile right after', async () => {
  const { writer, commits, pauses } = openDesk();
  const [spring, autumn] = [new Notes('spring'), new Notes('autumn')];
  writer.wake(spring.note(1));
  await pauses[0]?.end();
  expect(commits.map(({ updates }) => updates)).toEqual([{ spring: 1 }]);
  writer.wake(spring.note(2));
  writer.wake(autumn.note(1));
  expect(commits).toHaveLength(1);
  await commits[0]?.answer();
  await pauses[1]?.end();
  expect(commits[1]?.updates).toEqual({ spring: 2, autumn: 1 });
  expect(pauses.map(({ ms }) => ms)).toEqual([0, 0]);
});

test('when it is busy the next commit waits, and takes along what arrives until then', async () => {
  const { writer, commits, pauses, pass } = openDesk();
  const [spring, autumn] = [new Notes('spring'), new Notes('autumn')];
  writer.wake(spring.note(1));
  await pauses[0]?.end();
  pass(10);
  writer.wake(spring.note(500));
  await commits[0]?.answer();
  await pauses[1]?.end();
  pass(3);
  writer.wake(spring.note(1));
  await commits[1]?.answer();
  expect(pauses[2]?.ms).toBe(17);
  writer.wake(autumn.note(4));
  await pauses[2]?.end();
  expect(commits.map(({ updates }) => updates)).toEqual([
    { spring: 1 },
    { spring: 500 },
    { spring: 1, autumn: 4 },
  ]);
  await commits[2]?.answer();
  expect([spring.settled, autumn.settled]).toEqual([3, 1]);
  await writer.idle();
});
