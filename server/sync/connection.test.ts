/** The browser's end, unchanged, against the real server: y-websocket, y-indexeddb, real sockets. */
import 'fake-indexeddb/auto';
import { IDBFactory } from 'fake-indexeddb';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { CONTENT_FRAGMENT } from '#lib/report/model.ts';
import type { Actor } from '#lib/review/permissions.ts';
import type { ReportConnection } from '#lib/sync/connection.ts';
import { clearLocal, unsavedReports } from '#lib/sync/local.ts';
import { listRescued } from '#lib/sync/rescue.ts';
import { PEOPLE } from '../reports/testing.ts';
import { connectAs, connectionState } from './testing-browser.ts';
import { heldCommits, openDesk, paragraph, REPORT, type Desk } from './testing.ts';

let desk: Desk;
let commits: ReturnType<typeof heldCommits>;
let open: ReportConnection[];
beforeEach(async () => {
  globalThis.indexedDB = new IDBFactory();
  open = [];
  desk = await openDesk((docs) => (commits = heldCommits(docs)).docs);
});
afterEach(async () => {
  for (const connection of open) connection.destroy();
  await desk.close();
});

function connect(who: Actor): ReportConnection {
  const connection = connectAs(desk.url, who);
  open.push(connection);
  return connection;
}

const until = connectionState;

function write(connection: ReportConnection, text: string): void {
  const content = connection.doc.getXmlFragment(CONTENT_FRAGMENT);
  content.insert(content.length, [paragraph(text)]);
}
const text = (connection: ReportConnection) => connection.doc.getXmlFragment(CONTENT_FRAGMENT).toString();

test('[R1] the indicator says saved only when the commit has returned', async () => {
  const chen = connect(PEOPLE.chen);
  await until(chen, 'saved');
  void commits.hold();
  write(chen, '一处修改');
  expect(chen.state).toEqual({ kind: 'saving', unsaved: 1 });
  const saved = until(chen, 'saved');
  // An exchange with the server that comes after the edit: still nothing is acknowledged.
  await desk.connect(PEOPLE.wang).join();
  expect(chen.state).toEqual({ kind: 'saving', unsaved: 1 });
  commits.release();
  await saved;
});

test('a deletion alone is acknowledged too', async () => {
  const chen = connect(PEOPLE.chen);
  await until(chen, 'saved');
  chen.doc.getXmlFragment(CONTENT_FRAGMENT).delete(0, 1);
  expect(chen.state.kind).toBe('saving');
  await until(chen, 'saved');
});

test('edits made offline survive a reload with their number and are saved on return', async () => {
  const chen = connect(PEOPLE.chen);
  await until(chen, 'saved');
  chen.provider.disconnect();
  write(chen, '离线一');
  write(chen, '离线二');
  expect(chen.state).toMatchObject({ kind: 'offline', unsaved: 2 });
  // Counted as kept when the browser has written them.
  await expect.poll(() => chen.state).toEqual({ kind: 'offline', unsaved: 2, kept: 2 });
  await desk.sync.close();
  chen.destroy();
  const again = connect(PEOPLE.chen);
  expect(await until(again, 'offline')).toEqual({ kind: 'offline', unsaved: 2, kept: 2 });
  expect(text(again)).toContain('离线一');
  expect(await unsavedReports('chen')).toEqual([{ reportId: REPORT, unsaved: 2 }]);
  await desk.restart();
  await until(again, 'saved');
  expect(await desk.sync.read(REPORT, (doc) => doc.getXmlFragment(CONTENT_FRAGMENT).toString())).toContain(
    '离线二',
  );
});

test.each([
  ['says', true],
  ['does not say', false],
])(
  'what a person left is found and cleared, others’ stays, where the browser %s what it keeps',
  async (_, canList) => {
    if (!canList) Object.defineProperty(indexedDB, 'databases', { value: undefined });
    const chen = connect(PEOPLE.chen);
    const wang = connect(PEOPLE.wang);
    await Promise.all([until(chen, 'saved'), until(wang, 'saved')]);
    for (const one of [chen, wang]) {
      one.provider.disconnect();
      write(one, '没存上的');
    }
    chen.destroy();
    wang.destroy();
    await expect.poll(() => unsavedReports('chen')).toHaveLength(1);
    await clearLocal('chen');
    expect(await unsavedReports('chen')).toEqual([]);
    expect(await unsavedReports('wang')).toHaveLength(1);
  },
);

test('a reader is told so, and sends no sync frame even when Yjs tidies the document', async () => {
  const zhao = connect(PEOPLE.zhao);
  await until(zhao, 'readOnly');
  await expect.poll(() => zhao.provider.synced).toBe(true);
  write(zhao, '不该有的');
  const wang = await desk.connect(PEOPLE.wang).join();
  expect(wang.text).not.toContain('不该有的');
  expect(zhao.state).toEqual({ kind: 'readOnly' });
});

test('[R9] text that is refused is put aside, and a fresh document goes on', async () => {
  const chen = connect(PEOPLE.chen);
  await until(chen, 'saved');
  chen.provider.disconnect();
  write(chen, '离线写下的一段');
  const { db } = desk.county.store;
  await db.updateTable('reportShare').set({ role: 'viewer' }).where('subjectId', '=', 'chen').execute();
  const reset = new Promise<void>((resolve) => chen.onReset(() => resolve()));
  const before = chen.doc;
  chen.resume();
  await reset;
  expect(chen.doc).not.toBe(before);
  expect(await until(chen, 'refused')).toEqual({ kind: 'refused', code: 1 });
  await expect.poll(() => text(chen)).toContain('春耕');
  expect(text(chen)).not.toContain('离线写下的一段');
  await expect
    .poll(async () => (await listRescued('chen', REPORT)).map(({ passages }) => passages))
    .toEqual([['离线写下的一段']]);
  chen.dismissRefusal();
  await until(chen, 'readOnly');
});

test.each([
  ['less', '抢'],
  ['more', '抢先用了这个号，写了很多很多'],
])(
  '[R16] text under an id under which somebody else wrote %s is put aside, and goes on under another',
  async (_, other) => {
    const chen = connect(PEOPLE.chen);
    await until(chen, 'saved');
    const { clientID } = chen.doc;
    chen.provider.disconnect();
    write(chen, '离线写下的一段');
    // The server forgets who was here; otherwise nobody could take the id.
    await desk.restart();
    const wang = await desk.connect(PEOPLE.wang).join();
    wang.doc.clientID = clientID;
    wang.write(other);
    await wang.settled();
    const reset = new Promise<void>((resolve) => chen.onReset(() => resolve()));
    chen.resume();
    await reset;
    expect(await until(chen, 'refused')).toEqual({ kind: 'refused', code: 3 });
    expect(chen.doc.clientID).not.toBe(clientID);
    await expect.poll(() => text(chen)).toContain(other);
    expect(text(chen)).not.toContain('离线写下的一段');
    await expect
      .poll(async () => (await listRescued('chen', REPORT)).map(({ passages }) => passages.join()))
      .toEqual([expect.stringContaining('离线写下的一段')]);
    chen.dismissRefusal();
    write(chen, '接着写');
    await until(chen, 'saved');
    await wang.until(() => wang.text.includes('接着写'));
  },
);

test('[R11] an ended session is told, and signing in again goes on with what was written meanwhile', async () => {
  const chen = connect(PEOPLE.chen);
  await until(chen, 'saved');
  desk.signedOut.add('chen');
  desk.sync.personChanged('chen');
  expect(await until(chen, 'signedOut')).toEqual({ kind: 'signedOut', unsaved: 0 });
  write(chen, '没登录时写的');
  expect(chen.state).toEqual({ kind: 'signedOut', unsaved: 1 });
  desk.signedOut.clear();
  chen.resume();
  await until(chen, 'saved');
  expect(await desk.sync.read(REPORT, (doc) => doc.getXmlFragment(CONTENT_FRAGMENT).toString())).toContain(
    '没登录时写的',
  );
});
