import { asActor } from '#lib/http/endpoint.ts';
import { respond } from '#lib/http/refusal.ts';
import { app } from '#server/seam.ts';
import type { RequestHandler } from './$types';

export const GET: RequestHandler = ({ locals, params }) =>
  asActor(locals, async (actor) => {
    const outcome = await app().publications.revisions(actor, params.id);
    return respond(outcome.ok ? { ok: true, value: { revisions: outcome.value } } : outcome);
  });
