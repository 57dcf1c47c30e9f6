import { readingSite } from '../articles/site.ts';
import type { RequestHandler } from './$types';

/** Search engines may read what everybody may, and nothing else. */
export const GET: RequestHandler = async ({ locals, url }) => {
  const { audience, origin } = await readingSite(locals, url);
  const allowed = ['/articles', '/_app/', '/reading.js', '/favicon.svg'].map((path) => `Allow: ${path}`);
  const lines =
    audience === 'public'
      ? ['User-agent: *', ...allowed, 'Disallow: /', '', `Sitemap: ${origin}/sitemap.xml`]
      : ['User-agent: *', 'Disallow: /'];
  return new Response(`${lines.join('\n')}\n`, { headers: { 'content-type': 'text/plain; charset=utf-8' } });
};
