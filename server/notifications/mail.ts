/** The mail that tells somebody of their unread notifications, as plain text and as simple HTML. */
import { sentenceOf, type Locale } from '#lib/notifications/sentence.ts';
import { m } from '#lib/paraglide/messages.js';
import { notificationPath, type Notification } from '#lib/review/notification.ts';

export interface Mail {
  subject: string;
  text: string;
  html: string;
}

type Told = Pick<Notification, 'kind' | 'settlement' | 'actor' | 'report' | 'threadId' | 'figures'>;

/** The most that are told one by one. */
const MAX_TOLD = 20;

/** `origin` is where the links lead, without a trailing slash. */
export function mailOf(
  told: readonly Told[],
  to: { name: string; locale: Locale; workspace: string; origin: string },
): Mail {
  const { name, locale, workspace, origin } = to;
  const options = { locale };
  const items = told.slice(0, MAX_TOLD).map((one) => ({
    sentence: sentenceOf(one, options),
    link: origin + notificationPath(one),
  }));
  const left = told.length - items.length;
  const hello = m.notifications_mail_hello({ name }, options);
  const intro = m.notifications_mail_intro({ workspace }, options);
  const more = left > 0 ? m.notifications_mail_more({ count: left }, options) : null;
  const settings = `${origin}/account#notifications`;
  const footer = (link: string) => m.notifications_mail_footer({ link }, options);
  return {
    subject: m.notifications_mail_subject({ workspace, count: told.length }, options),
    text: [
      hello,
      intro,
      ...items.map(({ sentence, link }) => `· ${sentence}\n  ${link}`),
      ...(more === null ? [] : [more]),
      `--\n${footer(settings)}`,
    ].join('\n\n'),
    html: [
      `<!doctype html><html lang="${locale}"><body>`,
      `<p>${escaped(hello)}</p><p>${escaped(intro)}</p><ul>`,
      ...items.map(({ sentence, link }) => `<li><a href="${escaped(link)}">${escaped(sentence)}</a></li>`),
      `</ul>${more === null ? '' : `<p>${escaped(more)}</p>`}`,
      `<p><small>${escaped(footer(settings))}</small></p></body></html>`,
    ].join('\n'),
  };
}

const ESCAPES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

function escaped(text: string): string {
  return text.replace(/[&<>"]/g, (char) => ESCAPES[char] ?? char);
}
