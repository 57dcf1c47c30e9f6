import 'fake-indexeddb/auto';
import { IDBFactory } from 'fake-indexeddb';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import * as Y from 'yjs';
import { CONTENT_FRAGMENT } from '#lib/report/model.ts';
import type { Actor } from '#lib/review/permissions.ts';
import { CLOSE, NACK, SYNC } from '#lib/sync/protocol.ts';
import type { ReportConnection } from '#lib/sync/connection.ts';
import { listRescued } from '#lib/sync/rescue.ts';
import { PEOPLE } from '../reports/testing.ts';
import { connectAs, connectionState } from './testing-browser.ts';
import { openDesk, paragraph, REPORT, type Desk, type RawClient } from './testing.ts';

const { chen, wang, li } = PEOPLE;
const DAY_MS = 24 * 60 * 60 * 1000;

let desk: Desk;
let browsers: ReportConnection[];
beforeEach(async () => {
  globalThis.indexedDB = new IDBFactory();
  browsers = [];
  desk = await openDesk();
});
afterEach(async () => {
  for (const one of browsers) one.destroy();
  await desk.close();
});

const pass = (ms: number) => (desk.clock.now = new Date(desk.clock.now.getTime() + ms));
const join = (who: Actor, doc?: Y.Doc) => desk.connect(who, doc === undefined ? {} : { doc }).join();
const stored = () => desk.sync.read(REPORT, (doc) => doc.getXmlFragment(CONTENT_FRAGMENT).toString());
const authors = async () =>
  (await desk.sync.readAuthorship(REPORT))?.flatMap((pieces) =>
    pieces.map(({ text, author }) => `${author?.userId ?? '-'}:${text}`),
  );
/** What a browser does on a new epoch: the same text in a fresh document. */
function fresh({ doc }: RawClient): Y.Doc {
  const again = new Y.Doc();
  Y.applyUpdate(again, Y.encodeStateAsUpdate(doc));
  return again;
}

/** 甲 is in the backup; 乙 (Chen's) and 丙 (Wang's) are committed after it, then the backup is restored. */
async function lose(): Promise<{ one: RawClient; two: RawClient; before: number }> {
  const [one, two] = await Promise.all([join(chen), join(wang)]);
  one.write('甲');
  await one.settled();
  const restore = await desk.backup();
  one.write('乙');
  two.write('丙');
  for (const client of [one, two])
    await client.until(({ text }) => text.includes('乙') && text.includes('丙'));
  await Promise.all([one.settled(), two.settled()]);
  const before = one.acks.at(-1)?.epoch ?? 0;
  pass(DAY_MS);
  await restore();
  expect(await stored()).toContain('甲');
  expect(await stored()).not.toMatch(/乙|丙/);
  return { one, two, before };
}

describe('[R17] after a restore', () => {
  test('everyone hears a new epoch, and a step 2 brings back what the server lost, whoever wrote it', async () => {
    const { two, before } = await lose();
    const again = await join(wang, fresh(two));
    expect(again.infos[0]?.epoch).toBeGreaterThan(before);
    expect(again.nacks).toEqual([]);
    expect(await stored()).toMatch(/甲.*乙.*丙|甲.*丙.*乙/);
    expect(await authors()).toEqual(expect.arrayContaining(['chen:甲', 'wang:乙', 'wang:丙']));
    again.write('丁');
    await again.settled();
    expect(await stored()).toContain('丁');
  });

  test('two who bring back the same text bring it once', async () => {
    const { one, two } = await lose();
    await Promise.all([join(chen, fresh(one)), join(wang, fresh(two))]);
    expect((await stored())?.match(/乙/g)).toHaveLength(1);
    expect((await stored())?.match(/丙/g)).toHaveLength(1);
  });

  test('what is brought back is nobody’s: nobody goes on under its ids', async () => {
    const { one } = await lose();
    await join(wang, fresh(one));
    const owners = await desk.county.store.db.selectFrom('clientOwner').selectAll().execute();
    expect(owners).toEqual([]);
    const same = await join(chen, one.doc);
    same.write('旧号接着写');
    expect(await same.untilClosed()).toBe(CLOSE.foreignClient);
    expect(same.nacks.at(-1)?.code).toBe(NACK.foreignClient);
    expect(await stored()).not.toContain('旧号接着写');
  });

  test('a client id that somebody claimed since is theirs also for a step 2', async () => {
    const { one } = await lose();
    const again = await join(chen, fresh(one));
    again.write('陈的新号');
    await again.settled();
    const forger = await join(li);
    const forged = fresh(forger);
    forged.clientID = again.doc.clientID;
    forged.getXmlFragment(CONTENT_FRAGMENT).insert(0, [paragraph('伪造')]);
    forger.sendSync(SYNC.step2, Y.encodeStateAsUpdate(forged));
    expect(await forger.untilClosed()).toBe(CLOSE.foreignClient);
    expect(await stored()).not.toContain('伪造');
  });

  test('an announced id of somebody present is theirs also for a step 2', async () => {
    await lose();
    const [here, forger] = await Promise.all([join(chen), join(li)]);
    here.present(4711, 1, { here: true });
    await forger.until(() => forger.presences.includes('here'));
    const forged = fresh(forger);
    forged.clientID = 4711;
    forged.getXmlFragment(CONTENT_FRAGMENT).insert(0, [paragraph('伪造')]);
    forger.sendSync(SYNC.step2, Y.encodeStateAsUpdate(forged));
    expect(await forger.untilClosed()).toBe(CLOSE.foreignClient);
  });

  test('an update claims and is refused as always', async () => {
    const { one, two } = await lose();
    const again = await join(li);
    // Wang's lost paragraph, as it was sent: it begins a client id that nobody has now.
    const lost = Y.diffUpdate(Y.encodeStateAsUpdate(two.doc), Y.encodeStateVector(again.doc));
    again.sendUpdate(lost);
    // Chen's has structs before the restore.
    expect(await again.untilClosed()).toBe(CLOSE.foreignClient);
    expect(await stored()).not.toMatch(/乙|丙/);
    await join(chen, fresh(one));
    expect(await stored()).toMatch(/乙/);
  });

  test('seven days later nothing is brought back any more, and it is refused by name', async () => {
    const { one, two } = await lose();
    pass(7 * DAY_MS - 1);
    await join(wang, fresh(two));
    expect(await stored()).toMatch(/乙/);
    pass(1);
    const late = fresh(one);
    late.clientID = one.doc.clientID;
    late.getXmlFragment(CONTENT_FRAGMENT).insert(0, [paragraph('太晚')]);
    const again = desk.connect(chen, { doc: late });
    await again.until(() => again.asked.length > 0);
    again.sendSync(SYNC.step2, Y.encodeStateAsUpdate(late, again.asked[0]));
    expect(await again.untilClosed()).toBe(CLOSE.foreignClient);
    expect(await stored()).not.toContain('太晚');
  });
});

describe('[R17] a browser', () => {
  const connect = (who: Actor) => {
    const connection = connectAs(desk.url, who);
    browsers.push(connection);
    return connection;
  };
  const saved = (connection: ReportConnection) => connectionState(connection, 'saved');
  const write = ({ doc }: ReportConnection, text: string) =>
    doc.getXmlFragment(CONTENT_FRAGMENT).push([paragraph(text)]);
  const text = ({ doc }: ReportConnection) => doc.getXmlFragment(CONTENT_FRAGMENT).toString();

  test('that has newer text brings it under a fresh id, keeps it all the while, and says saved only then', async () => {
    const [one, two] = [connect(chen), connect(wang)];
    await Promise.all([saved(one), saved(two)]);
    write(one, '甲');
    await saved(one);
    const restore = await desk.backup();
    write(one, '乙');
    write(two, '丙');
    for (const each of [one, two]) await expect.poll(() => text(each)).toMatch(/乙.*丙|丙.*乙/);
    await Promise.all([saved(one), saved(two)]);
    const ids = [one.doc.clientID, two.doc.clientID];
    const docs: Y.Doc[] = [];
    one.onReset((doc) => {
      expect(doc.getXmlFragment(CONTENT_FRAGMENT).toString()).toContain('乙');
      docs.push(doc);
    });
    pass(DAY_MS);
    await restore();
    await expect.poll(stored, { timeout: 10_000 }).toMatch(/乙.*丙|丙.*乙/);
    await Promise.all([saved(one), saved(two)]);
    expect(docs).toEqual([one.doc]);
    expect(ids).not.toContain(one.doc.clientID);
    expect(ids).not.toContain(two.doc.clientID);
    write(one, '丁');
    await saved(one);
    await expect.poll(() => text(two)).toContain('丁');
    expect(text(two)).toBe(await stored());
    expect(await listRescued('chen')).toEqual([]);
    expect(await listRescued('wang')).toEqual([]);
  });

  test('that was offline over the restore brings what it wrote before and meanwhile', async () => {
    const one = connect(chen);
    await saved(one);
    const restore = await desk.backup();
    write(one, '备份之后');
    await saved(one);
    one.provider.disconnect();
    write(one, '离线写的');
    pass(DAY_MS);
    await restore();
    one.resume();
    expect(await connectionState(one, 'saving')).toEqual({ kind: 'saving', unsaved: 1 });
    await saved(one);
    expect(await stored()).toMatch(/备份之后.*离线写的/);
  });

  test('that is opened anew brings what its own copy still has', async () => {
    const one = connect(chen);
    await saved(one);
    const restore = await desk.backup();
    write(one, '备份之后');
    await saved(one);
    one.destroy();
    pass(DAY_MS);
    await restore();
    const again = connect(chen);
    await saved(again);
    await expect.poll(stored).toContain('备份之后');
    // Its copy is of the new epoch from now on.
    again.destroy();
    const once = connect(chen);
    let resets = 0;
    once.onReset(() => resets++);
    await saved(once);
    expect(resets).toBe(0);
    write(once, '接着写');
    await saved(once);
    expect(await stored()).toContain('接着写');
  });

  test('keeps what is typed while it changes over', async () => {
    const one = connect(chen);
    await saved(one);
    const restore = await desk.backup();
    write(one, '备份之后');
    await saved(one);
    one.onReset(() => write(one, '换的时候写的'));
    pass(DAY_MS);
    await restore();
    await expect.poll(stored, { timeout: 10_000 }).toMatch(/备份之后.*换的时候写的/);
    await saved(one);
  });
});
