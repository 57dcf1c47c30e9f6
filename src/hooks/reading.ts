import type { Handle, RequestEvent } from '@sveltejs/kit';
import { extractLocaleFromRequest } from '#lib/paraglide/runtime.js';
import type { KeptPage } from '#server/publications/kept.ts';
import { app } from '#server/seam.ts';

const SITE = /^\/(articles(\/.*)?|sitemap\.xml)$/;
/** What the pages look at of their address; whatever else stands there, the page is the same. */
const PARAMETERS = ['department', 'month', 'page'];
/** An answer is another in another language, and for somebody who is signed in. */
const VARY = 'accept-encoding, accept-language, cookie';

/**
 * The reading site's pages from memory. What everybody may read (the routes say so: `public`) is kept as it went
 * out and answered before anything else is asked; when anything changes all of it is forgotten (KeptPages).
 */
export const reading: Handle = async ({ event, resolve }) => {
  if (!SITE.test(event.url.pathname)) return resolve(event);
  const pages = app().keptPages;
  const key = keyOf(event);
  const kept = key === null ? null : pages.get(key);
  if (kept !== null) return answer(event.request, kept);
  const { generation } = pages;
  const response = await resolve(event);
  response.headers.set('vary', VARY);
  if (key === null || !isKeepable(response)) return response;
  const body = new Uint8Array(await response.arrayBuffer());
  const page = app().keepPage(Object.fromEntries(response.headers), body);
  pages.keep(key, page, generation);
  return answer(event.request, page);
};

/** What an answer depends on; null: it is for one reader, or changes with more than this. */
function keyOf({ request, url, isDataRequest, isSubRequest }: RequestEvent): string | null {
  if (request.method !== 'GET' && request.method !== 'HEAD') return null;
  if (isDataRequest || isSubRequest || url.searchParams.has('q')) return null;
  if (request.headers.get('cookie')?.includes('session_token')) return null;
  const asked = PARAMETERS.map((name) => url.searchParams.get(name) ?? '');
  // The origin is in the pages' addresses, and without a configured one it is whatever was asked for.
  return JSON.stringify([extractLocaleFromRequest(request), url.origin, url.pathname, ...asked]);
}

function isKeepable({ status, headers }: Response): boolean {
  return (
    status === 200 &&
    !headers.has('set-cookie') &&
    (headers.get('cache-control')?.startsWith('public') ?? false)
  );
}

function answer(request: Request, { headers, body, gzip, etag }: KeptPage): Response {
  const seen = request.headers
    .get('if-none-match')
    ?.split(',')
    .map((tag) => tag.trim());
  if (seen !== undefined && (seen.includes(etag) || seen.includes('*'))) {
    const { 'cache-control': cache = '', vary = '' } = headers;
    return new Response(null, { status: 304, headers: { etag, 'cache-control': cache, vary } });
  }
  const isGzip = gzip !== null && /\bgzip\b/.test(request.headers.get('accept-encoding') ?? '');
  const bytes = isGzip ? gzip : body;
  return new Response(request.method === 'HEAD' ? null : bytes, {
    headers: {
      ...headers,
      etag,
      'content-length': String(bytes.length),
      ...(isGzip && { 'content-encoding': 'gzip' }),
    },
  });
}
