import { join } from 'node:path';
import { checkHoldings, type CheckResult } from '../backup/check.ts';
import { holdingsOf, openBackup, openForReading } from '../backup/database.ts';
import { readConfig } from '../config.ts';
import { showCounts, showFaults } from './checked.ts';
import { parse, print, UsageError, type Command } from './command.ts';

const OPTIONS = { json: { type: 'boolean', default: false } } as const;

/** Reads the data directory beside whoever uses it. */
function checkDataDir(dir: string): Promise<CheckResult> {
  const db = openForReading(join(dir, 'huigao.db'));
  return checkHoldings(holdingsOf(db, join(dir, 'pictures'))).finally(() => db.close());
}

function checkBackup(file: string): Promise<CheckResult> {
  const db = openBackup(file);
  return checkHoldings(holdingsOf(db, null)).finally(() => db.close());
}

function show(result: CheckResult): void {
  showCounts(result);
  showFaults(result.faults, process.stdout);
  if (result.faults.length === 0) process.stdout.write('未发现问题。No faults.\n');
}

export const checkCommand: Command = {
  usage: [
    [
      'check [FILE] [--json]',
      '核对数据目录（可在服务运行时）或备份文件，列出问题。Checks the data, also while a server runs, or a backup.',
    ],
  ],
  async run(args) {
    const { positionals, values } = parse(args, OPTIONS);
    const [file, ...rest] = positionals;
    if (rest.length > 0) throw new UsageError(`check: ${rest.join(' ')}`);
    const result =
      file === undefined ? await checkDataDir(readConfig(process.env).dataDir) : await checkBackup(file);
    if (values.json) print(result);
    else show(result);
    return result.faults.length === 0 ? 0 : 1;
  },
};
