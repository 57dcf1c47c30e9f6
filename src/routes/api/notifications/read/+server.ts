import * as v from 'valibot';
import { readJson } from '#lib/http/body.ts';
import { asActor } from '#lib/http/endpoint.ts';
import { respond } from '#lib/http/refusal.ts';
import { app } from '#server/seam.ts';
import type { RequestHandler } from './$types';

const Read = v.strictObject({
  ids: v.optional(v.pipe(v.array(v.pipe(v.number(), v.safeInteger())), v.maxLength(100))),
});

/** `{ids}`: these were read; without ids all. Answers `{unread}`, how many are left. */
export const POST: RequestHandler = ({ locals, request }) =>
  asActor(locals, async (actor) => {
    const body = await readJson(request, Read);
    if (!body.ok) return respond(body);
    return Response.json({ unread: await app().notifications.markRead(actor, body.value.ids) });
  });
