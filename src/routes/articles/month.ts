import { getLocale } from '#lib/paraglide/runtime.js';

/** A month, `2023-12`, in the reader's language. */
export function monthName(month: string): string {
  return new Date(`${month}-01`).toLocaleDateString(getLocale(), {
    timeZone: 'UTC',
    year: 'numeric',
    month: 'long',
  });
}
