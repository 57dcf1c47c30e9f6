import { readJson } from '#lib/http/body.ts';
import { asActor } from '#lib/http/endpoint.ts';
import { respond } from '#lib/http/refusal.ts';
import { NewThread } from '#lib/review/command.ts';
import { app } from '#server/seam.ts';
import type { RequestHandler } from './$types';

/** A state vector of many writers and a long quote fit in. In bytes. */
const MAX_BYTES = 128 * 1024;

export const GET: RequestHandler = ({ locals, params }) =>
  asActor(locals, async (actor) => respond(await app().review.list(actor, params.id)));

export const POST: RequestHandler = ({ locals, params, request }) =>
  asActor(locals, async (actor) => {
    const body = await readJson(request, NewThread, MAX_BYTES);
    return respond(body.ok ? await app().review.create(actor, params.id, body.value) : body, 201);
  });
