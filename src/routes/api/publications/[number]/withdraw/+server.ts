import { readJson } from '#lib/http/body.ts';
import { asActor } from '#lib/http/endpoint.ts';
import { noContent, respond } from '#lib/http/refusal.ts';
import { Withdraw } from '#lib/review/publication.ts';
import { app } from '#server/seam.ts';
import type { RequestHandler } from './$types';

export const POST: RequestHandler = ({ locals, params, request }) =>
  asActor(locals, async (actor) => {
    const body = await readJson(request, Withdraw);
    if (!body.ok) return respond(body);
    if (!/^\d{6}$/.test(params.number)) return respond({ ok: false, code: 'not_found' });
    return noContent(await app().publications.withdraw(actor, Number(params.number), body.value));
  });
