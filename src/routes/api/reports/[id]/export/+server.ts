import { asActor } from '#lib/http/endpoint.ts';
import { respond } from '#lib/http/refusal.ts';
import { FORMATS, isFormat } from '#lib/publish/formats.ts';
import { app } from '#server/seam.ts';
import type { RequestHandler } from './$types';

/** An export is text of its own origin: nothing in it runs, asks the network, or is kept by a cache. */
const HEADERS = {
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff',
  'content-security-policy': "sandbox; default-src 'none'; img-src data:; style-src 'unsafe-inline'",
};

export const GET: RequestHandler = ({ locals, params, url }) =>
  asActor(locals, async (actor) => {
    const format = url.searchParams.get('format') ?? 'html';
    if (!isFormat(format)) {
      return respond({ ok: false, code: 'invalid', detail: `format: ${FORMATS.join(', ')}` });
    }
    const exported = await app().exportReport(actor, params.id, format);
    if (!exported.ok) return respond(exported);
    const { fileName, mime, body, leftOut, missingPictures } = exported.value;
    const disposition = url.searchParams.has('preview') ? 'inline' : 'attachment';
    return new Response(body, {
      headers: {
        ...HEADERS,
        'content-type': mime,
        'content-disposition': `${disposition}; filename="${asciiName(fileName)}"; filename*=UTF-8''${extValue(fileName)}`,
        'huigao-left-out': String(leftOut.length + missingPictures.length),
      },
    });
  });

/** For clients that know no `filename*`. */
const asciiName = (name: string) => `report${/\.[a-z.]+$/.exec(name)?.[0] ?? ''}`;

/** RFC 8187's ext-value: what encodeURIComponent leaves and the RFC does not allow is escaped too. */
const extValue = (name: string) =>
  encodeURIComponent(name).replace(/['()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`);
