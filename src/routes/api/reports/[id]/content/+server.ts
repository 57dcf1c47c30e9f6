import * as v from 'valibot';
import { readJson } from '#lib/http/body.ts';
import { asActor } from '#lib/http/endpoint.ts';
import { respond } from '#lib/http/refusal.ts';
import { app } from '#server/seam.ts';
import type { RequestHandler } from './$types';

/** Pictures travel inside, as base64. Below what the process takes in at all (BODY_SIZE_LIMIT). */
const MAX_CONTENT_BYTES = 36 * 1024 * 1024;

export const PUT: RequestHandler = ({ locals, params, request }) =>
  asActor(locals, async (actor) => {
    const body = await readJson(request, v.unknown(), MAX_CONTENT_BYTES);
    return respond(body.ok ? await app().reports.putContent(actor, params.id, body.value) : body);
  });
