import { FigureChange } from '#lib/figures/command.ts';
import { readJson } from '#lib/http/body.ts';
import { asActor } from '#lib/http/endpoint.ts';
import { noContent, respond } from '#lib/http/refusal.ts';
import { Plain } from '#lib/review/command.ts';
import { app } from '#server/seam.ts';
import type { RequestHandler } from './$types';

/** A state vector of many writers and a long quote fit in. In bytes. */
const MAX_BYTES = 128 * 1024;

export const PATCH: RequestHandler = ({ locals, params, request }) =>
  asActor(locals, async (actor) => {
    const body = await readJson(request, FigureChange, MAX_BYTES);
    const at = { reportId: params.id, figureId: params.figure };
    return respond(body.ok ? await app().figures.change(actor, at, body.value) : body);
  });

export const DELETE: RequestHandler = ({ locals, params, request }) =>
  asActor(locals, async (actor) => {
    const body = await readJson(request, Plain);
    if (!body.ok) return respond(body);
    const at = { reportId: params.id, figureId: params.figure };
    return noContent(await app().figures.remove(actor, at, body.value));
  });
