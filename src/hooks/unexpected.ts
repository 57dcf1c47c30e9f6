import type { HandleServerError } from '@sveltejs/kit';
import { m } from '#lib/paraglide/messages.js';
import { app } from '#server/seam.ts';

/** A bug: its stack goes to the log under an id, and only the id to the visitor. */
export const unexpected: HandleServerError = ({ error, event, status }) => {
  if (status === 404) return { message: m.people_error_not_found(), code: 'not_found' };
  const id = crypto.randomUUID().slice(0, 8);
  app().log.error(
    { id, err: error, method: event.request.method, path: event.url.pathname },
    'request failed',
  );
  return { message: m.people_error_unexpected(), code: 'unexpected', id };
};
