import { createHash } from 'node:crypto';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openFilePictures } from './files.ts';
import type { PictureStore } from './store.ts';

const keyOf = (text: string) => createHash('sha256').update(text).digest('hex');
const bytesOf = (text: string) => new TextEncoder().encode(text);

/** What every store of pictures must do; `reopen` closes nothing and opens the same place once more. */
function pictureStoreContract(open: (dir: string) => Promise<PictureStore>) {
  let dir: string;
  let store: PictureStore;
  beforeEach(async () => {
    dir = await mkdtemp(join(tmpdir(), 'huigao-pictures-'));
    store = await open(dir);
  });
  afterEach(() => rm(dir, { recursive: true, force: true }));

  test('what was put is there, and still after opening anew', async () => {
    await store.put(keyOf('a'), bytesOf('a'));
    expect(await store.get(keyOf('a'))).toEqual(Buffer.from('a'));
    expect(await (await open(dir)).get(keyOf('a'))).toEqual(Buffer.from('a'));
  });
  test('what was never put is null, and deleting it is no error', async () => {
    expect(await store.get(keyOf('a'))).toBeNull();
    await store.delete(keyOf('a'));
  });
  test('what was deleted is gone, the rest stays', async () => {
    await store.put(keyOf('a'), bytesOf('a'));
    await store.put(keyOf('b'), bytesOf('b'));
    await store.delete(keyOf('a'));
    expect(await store.get(keyOf('a'))).toBeNull();
    expect(await store.list()).toEqual([keyOf('b')]);
  });
  test('many at once, some of them the same, are each there once', async () => {
    const texts = ['a', 'b', 'c', 'a', 'b', 'c', 'a'];
    await Promise.all(texts.map((text) => store.put(keyOf(text), bytesOf(text))));
    expect((await store.list()).sort()).toEqual(['a', 'b', 'c'].map(keyOf).sort());
  });
  test('a key that is no key is a bug', async () => {
    await expect(store.put('../../etc/passwd', bytesOf('a'))).rejects.toThrow('not a picture');
    await expect(store.get('../secret')).rejects.toThrow('not a picture');
  });
}

describe('pictures as files', () => {
  pictureStoreContract(openFilePictures);

  test('what a crash left half-written is removed on opening, and is never listed', async () => {
    const dir = await mkdtemp(join(tmpdir(), 'huigao-pictures-'));
    await openFilePictures(dir);
    await writeFile(join(dir, 'tmp', keyOf('half')), 'ha');
    const store = await openFilePictures(dir);
    expect(await store.list()).toEqual([]);
    expect(await readdir(join(dir, 'tmp'))).toEqual([]);
    await rm(dir, { recursive: true });
  });
});
