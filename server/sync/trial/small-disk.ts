/** A disk that is really full: a small file system in memory, where this process may mount one. */
import { spawnSync } from 'node:child_process';
import { closeSync, openSync, writeSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Room for a small database, its log, and a while of typing, in bytes. */
const SIZE = 24 * 2 ** 20;

export interface SmallDisk {
  dir: string;
  /** Takes all that is left of it. */
  fill(): void;
  /** Gives it back. */
  empty(): Promise<void>;
  unmount(): Promise<void>;
}

/** Mounts a small disk, or says why that cannot be. */
export async function mountSmallDisk(): Promise<SmallDisk | string> {
  const dir = await mkdtemp(join(tmpdir(), 'huigao-disk-'));
  const run = (command: string, ...args: string[]) => {
    const { status, error, stderr } = spawnSync(command, args, { encoding: 'utf8' });
    return status === 0 ? null : (error?.message ?? stderr).trim() || `${command} ended with ${status}`;
  };
  const refused = run('mount', '-t', 'tmpfs', '-o', `size=${SIZE}`, 'tmpfs', dir);
  if (refused !== null) {
    await rm(dir, { recursive: true });
    return refused;
  }
  const ballast = join(dir, 'ballast');
  return {
    dir,
    fill() {
      const file = openSync(ballast, 'a');
      for (const size of [2 ** 20, 2 ** 12, 1]) takeAll(file, new Uint8Array(size).fill(1));
      closeSync(file);
    },
    empty: () => rm(ballast, { force: true }),
    async unmount() {
      const failed = run('umount', dir);
      if (failed !== null) throw new Error(failed);
      await rm(dir, { recursive: true });
    },
  };
}

function takeAll(file: number, bytes: Uint8Array): void {
  try {
    while (writeSync(file, bytes) === bytes.length);
  } catch (error) {
    if ((error as { code?: string }).code !== 'ENOSPC') throw error;
  }
}
