import { asActor } from '#lib/http/endpoint.ts';
import { respond } from '#lib/http/refusal.ts';
import { app } from '#server/seam.ts';
import type { RequestHandler } from './$types';

/** Whom a comment may mention, by name or pinyin: `{mentions: [{kind, id, name, department, hue}]}`. */
export const GET: RequestHandler = ({ locals, params, url }) =>
  asActor(locals, async (actor) => {
    const text = (url.searchParams.get('q') ?? '').slice(0, 50);
    const found = await app().reports.findMentions(actor, params.id, text);
    return found.ok ? Response.json({ mentions: found.value }) : respond(found);
  });
