/** Says what went wrong with what was asked of the register. */
import type { Answer } from '#lib/http/client.ts';
import { m } from '#lib/paraglide/messages.js';
import { toast } from '#lib/ui/toast.ts';

/** Answers whether nothing went wrong. */
export function said(answer: Answer): boolean {
  // The text has not arrived there yet, or says something else by now.
  if (!answer.ok) toast.error(answer.status === 409 ? m.figures_panel_conflict() : answer.message);
  return answer.ok;
}

/** Of verifying several: those that were not are counted. */
export function saidOfMany(answer: Answer): boolean {
  if (!said(answer)) return false;
  const { refused = [] } = (answer.ok ? answer.value : {}) as { refused?: readonly unknown[] };
  if (refused.length > 0) toast.error(m.figures_panel_not_verified({ count: refused.length }));
  return refused.length === 0;
}
