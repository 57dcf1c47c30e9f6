import { join } from 'node:path';
import { checkHoldings, type CheckResult } from '../backup/check.ts';
import { backupMadeAt, holdingsOf, openForReading } from '../backup/database.ts';
import { BackupError } from '../backup/errors.ts';
import { faultLine } from '../backup/explain.ts';
import { readConfig } from '../config.ts';
import { parse, print, UsageError, type Command } from './command.ts';

const OPTIONS = { json: { type: 'boolean', default: false } } as const;

/** Reads the data directory beside whoever uses it. */
function checkDataDir(dir: string): Promise<CheckResult> {
  const db = openForReading(join(dir, 'huigao.db'));
  return checkHoldings(holdingsOf(db, join(dir, 'pictures'))).finally(() => db.close());
}

async function checkFile(file: string): Promise<CheckResult> {
  const db = openForReading(file);
  try {
    if (backupMadeAt(db) === null) throw new BackupError('notBackup', file);
    return await checkHoldings(holdingsOf(db, null));
  } finally {
    db.close();
  }
}

function show({ people, reports, documents, rows, snapshots, pictures, faults }: CheckResult): void {
  const all = [`people ${people}`, `reports ${reports}`, `documents ${documents}`, `rows ${rows}`];
  process.stdout.write(`${[...all, `snapshots ${snapshots}`, `pictures ${pictures}`].join(', ')}\n`);
  for (const fault of faults) process.stdout.write(`${faultLine(fault)}\n`);
  process.stdout.write(
    faults.length === 0
      ? '未发现问题。No faults.\n'
      : `发现 ${faults.length} 处问题。${faults.length} faults.\n`,
  );
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
      file === undefined ? await checkDataDir(readConfig(process.env).dataDir) : await checkFile(file);
    if (values.json) print(result);
    else show(result);
    return result.faults.length === 0 ? 0 : 1;
  },
};
