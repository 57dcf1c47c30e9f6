import { NewDismissal, Restoration } from '#lib/figures/command.ts';
import { readJson } from '#lib/http/body.ts';
import { asActor } from '#lib/http/endpoint.ts';
import { noContent, respond } from '#lib/http/refusal.ts';
import { app } from '#server/seam.ts';
import type { RequestHandler } from './$types';

/** Lets a finding of the checks stand, with a reason. */
export const POST: RequestHandler = ({ locals, params, request }) =>
  asActor(locals, async (actor) => {
    const body = await readJson(request, NewDismissal);
    return respond(body.ok ? await app().figures.dismiss(actor, params.id, body.value) : body, 201);
  });

/** Has it shown again. */
export const DELETE: RequestHandler = ({ locals, params, request }) =>
  asActor(locals, async (actor) => {
    const body = await readJson(request, Restoration);
    if (!body.ok) return respond(body);
    return noContent(await app().figures.restore(actor, params.id, body.value));
  });
