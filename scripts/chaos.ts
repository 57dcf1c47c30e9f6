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
  const full =
    typeof done.full === 'number'
      ? `${done.full} times with a full disk`
      : `no full disk (none can be mounted here: ${done.full})`;
  return (
    `${done.kills} kills (${done.opening} of them while opening), ${done.terminations} stops by SIGTERM, ` +
    `${done.stops} by SIGSTOP, ${full}, ${done.cuts} cut connections, ${done.reloads} reloaded pages; ` +
    `${done.edits} edits, ${done.acknowledged} acknowledged, 0 lost; ` +
    `everybody has the server's text (${done.characters} characters); the store's check is clean`
  );
});
