/** What the two trials of the sync server have in common on the command line. */
import { inspect, parseArgs } from 'node:util';

/** `--name N` for each of the numbers given with what they are otherwise. Ends the process on anything else. */
export function numbersOf<K extends string>(numbers: Record<K, number>): Record<K, number> {
  const names = Object.keys(numbers) as K[];
  try {
    const { values } = parseArgs({
      options: Object.fromEntries(names.map((name) => [name, { type: 'string' as const }])),
    });
    for (const name of names) {
      const value = values[name];
      if (value === undefined) continue;
      if (!/^\d{1,9}$/.test(value)) throw new Error(`--${name} is a whole number, not ${value}`);
      numbers[name] = Number(value);
    }
    return numbers;
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exit(2);
  }
}

/** Runs a trial, says how it went, and ends the process: 1 when a promise was not kept. */
export async function trial(
  name: string,
  numbers: Record<string, number>,
  run: (say: (line: string) => void) => Promise<string>,
): Promise<void> {
  const began = Date.now();
  const seconds = () => `${Math.round((Date.now() - began) / 1000)} s`;
  const flags = Object.entries(numbers)
    .map(([flag, value]) => `--${flag} ${value}`)
    .join(' ');
  const say = (line: string) => void process.stdout.write(`${name}: ${line} (${seconds()})\n`);
  say(flags);
  try {
    say(await run(say));
  } catch (error) {
    process.stderr.write(`${name} FAILED: ${inspect(error)}\n`);
    process.stderr.write(`again: npm run ${name} -- ${flags}\n`);
    process.exit(1);
  }
}
