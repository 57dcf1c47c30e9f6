import { updated } from '$app/state';
import { getLocale, overwriteGetLocale } from '#lib/paraglide/runtime.js';

// A page speaks one language as long as it is open; to ask reads its cookies, and every message asks.
const locale = getLocale();
overwriteGetLocale(() => locale);

// A part of the page that cannot be fetched (Vite says so of each) may be one that an upgrade of the server took away.
addEventListener('vite:preloadError', () => {
  if (!updated.current) void updated.check();
});
