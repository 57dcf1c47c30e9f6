import { readJson } from '#lib/http/body.ts';
import { asActor } from '#lib/http/endpoint.ts';
import { respond } from '#lib/http/refusal.ts';
import { NewComment } from '#lib/review/command.ts';
import { app } from '#server/seam.ts';
import type { RequestHandler } from './$types';

export const POST: RequestHandler = ({ locals, params, request }) =>
  asActor(locals, async (actor) => {
    const body = await readJson(request, NewComment);
    const at = { reportId: params.id, threadId: params.thread };
    return respond(body.ok ? await app().review.reply(actor, at, body.value) : body, 201);
  });
