import { expect, test } from 'vitest';
import { runFuzz } from './fuzz.ts';

test('[R5] [R9] [R24] whatever hostile peers send, the process stays up and small, and the honest notice nothing', async () => {
  const result = await runFuzz({ messages: 5_000, seed: 20_240_301, say: () => {} });
  expect(result.messages).toBeGreaterThanOrEqual(5_000);
  // It was no siege of a closed door: some of what the hostile editor sent is what editors may do.
  expect(result.taken).toBeGreaterThan(100);
}, 300_000);
