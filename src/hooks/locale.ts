import type { Handle } from '@sveltejs/kit';
import { paraglideMiddleware } from '#lib/paraglide/server.js';

/** The reader's language: their choice (a cookie), else their browser's, else Chinese. */
export const locale: Handle = ({ event, resolve }) =>
  paraglideMiddleware(event.request, ({ request, locale: chosen }) => {
    event.request = request;
    return resolve(event, { transformPageChunk: ({ html }) => html.replace('%lang%', chosen) });
  });
