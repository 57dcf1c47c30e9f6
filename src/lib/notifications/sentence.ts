/** A notification as a sentence, on the page and in mails. */
import { m } from '#lib/paraglide/messages.js';
import type { Notification } from '#lib/review/notification.ts';

export type Locale = 'zh-CN' | 'en';

/** In the language of the request or page, unless another is named. */
export function sentenceOf(
  {
    kind,
    settlement,
    figures,
    actor,
    report,
  }: Pick<Notification, 'kind' | 'settlement' | 'figures' | 'actor' | 'report'>,
  options: { locale?: Locale } = {},
): string {
  const facts = { name: actor.name, title: report.title || m.notifications_untitled({}, options) };
  switch (kind) {
    case 'mentioned':
      return m.notifications_mentioned(facts, options);
    case 'assigned':
      if (figures !== null) return m.notifications_assigned_figures(facts, options);
      return m.notifications_assigned(facts, options);
    case 'stale':
      return m.notifications_stale(facts, options);
    case 'replied':
      return m.notifications_replied(facts, options);
    case 'resolved':
      if (settlement === 'accepted') return m.notifications_accepted(facts, options);
      if (settlement === 'rejected') return m.notifications_rejected(facts, options);
      return m.notifications_resolved(facts, options);
    case 'shared':
      return m.notifications_shared(facts, options);
    case 'published':
      return m.notifications_published(facts, options);
    case 'withdrawn':
      return m.notifications_withdrawn(facts, options);
    default:
      return kind satisfies never;
  }
}
