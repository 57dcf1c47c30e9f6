/**
 * Mails people what they have not read: a while after it happened, all that has gathered in one mail, in
 * their language. Nothing waits for it; a mail that could not be sent is tried again, not for ever.
 */
import type { Kysely } from 'kysely';
import type { Logger } from 'pino';
import type { Settlement } from '#lib/review/notification.ts';
import type { Actor } from '#lib/review/permissions.ts';
import type { MailConfig } from '../config.ts';
import { realEmail } from '../people/names.ts';
import { LANGUAGE, preferenceOf } from '../people/preferences.ts';
import { readableReports } from '../reports/list.ts';
import type { Database } from '../store/tables.ts';
import type { Mail } from './mail.ts';
import { figuresOf, SETTLEMENTS } from './notifications.ts';

export interface Mailer {
  /** Sends what is due. One run at a time: a call during one is that run. Never rejects. */
  run(now: Date): Promise<void>;
  close(): Promise<void>;
}

/** How a mail leaves. */
export interface Transport {
  send(mail: Mail & { to: { name: string; address: string } }): Promise<void>;
  close(): void;
}

export interface MailerDeps {
  db: Kysely<Database>;
  log: Logger;
  transport: Transport;
  /** Where links lead, without a trailing slash. */
  origin: string;
  actor(userId: string): Promise<Actor | null>;
  workspace(): Promise<string | null>;
}

/** Between two runs, in milliseconds. */
export const MAIL_BEAT = 15_000;

/** After so many failures a notification is left to the page. */
export const MAX_TRIES = 5;

/** What is older is not mailed any more: mails may have been turned on only now. In milliseconds. */
const STALE = 24 * 60 * 60_000;

/** The wait after the n-th failure, in milliseconds: 1, 4, 16 and 64 minutes. */
const waitAfter = (tries: number) => 60_000 * 4 ** (tries - 1);

/** People served in one run. */
const PER_RUN = 50;

export async function smtpTransport({ url, from }: MailConfig): Promise<Transport> {
  const { createTransport } = await import('nodemailer');
  const smtp = createTransport({
    url,
    connectionTimeout: 10_000,
    greetingTimeout: 10_000,
    socketTimeout: 20_000,
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  return {
    async send(mail) {
      await smtp.sendMail({ ...mail, from, headers: { 'Auto-Submitted': 'auto-generated' } });
    },
    close: () => smtp.close(),
  };
}

export function createMailer({ db, log, transport, origin, actor, workspace }: MailerDeps): Mailer {
  let running: Promise<void> | null = null;
  let isClosing = false;

  const settle = (ids: readonly number[]) =>
    db
      .updateTable('notification')
      .set({ mailDue: null })
      .where('id', 'in', [...ids])
      .execute();

  /** What was read meanwhile, or is of yesterday, is not mailed. */
  const dropStale = (now: Date) =>
    db
      .updateTable('notification')
      .set({ mailDue: null })
      .where('mailDue', 'is not', null)
      .where((where) =>
        where.or([
          where('readAt', 'is not', null),
          where('at', '<', new Date(now.getTime() - STALE).toISOString()),
        ]),
      )
      .execute();

  async function serve(userId: string, now: Date): Promise<void> {
    const rows = await db
      .selectFrom('notification')
      .innerJoin('report', 'report.id', 'notification.reportId')
      .leftJoin('user', 'user.id', 'notification.actorId')
      .selectAll('notification')
      .select(['report.title', 'user.name as actorName'])
      .where('notification.userId', '=', userId)
      .where('notification.mailDue', 'is not', null)
      .orderBy('notification.id')
      .execute();
    const ids = rows.map(({ id }) => id);
    const person = await actor(userId);
    const stored = await db.selectFrom('user').select('email').where('id', '=', userId).executeTakeFirst();
    const address = realEmail(stored?.email ?? '.invalid');
    if (person === null || address === null) return void (await settle(ids));
    // Who may no longer read a report is no longer told of it.
    const readable = new Set(
      await readableReports(
        db,
        person,
        rows.map(({ reportId }) => reportId),
      ),
    );
    const told = rows
      .filter(({ reportId }) => readable.has(reportId))
      .map((row) => ({
        kind: row.kind,
        settlement: (SETTLEMENTS[row.act] ?? null) as Settlement | null,
        actor: { id: row.actorId, name: row.actorName ?? row.actorId, hue: null },
        report: { id: row.reportId, title: row.title },
        threadId: row.threadId,
        figures: figuresOf(row),
      }));
    if (told.length === 0) return void (await settle(ids));
    try {
      // What the build makes of the messages is there by the time anybody is mailed.
      const { mailOf } = await import('./mail.ts');
      const locale = (await preferenceOf(db, userId, LANGUAGE)) === 'en' ? 'en' : 'zh-CN';
      const mail = mailOf(told, {
        name: person.name,
        locale,
        workspace: (await workspace()) ?? '会稿',
        origin,
      });
      await transport.send({ ...mail, to: { name: person.name, address } });
    } catch (error) {
      await failed(rows, now, error);
      return;
    }
    await settle(ids);
  }

  async function failed(rows: readonly { id: number; mailTries: number }[], now: Date, error: unknown) {
    const givenUp = rows.filter(({ mailTries }) => mailTries + 1 >= MAX_TRIES);
    log.error(
      { err: error, notifications: rows.length, givenUp: givenUp.length },
      'a mail could not be sent',
    );
    await settle(givenUp.map(({ id }) => id));
    for (const { id, mailTries } of rows) {
      if (mailTries + 1 >= MAX_TRIES) continue;
      const mailDue = new Date(now.getTime() + waitAfter(mailTries + 1)).toISOString();
      await db
        .updateTable('notification')
        .set({ mailDue, mailTries: mailTries + 1 })
        .where('id', '=', id)
        .execute();
    }
  }

  async function serveAll(now: Date): Promise<void> {
    await dropStale(now);
    const due = await db
      .selectFrom('notification')
      .select('userId')
      .distinct()
      .where('mailDue', '<=', now.toISOString())
      .limit(PER_RUN)
      .execute();
    for (const { userId } of due) {
      if (isClosing) return;
      await serve(userId, now);
    }
  }

  return {
    run(now) {
      running ??= serveAll(now)
        .catch((error: unknown) => log.error({ err: error }, 'mails could not be looked after'))
        .finally(() => (running = null));
      return running;
    },
    async close() {
      isClosing = true;
      // A mail under way is cut off, and tried again after the next start.
      transport.close();
      await running;
    },
  };
}
