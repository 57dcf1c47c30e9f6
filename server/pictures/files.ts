import { randomUUID } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { syncFolder, writeSynced } from '../disk.ts';
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

  return {
    async put(key, bytes) {
      const file = pictureFile(dir, key);
      const folder = dirname(file);
      const draft = join(temporary, randomUUID());
      try {
        await writeSynced(draft, bytes);
        await mkdir(folder, { recursive: true });
        await rename(draft, file);
      } catch (error) {
        await rm(draft, { force: true });
        throw error;
      }
      await syncFolder(folder);
      await syncFolder(dir);
    },
    async get(key) {
      const bytes = await readPictureFile(dir, key);
      // What the disk spoiled is not shown as if it were the picture; uploading it again mends it.
      return bytes !== null && sha256(bytes) === key ? bytes : null;
    },
    async delete(key) {
      await rm(pictureFile(dir, key), { force: true });
    },
    async list() {
      const entries = await readdir(dir, { recursive: true, withFileTypes: true });
      return entries
        .filter((entry) => entry.isFile() && PICTURE_KEY.test(entry.name))
        .map(({ name }) => name);
    },
  };
}

/** Where a picture's bytes are. */
export function pictureFile(dir: string, key: PictureKey): string {
  if (!PICTURE_KEY.test(key)) throw new Error(`not a picture's key: ${JSON.stringify(key)}`);
  return join(dir, key.slice(0, 2), key);
}

/** The bytes that are under a key now, whether or not they are what was put there; null: no file. */
export async function readPictureFile(dir: string, key: PictureKey): Promise<Uint8Array | null> {
  try {
    return await readFile(pictureFile(dir, key));
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw error;
  }
}
