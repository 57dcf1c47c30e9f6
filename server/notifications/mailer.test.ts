/** Mails, through a real SMTP server of the test's own. */
import { SMTPServer } from 'smtp-server';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openOffice, type Office } from '../people/testing.ts';
import { MAX_TRIES } from './mailer.ts';
import { MAIL_DELAY } from './write.ts';

interface Received {
  to: string[];
  source: string;
}

let received: Received[];
/** What the server answers instead of taking a mail; null: it takes it. */
let refusal: Error | null;
let smtp: SMTPServer;
let office: Office;
let reportId: string;

beforeEach(async () => {
  received = [];
  refusal = null;
  smtp = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    onData(stream, session, done) {
      const parts: Buffer[] = [];
      stream.on('data', (part: Buffer) => parts.push(part));
      stream.on('end', () => {
        if (refusal !== null) return done(refusal);
        const to = session.envelope.rcptTo.map(({ address }) => address);
        received.push({ to, source: Buffer.concat(parts).toString('utf8') });
        done();
      });
    },
  });
  await new Promise<void>((resolve) => smtp.listen(0, '127.0.0.1', resolve));
  const { port } = smtp.server.address() as AddressInfo;
  office = await openOffice({
    SMTP_URL: `smtp://127.0.0.1:${port}`,
    SMTP_FROM: '会稿 <huigao@example.cn>',
    ORIGIN: 'https://huigao.example.cn',
  });
  const { app, admin, member } = office;
  const created = await app.reports.create(admin, { from: 'template', template: 'blank', title: '治水<b>' });
  if (!created.ok) throw new Error(created.code);
  reportId = created.value.id;
  await app.people.update(admin, member.userId, { email: 'lin@example.cn' });
});
afterEach(async () => {
  await office.close();
  await new Promise<void>((resolve) => smtp.close(resolve));
});

const share = (userId = office.member.userId) =>
  office.app.reports.share(office.admin, reportId, { kind: 'person', id: userId }, 'commenter');
const mention = (threadId: string) =>
  office.app.events.emit({
    type: 'thread.mentioned',
    actor: office.admin,
    reportId,
    threadId,
    commentId: 'c',
    mentions: [{ kind: 'person', id: office.member.userId }],
  });
const run = (afterMs: number) => office.app.mailer?.run(new Date(Date.now() + afterMs));

/** The mail's parts as text: nodemailer encodes them in base64 or quoted-printable. */
function textOf({ source }: Received): string {
  const decoded = source
    .replace(/=\r\n/g, '')
    .replace(/(?:=[0-9A-F]{2})+/g, (bytes) => Buffer.from(bytes.replaceAll('=', ''), 'hex').toString());
  const parts = decoded.matchAll(/base64\r\n\r\n([A-Za-z0-9+/=\r\n]+)/g);
  return decoded + [...parts].map(([, part = '']) => Buffer.from(part, 'base64').toString()).join('\n');
}

test('what is not read within two minutes is mailed, all in one, in Chinese, with links', async () => {
  await share();
  await mention('t1');
  await run(0);
  expect(received).toEqual([]);
  await run(MAIL_DELAY + 1_000);
  expect(received).toHaveLength(1);
  const [mail] = received;
  if (mail === undefined) throw new Error('no mail');
  expect(mail.to).toEqual(['lin@example.cn']);
  const text = textOf(mail);
  expect(text).toContain('沈知远与您分享了《治水<b>》');
  expect(text).toContain('沈知远在《治水<b>》的批注中提到了您');
  expect(text).toContain(`https://huigao.example.cn/reports/${reportId}#thread=t1`);
  expect(text).toContain('《治水&lt;b&gt;》');
  expect(text).toContain('Auto-Submitted: auto-generated');
  await run(MAIL_DELAY + 2_000);
  expect(received).toHaveLength(1);
});

test('what was read meanwhile, turned off, or is of a report that one may no longer read is not mailed', async () => {
  const { app, admin, member } = office;
  await share();
  await app.notifications.markRead(member);
  await run(MAIL_DELAY + 1_000);
  const settings = await app.notifications.settings(member);
  await app.notifications.saveSettings(member, { ...settings, mentioned: { page: true, mail: false } });
  await mention('t1');
  await app.notifications.saveSettings(member, settings);
  await mention('t2');
  await app.reports.unshare(admin, reportId, { kind: 'person', id: member.userId });
  await run(MAIL_DELAY + 1_000);
  expect(received).toEqual([]);
});

test('nobody is mailed at an address that stands in for none, nor when they were disabled', async () => {
  const other = await office.actor('fanglicheng');
  await share(other.userId);
  await share();
  await office.app.people.update(office.admin, office.member.userId, { disabled: true });
  await run(MAIL_DELAY + 1_000);
  expect(received).toEqual([]);
});

test('a person who reads English is written to in English', async () => {
  await office.app.people.reads(office.member, 'en');
  await share();
  await run(MAIL_DELAY + 1_000);
  const [mail] = received;
  expect(mail && textOf(mail)).toContain('沈知远 shared “治水<b>” with you');
});

test('a mail that is refused is tried again, later each time, and in the end left to the page', async () => {
  await share();
  refusal = new Error('mailbox busy');
  let at = MAIL_DELAY + 1_000;
  await run(at);
  await run(at + 30_000);
  refusal = null;
  await run((at += 61_000));
  expect(received).toHaveLength(1);
  await mention('t1');
  refusal = new Error('mailbox busy');
  for (let n = 0; n < MAX_TRIES; n++) await run((at += 2 * 60 * 60_000));
  refusal = null;
  await run((at += 2 * 60 * 60_000));
  expect(received).toHaveLength(1);
  expect(await office.app.notifications.unread(office.member)).toBe(2);
});

test('without a server to take them mails wait, and nothing else does', async () => {
  await new Promise<void>((resolve) => smtp.close(resolve));
  await share();
  await run(MAIL_DELAY + 1_000);
  const row = await office.app.store.db
    .selectFrom('notification')
    .select(['mailTries', 'mailDue'])
    .executeTakeFirstOrThrow();
  expect(row).toEqual({ mailTries: 1, mailDue: expect.any(String) });
});

test('what is older than a day is not mailed, as when mails are turned on late', async () => {
  await share();
  await run(25 * 60 * 60_000);
  expect(received).toEqual([]);
});
