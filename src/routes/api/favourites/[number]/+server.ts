import { asActor } from '#lib/http/endpoint.ts';
import { noContent, refused } from '#lib/http/refusal.ts';
import { articleNumberIn } from '#lib/review/articlenumber.ts';
import type { Actor } from '#lib/review/permissions.ts';
import type { Outcome } from '#server/outcome.ts';
import { app } from '#server/seam.ts';
import type { RequestHandler } from './$types';

type Change = (actor: Actor, number: number) => Promise<Outcome<null>>;

const change = (locals: App.Locals, text: string, how: Change) =>
  asActor(locals, async (actor) => {
    const number = articleNumberIn(text);
    return noContent(number === null ? refused('not_found') : await how(actor, number));
  });

export const PUT: RequestHandler = ({ locals, params }) =>
  change(locals, params.number, app().favourites.keep);

export const DELETE: RequestHandler = ({ locals, params }) =>
  change(locals, params.number, app().favourites.leave);
