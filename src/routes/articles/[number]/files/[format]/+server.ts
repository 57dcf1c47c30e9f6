import { attachment } from '#lib/http/attachment.ts';
import { isFormat } from '#lib/publish/formats.ts';
import { app } from '#server/seam.ts';
import { articleNumber, FOR_ANYBODY, noSuchArticle, readingSite } from '../../../site.ts';
import type { RequestHandler } from './$types';

/** The very bytes that were published. */
export const GET: RequestHandler = async ({ locals, params, url }) => {
  const number = articleNumber(params.number);
  if (!isFormat(params.format)) noSuchArticle();
  const file = (await app().articles.rendered(number, params.format)) ?? noSuchArticle();
  const { isForAnybody } = await readingSite(locals, url);
  return new Response(new Uint8Array(file.bytes), {
    headers: {
      'content-type': file.mime,
      'content-disposition': attachment(file.fileName, String(number)),
      'cache-control': isForAnybody ? FOR_ANYBODY : 'private, no-cache',
      'content-security-policy': "sandbox; default-src 'none'; img-src data:; style-src 'unsafe-inline'",
      'x-robots-tag': 'noindex',
    },
  });
};
