import { randomUUID } from 'node:crypto';
import { mkdir, open, readdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { sha256 } from '../store/digest.ts';
import { PICTURE_KEY, type PictureKey, type PictureStore } from './store.ts';

/**
 * Pictures as files: `<dir>/ab/abcd…`. A file is written beside its place, synced, and renamed, so that
 * a file in its place is always whole. What a crash left half-written is removed on opening.
 */
export async function openFilePictures(dir: string): Promise<PictureStore> {
  const temporary = join(dir, 'tmp');
  await rm(temporary, { recursive: true, force: true });
  await mkdir(temporary, { recursive: true });

  const folderOf = (key: PictureKey) => {
    if (!PICTURE_KEY.test(key)) throw new Error(`not a picture's key: ${JSON.stringify(key)}`);
    return join(dir, key.slice(0, 2));
  };

  return {
    async put(key, bytes) {
      const folder = folderOf(key);
      const draft = join(temporary, randomUUID());
      try {
        await writeSynced(draft, bytes);
        await mkdir(folder, { recursive: true });
        await rename(draft, join(folder, key));
      } catch (error) {
        await rm(draft, { force: true });
        throw error;
      }
      await syncFolder(folder);
      await syncFolder(dir);
    },
    async get(key) {
      try {
        const bytes = await readFile(join(folderOf(key), key));
        // What the disk spoiled is not shown as if it were the picture; uploading it again mends it.
        return sha256(bytes) === key ? bytes : null;
      } catch (error) {
        if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
        throw error;
      }
    },
    async delete(key) {
      await rm(join(folderOf(key), key), { force: true });
    },
    async list() {
      const entries = await readdir(dir, { recursive: true, withFileTypes: true });
      return entries
        .filter((entry) => entry.isFile() && PICTURE_KEY.test(entry.name))
        .map(({ name }) => name);
    },
  };
}

async function writeSynced(file: string, bytes: Uint8Array): Promise<void> {
  const handle = await open(file, 'wx');
  try {
    await handle.writeFile(bytes);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** A rename is on disk only when its folder is. */
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
