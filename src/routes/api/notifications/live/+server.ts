import { asActor } from '#lib/http/endpoint.ts';
import { respond } from '#lib/http/refusal.ts';
import { app } from '#server/seam.ts';
import type { RequestHandler } from './$types';

/** Server-sent events: `{unread}` at once and whenever it changes. Ends with the session. */
export const GET: RequestHandler = ({ locals, request }) =>
  asActor(locals, (actor) => {
    const stream = app().live.open(request.headers.get('cookie') ?? '', actor);
    if (stream === null) return Promise.resolve(respond({ ok: false, code: 'too_many' }));
    // The second header keeps proxies from waiting for more before they pass it on.
    const headers = {
      'content-type': 'text/event-stream',
      'cache-control': 'no-store',
      'x-accel-buffering': 'no',
    };
    return Promise.resolve(new Response(stream, { headers }));
  });
