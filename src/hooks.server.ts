import type { Handle } from '@sveltejs/kit';
import { paraglideMiddleware } from '#lib/paraglide/server.js';

export const handle: Handle = ({ event, resolve }) =>
  paraglideMiddleware(event.request, ({ request, locale }) => {
    event.request = request;
    event.locals.actor = null;
    return resolve(event, { transformPageChunk: ({ html }) => html.replace('%lang%', locale) });
  });
