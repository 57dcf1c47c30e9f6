import { VerifyMany } from '#lib/figures/command.ts';
import { readJson } from '#lib/http/body.ts';
import { asActor } from '#lib/http/endpoint.ts';
import { respond } from '#lib/http/refusal.ts';
import { app } from '#server/seam.ts';
import type { RequestHandler } from './$types';

/** 500 figures with what each says fit in. In bytes. */
const MAX_BYTES = 512 * 1024;

export const POST: RequestHandler = ({ locals, params, request }) =>
  asActor(locals, async (actor) => {
    const body = await readJson(request, VerifyMany, MAX_BYTES);
    return respond(body.ok ? await app().figures.verifyMany(actor, params.id, body.value) : body);
  });
