import { asActor } from '#lib/http/endpoint.ts';
import { app } from '#server/seam.ts';
import type { RequestHandler } from './$types';

/** One's own notifications, the newest first; `unread=1`: only those not read. */
export const GET: RequestHandler = ({ locals, url }) =>
  asActor(locals, async (actor) => {
    const page = Number(url.searchParams.get('page') ?? 1);
    const unreadOnly = url.searchParams.get('unread') === '1';
    return Response.json(await app().notifications.list(actor, { page, unreadOnly }));
  });
