import type { Actor } from '#lib/review/permissions.ts';
import { isStorageFull } from './storage.ts';
import { refusalResponse, refused } from './refusal.ts';

/**
 * Runs an API route for whoever is signed in. Nobody signed in and a full disk are answered here, so
 * that every route says them alike; any other error is a bug and is thrown on.
 */
export async function asActor(
  locals: App.Locals,
  work: (actor: Actor) => Promise<Response>,
): Promise<Response> {
  if (locals.actor === null) return refusalResponse(refused('not_signed_in'));
  try {
    return await work(locals.actor);
  } catch (error) {
    if (isStorageFull(error)) return refusalResponse(refused('storage_full'));
    throw error;
  }
}
