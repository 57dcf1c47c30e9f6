import { attachment, EXPORT_HEADERS } from '#lib/http/attachment.ts';
import { asActor } from '#lib/http/endpoint.ts';
import { respond } from '#lib/http/refusal.ts';
import { FORMATS, isFormat } from '#lib/publish/formats.ts';
import { app } from '#server/seam.ts';
import type { RequestHandler } from './$types';

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
        ...EXPORT_HEADERS,
        'content-type': mime,
        'content-disposition': attachment(fileName, 'report', disposition),
        'huigao-left-out': String(leftOut.length + missingPictures.length),
      },
    });
  });
