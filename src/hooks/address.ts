import { json, type Handle } from '@sveltejs/kit';
import { m } from '#lib/paraglide/messages.js';

/**
 * An address that cannot be decoded ends here. SvelteKit runs the hooks for it outside of its own care:
 * what a later one throws, be it a redirect, would end the process.
 */
export const address: Handle = ({ event, resolve }) => {
  const { pathname } = event.url;
  if (isDecodable(pathname)) return resolve(event);
  const message = m.people_error_not_found();
  return pathname.startsWith('/api/')
    ? json({ error: { code: 'not_found', message } }, { status: 404 })
    : new Response(message, { status: 404, headers: { 'content-type': 'text/plain; charset=utf-8' } });
};

function isDecodable(path: string): boolean {
  try {
    // The answer is looked at, or the bundler would take the call for one without effect.
    return decodeURI(path) !== '';
  } catch {
    return false;
  }
}
