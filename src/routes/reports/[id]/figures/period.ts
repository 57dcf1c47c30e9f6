/** A figure's period as people read it. */
import { m } from '#lib/paraglide/messages.js';

/** `2021/2025` is 2021–2025, `2021/` 2021 and after. '' for none. */
export function periodText(period: string | undefined): string {
  const [from = '', to] = (period ?? '').split('/');
  if (to === undefined) return from;
  return to === '' ? m.figures_card_since({ period: from }) : `${from}–${to}`;
}
