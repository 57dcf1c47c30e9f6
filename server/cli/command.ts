import { parseArgs, type ParseArgsConfig } from 'node:util';
import type { App } from '../app.ts';
import { readConfig } from '../config.ts';
import type { Refusal } from '../outcome.ts';

/** A subcommand of the CLI. */
export interface Command {
  /** Lines of the help: the form of a call, and what it does. */
  usage: readonly (readonly [string, string])[];
  /** Answers the exit code. Throws {@link UsageError}. */
  run(args: readonly string[]): Promise<number>;
}

/** The command was written wrongly; the help is shown. */
export class UsageError extends Error {}

type Options = NonNullable<ParseArgsConfig['options']>;

/** Node's own parser, strict; throws {@link UsageError}. */
export function parse<T extends Options>(args: readonly string[], options: T) {
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true, strict: true });
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

/** Opens the app on the data directory, which no server may hold meanwhile, and closes it afterwards. */
export async function withApp<T>(use: (app: App) => Promise<T>): Promise<T> {
  process.env['LOG_LEVEL'] ??= 'warn';
  // Most of the program: a backup each night needs none of it.
  const { openApp } = await import('../app.ts');
  const app = await openApp(readConfig(process.env));
  try {
    return await use(app);
  } finally {
    await app.close();
  }
}

export function print(value: unknown): void {
  process.stdout.write(`${JSON.stringify(value, null, 2)}\n`);
}

const REFUSALS: Partial<Record<Refusal['code'], string>> = {
  already_set_up:
    '该数据目录已有工作区，未作改动。This data directory already holds a workspace; nothing was changed.',
  invalid: '有一项内容不符合要求 not acceptable',
  conflict: '已被占用 already taken',
  not_found: '没有找到 not found',
};

/** Says on standard error why nothing was done; answers the exit code. */
export function refused({ code, detail }: Refusal): number {
  process.stderr.write(`${REFUSALS[code] ?? code}${detail === undefined ? '' : `: ${detail}`}\n`);
  return 1;
}

/** The first line of standard input, without its end: a password must not stand in the command line. */
export async function readLine(): Promise<string> {
  let text = '';
  for await (const chunk of process.stdin.setEncoding('utf8')) text += String(chunk);
  return text.split(/\r?\n/)[0] ?? '';
}
