import { resolve } from 'node:path';
import { restoreBackup, type Restored } from '../backup/restore.ts';
import { readConfig } from '../config.ts';
import { showCounts, showFaults } from './checked.ts';
import { parse, print, UsageError, type Command } from './command.ts';
import { untilStopped } from './stopped.ts';

const OPTIONS = {
  replace: { type: 'boolean', default: false },
  'despite-faults': { type: 'boolean', default: false },
  json: { type: 'boolean', default: false },
} as const;

function show({ file, dataDir, workspace, madeAt, replaced, result }: Restored): void {
  process.stdout.write(
    `已从 ${file}（${madeAt} 备份）恢复“${workspace ?? ''}”到 ${dataDir}。\n` +
      `Restored from ${file}, made ${madeAt}, to ${dataDir}.\n`,
  );
  showCounts(result);
  showFaults(result.faults, process.stderr);
  if (replaced !== null) {
    process.stdout.write(
      `原有数据保留在 ${replaced}，确认无误后可删除。\nWhat was there is kept in ${replaced}.\n`,
    );
  }
  process.stdout.write(
    '启动服务后，所有人需重新登录；浏览器里尚未丢失的较新文字会自动补回。\n' +
      'Everybody signs in again; newer text that browsers still hold comes back by itself.\n',
  );
}

export const restoreCommand: Command = {
  usage: [
    [
      'restore FILE [--replace] [--despite-faults] [--json]',
      '把备份恢复到数据目录（服务须先停止）；--replace 把原有数据移到旁边。Puts a backup back; the server must be stopped.',
    ],
  ],
  async run(args) {
    const { positionals, values } = parse(args, OPTIONS);
    const [file, ...rest] = positionals;
    if (file === undefined || rest.length > 0) throw new UsageError('restore FILE');
    const { dataDir } = readConfig(process.env);
    const { replace, 'despite-faults': despiteFaults } = values;
    const outcome = await untilStopped(dataDir, (signal) =>
      restoreBackup({ dataDir, file: resolve(file), replace, despiteFaults, now: new Date(), signal }),
    );
    if (!outcome.ok) {
      if (values.json) print(outcome.result);
      else showFaults(outcome.result.faults, process.stderr);
      process.stderr.write(
        '备份有问题，数据目录未作改动。要照样恢复，请加 --despite-faults（数据库本身损坏的除外）。\n' +
          'The backup has faults and nothing was changed. --despite-faults takes it all the same, unless its database is damaged.\n',
      );
      return 1;
    }
    const { result, ...about } = outcome.value;
    if (values.json) print({ ...about, ...result });
    else show(outcome.value);
    return 0;
  },
};
