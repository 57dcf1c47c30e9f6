/**
 * Sends the sync server what hostile peers would, while honest people work.
 *
 * usage: npm run fuzz [-- --messages N] [--seed S]
 */
import { BOUNDS, mib, runFuzz } from '#server/sync/trial/fuzz.ts';
import { numbersOf, trial } from './trial.ts';

const { messages, seed } = numbersOf({ messages: 100_000, seed: Date.now() % 1_000_000 });
await trial('fuzz', { messages, seed }, async (say) => {
  const done = await runFuzz({ messages, seed, say });
  const grown = (kind: 'heap' | 'rss') =>
    `${mib(done[kind].first)} → at most ${mib(done[kind].largest)} (bound: + ${mib(BOUNDS[kind])})`;
  return (
    `${done.messages} hostile messages in ${done.batches} batches on ${done.reports} reports, ${done.taken} of them ` +
    `taken as an editor's; the honest made ${done.edits} edits, all acknowledged, and have one text; ` +
    `heap ${grown('heap')}, RSS ${grown('rss')}; the store's check is clean`
  );
});
