import type { RequestEvent } from '@sveltejs/kit';
import type { Caller } from '#server/people/auth.ts';

/** Who is at the other end of a request, for sessions and for the lock after failures. */
export function callerOf(event: RequestEvent): Caller {
  return { address: event.getClientAddress(), userAgent: event.request.headers.get('user-agent') };
}
