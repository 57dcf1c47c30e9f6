import { TermBody } from '#lib/figures/termcommand.ts';
import { readJson } from '#lib/http/body.ts';
import { asActor } from '#lib/http/endpoint.ts';
import { respond } from '#lib/http/refusal.ts';
import type { Outcome } from '#server/outcome.ts';
import { app } from '#server/seam.ts';
import type { RequestHandler } from './$types';

const noContent = (outcome: Outcome<null>) =>
  outcome.ok ? new Response(null, { status: 204 }) : respond(outcome);

/** All of a term anew. */
export const PUT: RequestHandler = ({ locals, params, request }) =>
  asActor(locals, async (actor) => {
    const body = await readJson(request, TermBody);
    return body.ok ? noContent(await app().glossary.change(actor, params.term, body.value)) : respond(body);
  });

export const DELETE: RequestHandler = ({ locals, params }) =>
  asActor(locals, async (actor) => noContent(await app().glossary.remove(actor, params.term)));
