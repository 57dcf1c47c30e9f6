import { expect, test } from 'vitest';
import { runChaos } from './chaos.ts';

test('[R1] [R2] over fifty kills nothing that was acknowledged or shown is lost, and everybody agrees', async () => {
  const result = await runChaos({ kills: 50, seed: 20_240_301, say: () => {} });
  expect(result.kills).toBe(50);
  expect(result.acknowledged).toBe(result.edits);
}, 300_000);
