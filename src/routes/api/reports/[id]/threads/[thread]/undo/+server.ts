import { readJson } from '#lib/http/body.ts';
import { asActor } from '#lib/http/endpoint.ts';
import { respond } from '#lib/http/refusal.ts';
import { Plain } from '#lib/review/command.ts';
import { app } from '#server/seam.ts';
import type { RequestHandler } from './$types';

export const POST: RequestHandler = ({ locals, params, request }) =>
  asActor(locals, async (actor) => {
    const body = await readJson(request, Plain);
    const at = { reportId: params.id, threadId: params.thread };
    return respond(body.ok ? await app().review.undo(actor, at, body.value) : body);
  });
