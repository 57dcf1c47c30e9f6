import { getLocale, overwriteGetLocale } from '#lib/paraglide/runtime.js';

// A page speaks one language as long as it is open; to ask reads its cookies, and every message asks.
const locale = getLocale();
overwriteGetLocale(() => locale);
