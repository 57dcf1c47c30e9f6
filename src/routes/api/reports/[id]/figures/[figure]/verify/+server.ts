import { Verify } from '#lib/figures/command.ts';
import { readJson } from '#lib/http/body.ts';
import { asActor } from '#lib/http/endpoint.ts';
import { respond } from '#lib/http/refusal.ts';
import { Plain } from '#lib/review/command.ts';
import { app } from '#server/seam.ts';
import type { RequestHandler } from './$types';

export const POST: RequestHandler = ({ locals, params, request }) =>
  asActor(locals, async (actor) => {
    const body = await readJson(request, Verify);
    const at = { reportId: params.id, figureId: params.figure };
    return respond(body.ok ? await app().figures.verify(actor, at, body.value) : body);
  });

/** Takes a verification back. */
export const DELETE: RequestHandler = ({ locals, params, request }) =>
  asActor(locals, async (actor) => {
    const body = await readJson(request, Plain);
    const at = { reportId: params.id, figureId: params.figure };
    return respond(body.ok ? await app().figures.unverify(actor, at, body.value) : body);
  });
