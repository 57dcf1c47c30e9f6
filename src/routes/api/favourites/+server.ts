import { asActor } from '#lib/http/endpoint.ts';
import { app } from '#server/seam.ts';
import type { RequestHandler } from './$types';

export const GET: RequestHandler = ({ locals }) =>
  asActor(locals, async (actor) => Response.json({ favourites: await app().favourites.list(actor) }));
