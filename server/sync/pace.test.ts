import { expect, test } from 'vitest';
import { Pace } from './pace.ts';

/** Commits for so long at so many updates a second, as often as the pace lets; answers the last pause. */
function keepUp(pace: Pace, from: number, seconds: number, rate: number): { now: number; pause: number } {
  let now = from;
  let pause = 0;
  const until = from + seconds * 1000;
  while (now < until) {
    const begun = now;
    pause = pace.pause(now);
    now += Math.max(pause, 1000 / rate);
    pace.begin(now, ((now - begun) * rate) / 1000);
  }
  return { now, pause: pace.pause(now) };
}

test('while the process is quiet no commit waits', () => {
  const pace = new Pace();
  expect(pace.pause(0)).toBe(0);
  expect(keepUp(pace, 0, 10, 150).pause).toBe(0);
});

test('commits keep 20 ms apart when the process is busy, and no more than that', () => {
  for (const rate of [700, 2_000, 50_000]) {
    const { pause } = keepUp(new Pace(), 0, 10, rate);
    expect(pause).toBeCloseTo(20, 0);
    expect(pause).toBeLessThanOrEqual(20);
  }
});

test('in between they keep the farther apart the more there is to do', () => {
  const [some, more] = [300, 500].map((rate) => keepUp(new Pace(), 0, 10, rate).pause);
  expect(some).toBeGreaterThan(0);
  expect(more).toBeGreaterThan(some ?? 0);
  expect(more).toBeLessThan(20);
});

test('one large commit makes nobody wait for long', () => {
  const pace = new Pace();
  pace.begin(0, 1);
  pace.begin(1_000, 5_000);
  expect(pace.pause(1_000)).toBeLessThanOrEqual(20);
  expect(keepUp(pace, 1_020, 3, 100).pause).toBe(0);
});

test('what comes after a rest is committed at once', () => {
  const pace = new Pace();
  const { now } = keepUp(pace, 0, 10, 5_000);
  expect(pace.pause(now + 20)).toBe(0);
  pace.begin(now + 60_000, 1);
  expect(pace.pause(now + 60_000)).toBe(0);
});
