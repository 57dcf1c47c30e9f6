import { readJson } from '#lib/http/body.ts';
import { asActor } from '#lib/http/endpoint.ts';
import { respond } from '#lib/http/refusal.ts';
import { Publish } from '#lib/review/publication.ts';
import { app } from '#server/seam.ts';
import type { RequestHandler } from './$types';

export const POST: RequestHandler = ({ locals, params, request }) =>
  asActor(locals, async (actor) => {
    const body = await readJson(request, Publish);
    return respond(body.ok ? await app().publications.publish(actor, params.id, body.value) : body, 201);
  });
