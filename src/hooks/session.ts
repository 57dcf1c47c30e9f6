import { redirect, type Handle } from '@sveltejs/kit';
import { m } from '#lib/paraglide/messages.js';
import { app } from '#server/seam.ts';
import { refusal } from './refusal.ts';

/** Who makes the request; what prolongs or ends the session goes out with the answer. */
export const session: Handle = async ({ event, resolve }) => {
  const { signedIn, setCookie } = await app().auth.session(event.request.headers);
  event.locals.actor = signedIn?.actor ?? null;
  event.locals.setCookie = setCookie;
  const response = await resolve(event);
  for (const cookie of event.locals.setCookie) response.headers.append('set-cookie', cookie);
  return response;
};

/** Open to everybody: signing in, and what says nothing of anybody. */
const PUBLIC = /^\/(sign-in|setup|language|robots\.txt|api\/auth\/[a-z/-]+|api\/schema\/report\.json)$/;
/** Open to everybody when the reading site is. */
const SITE = /^\/(articles(\/.*)?|sitemap\.xml)$/;
/** Of the site, what no person looks at who could sign in. */
const SITE_FILE = /\.xml$|\/(pictures|files)\//;

/**
 * An empty workspace shows its set-up page; everything but signing in, and the reading site where it is public,
 * needs someone signed in.
 */
export const doors: Handle = async ({ event, resolve }) => {
  const { pathname, search } = event.url;
  const isApi = pathname.startsWith('/api/');
  if (isApi && event.route.id === null) return refusal(event, 404, 'not_found', m.people_error_not_found());
  if (!(await app().setup.isDone())) {
    if (pathname === '/setup') return resolve(event);
    if (isApi) return refusal(event, 503, 'not_set_up', m.people_error_not_set_up());
    redirect(303, '/setup');
  }
  if (pathname === '/setup') redirect(303, '/');
  if (event.locals.actor !== null || PUBLIC.test(pathname)) return resolve(event);
  const isSite = SITE.test(pathname);
  if (isSite && (await app().site.facts()).audience === 'public') return resolve(event);
  if (isApi || (isSite && SITE_FILE.test(pathname)))
    return refusal(event, 401, 'not_signed_in', m.people_error_not_signed_in());
  redirect(303, pathname === '/' ? '/sign-in' : `/sign-in?to=${encodeURIComponent(pathname + search)}`);
};
