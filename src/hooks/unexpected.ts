import type { RequestEvent } from '@sveltejs/kit';
import { isStorageFull } from '#lib/http/storage.ts';
import { m } from '#lib/paraglide/messages.js';
import { app } from '#server/seam.ts';

interface Unexpected {
  error: unknown;
  event: RequestEvent;
  status: number;
}

/**
 * A bug: its stack goes to the log under an id, and only the id to the visitor. A full disk is none, and
 * is named.
 */
export function unexpected({ error, event, status }: Unexpected): App.Error {
  if (status === 404) return { message: m.people_error_not_found(), code: 'not_found' };
  const id = crypto.randomUUID().slice(0, 8);
  app().log.error(
    { id, err: error, method: event.request.method, path: event.url.pathname },
    'request failed',
  );
  const failure = isStorageFull(error)
    ? { message: m.error_storage_full(), code: 'storage_full', id }
    : { message: m.people_error_unexpected(), code: 'unexpected', id };
  event.locals.failure = failure;
  return failure;
}
