import { TermBody } from '#lib/figures/termcommand.ts';
import { readJson } from '#lib/http/body.ts';
import { asActor } from '#lib/http/endpoint.ts';
import { noContent, respond } from '#lib/http/refusal.ts';
import { app } from '#server/seam.ts';
import type { RequestHandler } from './$types';

/** All of a term anew. */
export const PUT: RequestHandler = ({ locals, params, request }) =>
  asActor(locals, async (actor) => {
    const body = await readJson(request, TermBody);
    return body.ok ? noContent(await app().glossary.change(actor, params.term, body.value)) : respond(body);
  });

export const DELETE: RequestHandler = ({ locals, params }) =>
  asActor(locals, async (actor) => noContent(await app().glossary.remove(actor, params.term)));
