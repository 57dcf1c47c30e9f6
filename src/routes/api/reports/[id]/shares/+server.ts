import * as v from 'valibot';
import { check, readJson } from '#lib/http/body.ts';
import { asActor } from '#lib/http/endpoint.ts';
import { noContent, respond } from '#lib/http/refusal.ts';
import { REPORT_ROLES } from '#lib/review/permissions.ts';
import { app } from '#server/seam.ts';
import type { RequestHandler } from './$types';

const subject = { kind: v.picklist(['person', 'department']), id: v.string() };
const Given = v.strictObject({ ...subject, role: v.picklist(REPORT_ROLES) });
const Taken = v.object(subject);

/** Who has the report, and whom else it could be shared with whose name contains `q`. */
export const GET: RequestHandler = ({ locals, params: { id }, url }) =>
  asActor(locals, async (actor) => {
    const { reports } = app();
    const shares = await reports.shares(actor, id);
    if (!shares.ok) return respond(shares);
    const found = await reports.findSubjects(actor, id, (url.searchParams.get('q') ?? '').slice(0, 100));
    // Those who may read but not share see who has it, and are offered nobody.
    return Response.json({ shares: shares.value, candidates: found.ok ? found.value : [] });
  });

export const PUT: RequestHandler = ({ locals, params, request }) =>
  asActor(locals, async (actor) => {
    const body = await readJson(request, Given);
    if (!body.ok) return respond(body);
    const { role, ...whom } = body.value;
    return noContent(await app().reports.share(actor, params.id, whom, role));
  });

export const DELETE: RequestHandler = ({ locals, params, url }) =>
  asActor(locals, async (actor) => {
    const whom = check(Taken, Object.fromEntries(url.searchParams));
    return whom.ok ? noContent(await app().reports.unshare(actor, params.id, whom.value)) : respond(whom);
  });
