import * as v from 'valibot';
import { readJson } from '#lib/http/body.ts';
import { asActor } from '#lib/http/endpoint.ts';
import { noContent, respond } from '#lib/http/refusal.ts';
import { SETTABLE_STATUSES, type Actor } from '#lib/review/permissions.ts';
import { MAX_TITLE_LENGTH } from '#lib/report/model.ts';
import type { Outcome } from '#server/outcome.ts';
import { app } from '#server/seam.ts';
import type { RequestHandler } from './$types';

/** One change at a time: so a refusal always means that nothing was changed. */
const Change = v.union([
  v.strictObject({ title: v.pipe(v.string(), v.trim(), v.minLength(1), v.maxLength(MAX_TITLE_LENGTH)) }),
  v.strictObject({ status: v.picklist(SETTABLE_STATUSES) }),
  v.strictObject({ trashed: v.boolean() }),
]);

export const GET: RequestHandler = ({ locals, params }) =>
  asActor(locals, async (actor) => respond(await app().reports.get(actor, params.id)));

export const PATCH: RequestHandler = ({ locals, params: { id }, request }) =>
  asActor(locals, async (actor) => {
    const body = await readJson(request, Change);
    if (!body.ok) return respond(body);
    const changed = await apply(actor, id, body.value);
    return respond(changed.ok ? await app().reports.get(actor, id) : changed);
  });

function apply(actor: Actor, id: string, change: v.InferOutput<typeof Change>): Promise<Outcome<unknown>> {
  const { reports } = app();
  if ('title' in change) return reports.rename(actor, id, change.title);
  if ('status' in change) return reports.setStatus(actor, id, change.status);
  return change.trashed ? reports.trash(actor, id) : reports.restore(actor, id);
}

export const DELETE: RequestHandler = ({ locals, params }) =>
  asActor(locals, async (actor) => {
    return noContent(await app().reports.trash(actor, params.id));
  });
