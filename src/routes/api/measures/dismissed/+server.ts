import { DismissedMeasureBody } from '#lib/figures/termcommand.ts';
import { readJson } from '#lib/http/body.ts';
import { asActor } from '#lib/http/endpoint.ts';
import { noContent, respond } from '#lib/http/refusal.ts';
import { app } from '#server/seam.ts';
import type { RequestHandler } from './$types';

/** What looks like a measure and is none, for the whole workspace. */
export const GET: RequestHandler = ({ locals }) =>
  asActor(locals, async (actor) => Response.json({ measures: await app().glossary.dismissed(actor) }));

export const PUT: RequestHandler = ({ locals, request }) =>
  asActor(locals, async (actor) => {
    const body = await readJson(request, DismissedMeasureBody);
    if (!body.ok) return respond(body);
    return noContent(await app().glossary.dismiss(actor, body.value.name, body.value.reason));
  });

export const DELETE: RequestHandler = ({ locals, url }) =>
  asActor(locals, async (actor) =>
    noContent(await app().glossary.restore(actor, url.searchParams.get('name') ?? '')),
  );
