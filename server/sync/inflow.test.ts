import { expect, test } from 'vitest';
import { Inflow } from './inflow.ts';
import { LIMITS } from './limits.ts';

const limits = {
  frames: { perSecond: 10, burst: 5 },
  awareness: { perSecond: 2, burst: 2 },
  bytes: { perSecond: 1_000, burst: 10_000 },
};

test('[R21] a burst passes; what is beyond it waits for as long as it takes to fill', () => {
  const inflow = new Inflow(limits, 0);
  const waits = Array.from({ length: 7 }, () => inflow.take('update', 10, 0));
  expect(waits).toEqual([0, 0, 0, 0, 0, 100, 200]);
  expect(inflow.take('update', 10, 300)).toBe(0);
});

test('[R21] presence and bytes have buckets of their own', () => {
  const inflow = new Inflow(limits, 0);
  expect([1, 2, 3].map(() => inflow.take('awareness', 10, 0))).toEqual([0, 0, 500]);
  expect(inflow.take('update', 10, 500)).toBe(0);
  expect(inflow.take('step2', 12_000, 500)).toBeGreaterThan(2_000);
});

test('[R21] a clock that is set back neither fills nor empties', () => {
  const inflow = new Inflow(limits, 10_000);
  for (let frame = 0; frame < 6; frame++) inflow.take('update', 10, 10_000);
  expect(inflow.take('update', 10, 0)).toBe(200);
  expect(inflow.take('update', 10, 1_000)).toBe(0);
});

test('[R21] fast typing, the echo of a full room and the largest backlog are never held up', () => {
  const inflow = new Inflow(LIMITS.inflow, 0);
  expect(inflow.take('step1', 100, 0)).toBe(0);
  // What was written offline, as large as it may be.
  expect(inflow.take('step2', 8 * 1024 * 1024, 0)).toBe(0);
  // Ten minutes of thirty keys a second, each with a caret, and twenty frames of presence echoed.
  let waited = 0;
  for (let ms = 0; ms < 600_000; ms += 100) {
    for (let key = 0; key < 3; key++) waited += inflow.take('update', 60, ms);
    for (let frame = 0; frame < 5; frame++) waited += inflow.take('awareness', 10_000, ms);
  }
  expect(waited).toBe(0);
});
