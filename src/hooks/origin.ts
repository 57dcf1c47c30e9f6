import type { Handle } from '@sveltejs/kit';
import { m } from '#lib/paraglide/messages.js';
import { app } from '#server/seam.ts';
import { refusal } from './refusal.ts';

const SAFE = new Set(['GET', 'HEAD', 'OPTIONS']);

/**
 * Nothing is changed on another site's behalf. Browsers name the page's origin with every request that
 * may change something; without one it is a program of someone's own, which has no cookies to abuse.
 */
export const origin: Handle = ({ event, resolve }) => {
  const { headers, method } = event.request;
  if (SAFE.has(method)) return resolve(event);
  const from = headers.get('origin');
  const site = headers.get('sec-fetch-site');
  const isOwn =
    from === null
      ? site === null || site === 'same-origin' || site === 'none'
      : app().isOwnOrigin(from, event.url.host);
  return isOwn ? resolve(event) : refusal(event, 403, 'forbidden', m.people_error_origin());
};
