import { isAllowedHref } from '#lib/report/model.ts';

/** An address in its normal form, which a program cannot read otherwise than we did. Throws for one that is not allowed. */
export function safeHref(href: string): string {
  if (!isAllowedHref(href))
    throw new Error(`a link that is not allowed: ${JSON.stringify(href.slice(0, 80))}`);
  return new URL(href).href;
}
