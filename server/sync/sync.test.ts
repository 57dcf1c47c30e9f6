import { afterEach, beforeEach, expect, test } from 'vitest';
import { PEOPLE } from '../reports/testing.ts';
import { openDesk, REPORT, type Desk } from './testing.ts';

let desk: Desk;
beforeEach(async () => {
  desk = await openDesk();
});
afterEach(() => desk.close());

test('an edit is acknowledged and reaches a colleague', async () => {
  const chen = await desk.connect(PEOPLE.chen).join();
  const wang = await desk.connect(PEOPLE.wang).join();
  chen.write('县里的水库');
  await chen.settled();
  await wang.until(() => wang.text.includes('县里的水库'));
  expect(await desk.sync.read(REPORT, (doc) => doc.getXmlFragment('content').toString())).toContain('水库');
});
