/**
 * Kills the sync server again and again while people type, and looks for what it lost.
 *
 * usage: npm run chaos [-- --kills N] [--seed S]
 */
import { runChaos } from '#server/sync/trial/chaos.ts';
import { numbersOf, trial } from './trial.ts';

const { kills, seed } = numbersOf({ kills: 1_000, seed: Date.now() % 1_000_000 });
await trial('chaos', { kills, seed }, async (say) => {
  const done = await runChaos({ kills, seed, say });
  return (
    `${done.kills} kills (${done.opening} of them while opening), ${done.terminations} stops by SIGTERM, ` +
    `${done.stops} by SIGSTOP, ${done.cuts} cut connections, ${done.reloads} reloaded pages; ` +
    `${done.edits} edits, ${done.acknowledged} acknowledged, 0 lost; ` +
    `everybody has the server's text of ${done.characters} characters; the store's check is clean`
  );
});
