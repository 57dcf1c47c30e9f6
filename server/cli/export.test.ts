import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { BackupError } from '../backup/errors.ts';
import { textOf } from '../publications/testing.ts';
import { createReport } from '../reports/create.ts';
import { openCounty, PEOPLE, type County } from '../reports/testing.ts';
import { valueOf } from '../review/testing.ts';
import { UsageError } from './command.ts';
import { exportCommand } from './export.ts';

let county: County;
let id: string;
beforeAll(async () => {
  county = await openCounty();
  const content = textOf('水利综述', '新建水库12座。');
  const input = { from: 'content', content, title: null } as const;
  id = valueOf(await createReport(county.events, PEOPLE.chen, input, new Date('2024-03-01T08:00:00Z'))).id;
  // The command opens it itself.
  await county.store.close();
  vi.stubEnv('HUIGAO_DATA', county.dir);
  vi.stubEnv('LOG_LEVEL', 'silent');
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await rm(county.dir, { recursive: true });
});

/** Runs the command; answers its exit code and what the terminal shows. */
async function run(...args: string[]) {
  const shown = { stdout: '', stderr: '' };
  const spies = (['stdout', 'stderr'] as const).map((name) =>
    vi.spyOn(process[name], 'write').mockImplementation((chunk) => {
      shown[name] += typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString('utf8');
      return true;
    }),
  );
  try {
    return { status: await exportCommand.run(args), ...shown };
  } finally {
    for (const spy of spies) spy.mockRestore();
  }
}

test('a report leaves by the terminal, into a file that is not there yet or to standard output', async () => {
  const file = join(county.dir, '综述.html');
  const { status, stdout, stderr } = await run(id, '-o', file);
  expect([status, stderr]).toEqual([0, '']);
  expect(stdout).toContain(file);
  expect(await readFile(file, 'utf8')).toContain('新建水库12座');
  expect(await run(id, '--format', 'text', '-o', '-')).toMatchObject({
    status: 0,
    stdout: expect.stringMatching(/^水利综述\n/),
  });
  await writeFile(file, '别人的');
  await expect(run(id, '-o', file)).rejects.toThrow(BackupError);
  expect(await readFile(file, 'utf8')).toBe('别人的');
});

test('what is not there, an unknown format and a call without a file are refused', async () => {
  for (const report of ['100001', 'nowhere']) {
    expect(await run(report, '-o', '-')).toMatchObject({
      status: 1,
      stdout: '',
      stderr: expect.stringContaining('没有找到'),
    });
  }
  await expect(run(id, '--format', 'rtf', '-o', '-')).rejects.toThrow(UsageError);
  await expect(run(id)).rejects.toThrow(UsageError);
});
