import { asActor } from '#lib/http/endpoint.ts';
import { noContent, refused } from '#lib/http/refusal.ts';
import type { Actor } from '#lib/review/permissions.ts';
import type { Outcome } from '#server/outcome.ts';
import { app } from '#server/seam.ts';
import type { RequestHandler } from './$types';

type Change = (actor: Actor, number: number) => Promise<Outcome<null>>;

const change = (locals: App.Locals, number: string, how: Change) =>
  asActor(locals, async (actor) =>
    noContent(/^\d{1,9}$/.test(number) ? await how(actor, Number(number)) : refused('not_found')),
  );

export const PUT: RequestHandler = ({ locals, params }) =>
  change(locals, params.number, app().favourites.keep);

export const DELETE: RequestHandler = ({ locals, params }) =>
  change(locals, params.number, app().favourites.leave);
