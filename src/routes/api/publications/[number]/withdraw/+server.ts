import { readJson } from '#lib/http/body.ts';
import { asActor } from '#lib/http/endpoint.ts';
import { noContent, refused, respond } from '#lib/http/refusal.ts';
import { articleNumberIn } from '#lib/review/articlenumber.ts';
import { Withdraw } from '#lib/review/publication.ts';
import { app } from '#server/seam.ts';
import type { RequestHandler } from './$types';

export const POST: RequestHandler = ({ locals, params, request }) =>
  asActor(locals, async (actor) => {
    const body = await readJson(request, Withdraw);
    if (!body.ok) return respond(body);
    const number = articleNumberIn(params.number);
    if (number === null) return respond(refused('not_found'));
    return noContent(await app().publications.withdraw(actor, number, body.value));
  });
