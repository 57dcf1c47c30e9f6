import { afterEach, beforeEach, expect, test } from 'vitest';
import { cookieOf, DESK, openOffice, type Office } from '../people/testing.ts';
import { STREAMS } from './live.ts';

let office: Office;
let reportId: string;
beforeEach(async () => {
  office = await openOffice();
  const input = { from: 'template', template: 'blank', title: '治水' } as const;
  const created = await office.app.reports.create(office.admin, input);
  if (!created.ok) throw new Error(created.code);
  reportId = created.value.id;
});
afterEach(() => office.close());

async function signedIn(): Promise<Headers> {
  const { password } = office.account('linxiaohe');
  const outcome = await office.app.auth.signIn({ username: 'linxiaohe', password }, DESK);
  if (!outcome.ok) throw new Error(outcome.code);
  return cookieOf(outcome.value.setCookie);
}
function open(headers: Headers) {
  const stream = office.app.live.open(headers.get('cookie') ?? '', office.member);
  if (stream === null) throw new Error('refused');
  const reader = stream.getReader();
  const next = async () => {
    const { value, done } = await reader.read();
    return done ? undefined : new TextDecoder().decode(value);
  };
  return { next, leave: () => reader.cancel() };
}
const share = (role: 'viewer' | 'editor' = 'viewer') =>
  office.app.reports.share(office.admin, reportId, { kind: 'person', id: office.member.userId }, role);

test('the number of unread comes at once, when it grows, and when it was read elsewhere', async () => {
  const page = open(await signedIn());
  expect(await page.next()).toBe('data: {"unread":0}\n\n');
  await share();
  expect(await page.next()).toBe('data: {"unread":1}\n\n');
  await office.app.notifications.markRead(office.member);
  expect(await page.next()).toBe('data: {"unread":0}\n\n');
  office.app.live.beat();
  expect(await page.next()).toBe(':\n\n');
});

test('a stream ends with its session, and when the person is disabled', async () => {
  const [here, there] = [await signedIn(), await signedIn()];
  const [one, other] = [open(here), open(there)];
  expect(await one.next()).toContain('unread');
  expect(await other.next()).toContain('unread');
  await office.app.auth.signOut(here);
  expect(await one.next()).toBeUndefined();
  expect(office.app.live.size).toBe(1);
  await office.app.people.update(office.admin, office.member.userId, { disabled: true });
  expect(await other.next()).toBeUndefined();
  expect(office.app.live.size).toBe(0);
});

test('a session that ran out by itself is found out by the next beat', async () => {
  const page = open(await signedIn());
  expect(await page.next()).toContain('unread');
  await office.app.store.db.deleteFrom('session').execute();
  office.app.live.beat();
  expect(await page.next()).toBeUndefined();
});

test('one person has so many streams and no more; who leaves makes room', async () => {
  const headers = await signedIn();
  const pages = Array.from({ length: STREAMS.perPerson }, () => open(headers));
  expect(office.app.live.open(headers.get('cookie') ?? '', office.member)).toBeNull();
  await pages[0]?.leave();
  open(headers);
  expect(office.app.live.size).toBe(STREAMS.perPerson);
});

test('a page that does not read holds up nobody, and little is kept for it', async () => {
  const headers = await signedIn();
  const stream = office.app.live.open(headers.get('cookie') ?? '', office.member);
  const page = open(headers);
  expect(await page.next()).toBe('data: {"unread":0}\n\n');
  for (let n = 1; n <= 20; n++) {
    const { member } = office;
    const actor = office.admin;
    if (n === 1) await share();
    else
      await office.app.events.emit({
        type: 'thread.mentioned',
        actor,
        reportId,
        threadId: `t${n}`,
        commentId: 'c',
        mentions: [{ kind: 'person', id: member.userId }],
      });
    expect(await page.next()).toBe(`data: {"unread":${n}}\n\n`);
  }
  await office.app.live.close();
  let waiting = 0;
  for await (const _ of stream ?? []) waiting++;
  expect(waiting).toBeLessThan(10);
});
