import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, test } from 'vitest';
import { FORMATS } from '#lib/publish/formats.ts';
import { openPress } from '../publications/testing.ts';
import { valueOf } from '../review/testing.ts';

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

/** What is still held after everything that can be collected was. In bytes. */
async function held(): Promise<number> {
  // The bytes of buffers are given back beside the program: what one collection found, the next has counted.
  for (let round = 0; round < 3; round++) {
    collect();
    await new Promise(setImmediate);
  }
  return process.memoryUsage().heapUsed + process.memoryUsage().arrayBuffers;
}

test('five hundred exports one after another do not grow memory', async () => {
  const press = await openPress();
  const id = await press.ready('综述', '全县水利工作稳步推进，新建水库12座，整修渠道36公里。'.repeat(100));
  const exported = async (count: number) => {
    for (let index = 0; index < count; index++) {
      const format = FORMATS[index % FORMATS.length] ?? 'html';
      valueOf(await press.app.exportReport(press.writer, id, format));
    }
  };
  await exported(100);
  const before = await held();
  await exported(500);
  // One export alone is more than 20 KB: what kept each of them would be 10 MB.
  expect(((await held()) - before) / 1024 / 1024).toBeLessThan(2);
  await press.close();
});
