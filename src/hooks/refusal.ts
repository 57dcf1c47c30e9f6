import { error, json, type RequestEvent } from '@sveltejs/kit';

/** A refusal before any route has run: the API's JSON, or the error page. */
export function refusal(event: RequestEvent, status: number, code: string, message: string): Response {
  if (event.url.pathname.startsWith('/api/')) return json({ error: { code, message } }, { status });
  error(status, { message, code });
}
