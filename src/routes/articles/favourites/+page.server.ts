import { app } from '#server/seam.ts';
import type { PageServerLoad } from './$types';

/** `kept` null: nobody is signed in, and the browser knows. */
export const load: PageServerLoad = async ({ locals: { actor } }) => ({
  kept: actor === null ? null : await app().favourites.list(actor),
});
