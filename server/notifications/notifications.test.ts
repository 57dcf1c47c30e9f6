import { afterEach, beforeEach, expect, test } from 'vitest';
import type { NotificationSettings } from '#lib/review/notification.ts';
import type { Actor } from '#lib/review/permissions.ts';
import { createReport } from '../reports/create.ts';
import { removeShare, setShare } from '../reports/shares.ts';
import { openCounty, PEOPLE, type County } from '../reports/testing.ts';
import { NOTIFICATIONS_PER_PAGE, openNotifications, type Notifications } from './notifications.ts';

const AT = new Date('2024-03-02T09:00:00Z');

let county: County;
let notifications: Notifications;
let reportId: string;
beforeEach(async () => {
  county = await openCounty();
  notifications = openNotifications(county.store.db, () => AT);
  const input = { from: 'template', template: 'blank', title: '治水' } as const;
  const outcome = await createReport(county.events, PEOPLE.chen, input, AT);
  if (!outcome.ok) throw new Error(outcome.code);
  reportId = outcome.value.id;
});
afterEach(() => county.close());

const share = (kind: 'person' | 'department', id: string) =>
  setShare(county.events, PEOPLE.chen, reportId, { kind, id }, 'commenter');
const emit = (...events: Parameters<County['events']['emit']>) => county.events.emit(...events);
async function told(actor: Actor) {
  const { notifications: all } = await notifications.list(actor);
  return all.map(
    ({ kind, actor: by, threadId }) => `${kind} by ${by.name}${threadId ? ` in ${threadId}` : ''}`,
  );
}
const thread = { actor: PEOPLE.chen, threadId: 't1', commentId: 'c1' };

test('people are told what is shared with them, also with their department, once', async () => {
  await share('department', 'stats');
  await share('person', 'li');
  expect(await told(PEOPLE.li)).toEqual(['shared by 陈晓']);
  expect(await told(PEOPLE.zhao)).toEqual(['shared by 陈晓']);
  // 陈晓 shares with his own department: 王岚 is told, he is not.
  await share('department', 'water');
  expect(await told(PEOPLE.chen)).toEqual([]);
  expect(await told(PEOPLE.wang)).toEqual(['shared by 陈晓']);
});

test('those mentioned, assigned, replied to and answered are told; each once a command, of what concerns them most', async () => {
  await share('department', 'stats');
  await notifications.markRead(PEOPLE.li);
  const created = { type: 'thread.created', ...thread, reportId, kind: 'comment', blocking: false } as const;
  await emit(created, {
    type: 'thread.mentioned',
    ...thread,
    reportId,
    mentions: [
      { kind: 'person', id: 'li' },
      { kind: 'department', id: 'stats' },
    ],
  });
  expect((await told(PEOPLE.li))[0]).toBe('mentioned by 陈晓 in t1');
  expect((await told(PEOPLE.zhao))[0]).toBe('mentioned by 陈晓 in t1');
  expect(await notifications.unread(PEOPLE.li)).toBe(1);
  const reply = { ...thread, actor: PEOPLE.li, reportId, commentId: 'c2' };
  await emit(
    { type: 'thread.replied', ...reply, participants: ['chen', 'li', 'zhao'] },
    { type: 'thread.mentioned', ...reply, mentions: [{ kind: 'person', id: 'zhao' }] },
  );
  expect(await told(PEOPLE.chen)).toEqual(['replied by 李文静 in t1']);
  expect((await told(PEOPLE.zhao))[0]).toBe('mentioned by 李文静 in t1');
  await emit({
    type: 'thread.assigned',
    actor: PEOPLE.zhao,
    reportId,
    threadId: 't1',
    departmentId: 'stats',
  });
  expect((await told(PEOPLE.li))[0]).toBe('assigned by 赵启明 in t1');
  await emit({ type: 'thread.accepted', actor: PEOPLE.li, reportId, threadId: 't1', createdBy: 'chen' });
  const [newest] = (await notifications.list(PEOPLE.chen)).notifications;
  expect(newest).toMatchObject({ kind: 'resolved', settlement: 'accepted', report: { title: '治水' } });
  // One's own act.
  await emit({ type: 'thread.resolved', actor: PEOPLE.chen, reportId, threadId: 't1', createdBy: 'chen' });
  expect(await told(PEOPLE.chen)).toHaveLength(2);
});

test('nobody is told of a report they cannot see, nor still shown what they no longer can', async () => {
  await emit({
    type: 'thread.mentioned',
    ...thread,
    reportId,
    mentions: [
      { kind: 'person', id: 'li' },
      { kind: 'department', id: 'stats' },
      { kind: 'person', id: 'nobody' },
    ],
  });
  expect(await county.store.db.selectFrom('notification').selectAll().execute()).toEqual([]);
  await share('person', 'li');
  expect(await notifications.unread(PEOPLE.li)).toBe(1);
  await removeShare(county.events, PEOPLE.chen, reportId, { kind: 'person', id: 'li' });
  expect(await notifications.list(PEOPLE.li)).toMatchObject({ notifications: [], unread: 0, total: 0 });
  await share('person', 'li');
  expect(await notifications.unread(PEOPLE.li)).toBe(2);
});

test('one’s own are marked read, one or all, and whoever listens hears of it', async () => {
  const heard: string[] = [];
  notifications.onRead((userId) => heard.push(userId));
  await share('department', 'stats');
  await emit({
    type: 'thread.mentioned',
    ...thread,
    reportId,
    mentions: [{ kind: 'department', id: 'stats' }],
  });
  const [newest, oldest] = (await notifications.list(PEOPLE.li)).notifications;
  if (newest === undefined || oldest === undefined) throw new Error('nothing');
  expect(await notifications.markRead(PEOPLE.wang, [newest.id])).toBe(0);
  expect(await notifications.unread(PEOPLE.li)).toBe(2);
  expect(await notifications.markRead(PEOPLE.li, [newest.id])).toBe(1);
  const unread = await notifications.list(PEOPLE.li, { unreadOnly: true });
  expect(unread.notifications.map(({ id }) => id)).toEqual([oldest.id]);
  expect(await notifications.markRead(PEOPLE.li)).toBe(0);
  expect(await notifications.unread(PEOPLE.zhao)).toBe(2);
  expect(heard).toEqual(['wang', 'li', 'li']);
});

test('a kind that a person turned off is neither shown nor mailed; mail alone is not shown', async () => {
  const { db } = county.store;
  await db.updateTable('user').set({ email: 'li@example.cn' }).where('id', '=', 'li').execute();
  const change = async (part: Partial<NotificationSettings>) =>
    notifications.saveSettings(PEOPLE.li, { ...(await notifications.settings(PEOPLE.li)), ...part });
  const mention = () =>
    emit({ type: 'thread.mentioned', ...thread, reportId, mentions: [{ kind: 'person', id: 'li' }] });
  const rows = async () =>
    (await db.selectFrom('notification').select(['kind', 'isShown', 'mailDue']).execute()).map((row) => [
      row.kind,
      row.isShown,
      row.mailDue !== null,
    ]);
  await change({ shared: { page: false, mail: false } });
  await share('person', 'li');
  expect(await rows()).toEqual([]);
  await change({ mentioned: { page: false, mail: true } });
  await mention();
  await change({ mentioned: { page: true, mail: false } });
  await mention();
  expect(await rows()).toEqual([
    ['mentioned', 0, true],
    ['mentioned', 1, false],
  ]);
  expect(await notifications.unread(PEOPLE.li)).toBe(1);
  expect((await notifications.settings(PEOPLE.zhao)).shared).toEqual({ page: true, mail: true });
});

test('somebody without an address is not mailed', async () => {
  await share('person', 'li');
  expect(await county.store.db.selectFrom('notification').select('mailDue').execute()).toEqual([
    { mailDue: null },
  ]);
});

test('a long list has pages, the newest first', async () => {
  await share('person', 'li');
  for (let n = 0; n < NOTIFICATIONS_PER_PAGE + 1; n++) {
    await emit({
      type: 'thread.mentioned',
      ...thread,
      threadId: `t${n}`,
      reportId,
      mentions: [{ kind: 'person', id: 'li' }],
    });
  }
  const first = await notifications.list(PEOPLE.li);
  const last = await notifications.list(PEOPLE.li, { page: 9 });
  expect([first.total, first.pages, last.page]).toEqual([NOTIFICATIONS_PER_PAGE + 2, 2, 2]);
  expect(first.notifications[0]?.threadId).toBe(`t${NOTIFICATIONS_PER_PAGE}`);
  expect(last.notifications.map(({ kind }) => kind)).toEqual(['mentioned', 'shared']);
});
