/**
 * The workspace from a terminal. What changes it does so while no server runs on its data directory.
 *
 * usage: npm run cli -- <command> [options]; `--help` lists the commands. Results go to standard output,
 * everything else to standard error; the exit code is 0, or 1 when the command was refused.
 */
import { explainBackup } from './backup/explain.ts';
import { backupCommand } from './cli/backup.ts';
import { checkCommand } from './cli/check.ts';
import { exportCommand } from './cli/export.ts';
import { restoreCommand } from './cli/restore.ts';
import { setUpCommand } from './cli/setup.ts';
import { userCommand } from './cli/user.ts';
import { UsageError, type Command } from './cli/command.ts';
import { explain } from './start-errors.ts';

/** One entry for each command. */
const COMMANDS: Record<string, Command> = {
  setup: setUpCommand,
  user: userCommand,
  check: checkCommand,
  backup: backupCommand,
  restore: restoreCommand,
  export: exportCommand,
};

function help(): string {
  const lines = Object.values(COMMANDS).flatMap(({ usage }) => usage);
  return [
    '用法 usage: npm run cli -- <command> [options]',
    '',
    ...lines.map(([form, what]) => `  ${form}\n      ${what}`),
    '',
    '数据目录由 HUIGAO_DATA 指定（默认 ./data）。HUIGAO_DATA names the data directory (./data).',
    '',
  ].join('\n');
}

async function main(args: readonly string[]): Promise<number> {
  const [name, ...rest] = args;
  if (name === undefined || args.includes('--help') || args.includes('-h')) {
    process.stdout.write(help());
    return name === undefined ? 1 : 0;
  }
  const command = COMMANDS[name];
  if (command === undefined) throw new UsageError(`没有这个命令 no such command: ${name}`);
  return command.run(rest);
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  const message =
    error instanceof UsageError ? `${error.message}\n\n${help()}` : (explainBackup(error) ?? explain(error));
  if (message === null) throw error;
  process.stderr.write(`${message}\n`);
  process.exitCode = 1;
}
