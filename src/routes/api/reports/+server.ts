import * as v from 'valibot';
import { readJson } from '#lib/http/body.ts';
import { asActor } from '#lib/http/endpoint.ts';
import { respond } from '#lib/http/refusal.ts';
import { TEMPLATES } from '#lib/report/templates.ts';
import { MAX_TITLE_LENGTH } from '#lib/report/model.ts';
import { app } from '#server/seam.ts';
import { readQuery } from '../../query.ts';
import type { RequestHandler } from './$types';

const New = v.strictObject({
  title: v.pipe(v.string(), v.maxLength(MAX_TITLE_LENGTH)),
  template: v.optional(v.picklist(TEMPLATES), 'blank'),
});

export const GET: RequestHandler = ({ locals, url }) =>
  asActor(locals, async (actor) =>
    Response.json(await app().reports.list(actor, readQuery(url.searchParams, 'all'))),
  );

export const POST: RequestHandler = ({ locals, request }) =>
  asActor(locals, async (actor) => {
    const body = await readJson(request, New);
    if (!body.ok) return respond(body);
    return respond(await app().reports.create(actor, { from: 'template', ...body.value }), 201);
  });
