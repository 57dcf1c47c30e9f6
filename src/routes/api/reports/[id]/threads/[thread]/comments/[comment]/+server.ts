import { readJson } from '#lib/http/body.ts';
import { asActor } from '#lib/http/endpoint.ts';
import { noContent, respond } from '#lib/http/refusal.ts';
import { CommentChange, Plain } from '#lib/review/command.ts';
import { app } from '#server/seam.ts';
import type { RequestHandler } from './$types';

type Params = { id: string; thread: string; comment: string };
const pathOf = ({ id, thread, comment }: Params) => ({
  reportId: id,
  threadId: thread,
  commentId: comment,
});

export const PATCH: RequestHandler = ({ locals, params, request }) =>
  asActor(locals, async (actor) => {
    const body = await readJson(request, CommentChange);
    return respond(body.ok ? await app().review.changeComment(actor, pathOf(params), body.value) : body);
  });

export const DELETE: RequestHandler = ({ locals, params, request }) =>
  asActor(locals, async (actor) => {
    const body = await readJson(request, Plain);
    if (!body.ok) return respond(body);
    return noContent(await app().review.deleteComment(actor, pathOf(params), body.value));
  });
