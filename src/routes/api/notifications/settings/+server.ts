import * as v from 'valibot';
import { readJson } from '#lib/http/body.ts';
import { asActor } from '#lib/http/endpoint.ts';
import { respond } from '#lib/http/refusal.ts';
import { app } from '#server/seam.ts';
import type { RequestHandler } from './$types';

const Places = v.strictObject({ page: v.boolean(), mail: v.boolean() });
const Settings = v.strictObject({
  mentioned: Places,
  assigned: Places,
  stale: Places,
  replied: Places,
  resolved: Places,
  shared: Places,
  published: Places,
  withdrawn: Places,
});

export const GET: RequestHandler = ({ locals }) =>
  asActor(locals, async (actor) => Response.json(await app().notifications.settings(actor)));

export const PUT: RequestHandler = ({ locals, request }) =>
  asActor(locals, async (actor) => {
    const body = await readJson(request, Settings);
    if (!body.ok) return respond(body);
    await app().notifications.saveSettings(actor, body.value);
    return new Response(null, { status: 204 });
  });
