/**
 * How a restored workspace takes the place of what is in a data directory. It is built in a folder of
 * its own; renaming that folder decides. From then on only renames are left, each of which may be the
 * last before a crash: whoever opens the directory next, holding its lock, goes on where it stopped.
 *
 *   restoring       being built: forgotten
 *   restored-<id>   decided: what is there is moved to replaced-<id>
 *   placing-<id>    what is in it is moved to its place
 */
import { mkdir, readdir, rename, rm, rmdir } from 'node:fs/promises';
import { join } from 'node:path';
import { syncFolder } from '../disk.ts';

export const DRAFT = 'restoring';
const DECIDED = 'restored-';
const PLACING = 'placing-';
const REPLACED = 'replaced-';

/** What makes up a workspace. Pictures first: a folder may be what cannot be moved. */
const PARTS = ['pictures', 'huigao.db', 'huigao.db-wal', 'huigao.db-shm'];

/**
 * Puts what was built in {@link DRAFT}, and synced, in the place of what is there. `id` must be new.
 * Answers where that was moved; null: there was nothing.
 */
export async function switchTo(dir: string, id: string): Promise<string | null> {
  await rename(join(dir, DRAFT), join(dir, DECIDED + id));
  await finishSwitch(dir);
  return (await readdir(dir)).includes(REPLACED + id) ? join(dir, REPLACED + id) : null;
}

/** Ends what a crash interrupted. The caller holds the directory's lock. */
export async function finishSwitch(dir: string): Promise<void> {
  const names = await readdir(dir);
  if (names.includes(DRAFT)) await rm(join(dir, DRAFT), { recursive: true });
  for (const name of names) {
    if (name.startsWith(DECIDED)) await clear(dir, name.slice(DECIDED.length));
  }
  for (const name of await readdir(dir)) {
    if (name.startsWith(PLACING)) await place(dir, name);
  }
}

async function clear(dir: string, id: string): Promise<void> {
  await syncFolder(dir);
  const present = await readdir(dir);
  const old = PARTS.filter((part) => present.includes(part));
  if (old.length > 0) await moveAll(dir, old, join(dir, REPLACED + id));
  await rename(join(dir, DECIDED + id), join(dir, PLACING + id));
  await syncFolder(dir);
}

async function moveAll(from: string, names: readonly string[], to: string): Promise<void> {
  await mkdir(to, { recursive: true, mode: 0o700 });
  for (const name of names) await rename(join(from, name), join(to, name));
  await syncFolder(to);
  await syncFolder(from);
}

async function place(dir: string, placing: string): Promise<void> {
  const from = join(dir, placing);
  await moveAll(from, await readdir(from), dir);
  await rmdir(from);
  await syncFolder(dir);
}
