import { resolve } from 'node:path';
import { makeBackup, type BackupMade } from '../backup/backup.ts';
import { readConfig } from '../config.ts';
import { showCounts, showFaults } from './checked.ts';
import { parse, print, UsageError, type Command } from './command.ts';
import { untilStopped } from './stopped.ts';

const OPTIONS = { json: { type: 'boolean', default: false } } as const;

function show({ file, bytes, result }: BackupMade): void {
  process.stdout.write(`已备份到 ${file}（${bytes} 字节）。Backed up to ${file} (${bytes} bytes).\n`);
  showCounts(result);
  showFaults(result.faults, process.stderr);
  if (result.faults.length > 0) {
    process.stderr.write(
      '备份已保留。以上问题多半在原数据里，请运行 check 核对。\n' +
        'The backup is kept. The faults are most likely the data’s own: run check.\n',
    );
  }
}

export const backupCommand: Command = {
  usage: [
    [
      'backup FILE [--json]',
      '备份到一个文件（可在服务运行时），写成后自动核对。One file with everything, also while a server runs.',
    ],
  ],
  async run(args) {
    const { positionals, values } = parse(args, OPTIONS);
    const [file, ...rest] = positionals;
    if (file === undefined || rest.length > 0) throw new UsageError('backup FILE');
    const target = resolve(file);
    const made = await untilStopped(target, (signal) =>
      makeBackup({ dataDir: readConfig(process.env).dataDir, file: target, now: new Date(), signal }),
    );
    const { result, ...about } = made;
    if (values.json) print({ ...about, ...result });
    else show(made);
    return result.faults.length === 0 ? 0 : 1;
  },
};
