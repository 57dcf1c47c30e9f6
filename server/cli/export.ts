import { rm, writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { isStorageFull } from '#lib/http/storage.ts';
import { FORMATS, isFormat, type Format } from '#lib/publish/formats.ts';
import { articleNumberIn } from '#lib/review/articlenumber.ts';
import type { App } from '../app.ts';
import { BackupError } from '../backup/errors.ts';
import { OPERATOR } from '../operator.ts';
import { done, refuse, type Outcome } from '../outcome.ts';
import { parse, refused, UsageError, withApp, type Command } from './command.ts';

const OPTIONS = {
  format: { type: 'string', default: 'html' },
  output: { type: 'string', short: 'o' },
} as const;

/** Stands for standard output. */
const STDOUT = '-';

interface Exported {
  bytes: Uint8Array;
  /** How much the document holds that the format does not let through. */
  leftOut: number;
}

/** An article as readers have it, by its number; else a report as it is now, by its id. */
async function read(app: App, report: string, format: Format): Promise<Outcome<Exported>> {
  const number = articleNumberIn(report);
  if (number !== null) {
    const rendered = await app.articles.rendered(number, format);
    return rendered === null ? refuse('not_found', report) : done({ bytes: rendered.bytes, leftOut: 0 });
  }
  const exported = await app.exportReport(OPERATOR, report, format);
  if (!exported.ok) return refuse(exported.code, report);
  const { body, leftOut, missingPictures } = exported.value;
  return done({ bytes: Buffer.from(body), leftOut: leftOut.length + missingPictures.length });
}

/** Writes a file that is not there yet, or nothing. Throws {@link BackupError}. */
async function write(file: string, bytes: Uint8Array): Promise<void> {
  try {
    await writeFile(file, bytes, { flag: 'wx' });
  } catch (error) {
    const code = String((error as { code?: unknown }).code ?? '');
    if (code === 'EEXIST') throw new BackupError('exists', file);
    await rm(file, { force: true });
    throw new BackupError(isStorageFull(error) ? 'full' : 'failed', file, code);
  }
}

export const exportCommand: Command = {
  usage: [
    [
      `export REPORT [--format ${FORMATS.join('|')}] -o FILE`,
      '导出稿件（编号）或已发布的文章（文章编号）；-o - 输出到终端。A report by its id, or an article by its number; -o - is standard output.',
    ],
  ],
  async run(args) {
    const { positionals, values } = parse(args, OPTIONS);
    const [report, ...rest] = positionals;
    const { format, output } = values;
    if (report === undefined || rest.length > 0 || output === undefined) {
      throw new UsageError('export REPORT --format FORMAT -o FILE');
    }
    if (!isFormat(format)) throw new UsageError(`--format: ${FORMATS.join(' | ')}`);
    const outcome = await withApp((app) => read(app, report, format));
    if (!outcome.ok) return refused(outcome);
    const { bytes, leftOut } = outcome.value;
    if (output === STDOUT) process.stdout.write(bytes);
    else {
      const file = resolve(output);
      await write(file, bytes);
      process.stdout.write(
        `已导出到 ${file}（${bytes.length} 字节）。Exported to ${file} (${bytes.length} bytes).\n`,
      );
    }
    if (leftOut > 0) {
      process.stderr.write(
        `有 ${leftOut} 处内容此格式不能导出，已略去。Left out, since no format lets it through: ${leftOut}.\n`,
      );
    }
    return 0;
  },
};
