import { error } from '@sveltejs/kit';
import { readingText } from '#lib/publish/reading.ts';
import { m } from '#lib/paraglide/messages.js';
import { app } from '#server/seam.ts';
import { articleNumber, readingSite } from '../../../site.ts';
import type { RequestHandler } from './$types';

/** How long a browser need not ask, in seconds: a revision's picture never changes, but it may be withdrawn. */
const HOUR = 3600;

/** The nth picture of a revision, `2-1`. Of the newest revision only: readers meet no other. */
export const GET: RequestHandler = async ({ locals, params, url }) => {
  const [, revision, nth] = /^(\d{1,6})-(\d{1,4})$/.exec(params.picture) ?? [];
  const article = await app().articles.find(articleNumber(params.number));
  const isThere = article?.state === 'published' && article.revision === Number(revision);
  const picture = isThere ? readingText(article.html, () => '').pictures[Number(nth) - 1] : undefined;
  if (picture === undefined) error(404, { message: m.people_error_not_found(), code: 'not_found' });
  const { isForAnybody } = await readingSite(locals, url);
  return new Response(new Uint8Array(Buffer.from(picture.base64, 'base64')), {
    headers: {
      'content-type': picture.type,
      'cache-control': `${isForAnybody ? 'public' : 'private'}, max-age=${HOUR}`,
      'content-security-policy': "default-src 'none'; sandbox",
    },
  });
};
