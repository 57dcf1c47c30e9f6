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
    const { id, revision } = params;
    if (!/^\d{1,6}$/.test(revision)) return respond({ ok: false, code: 'not_found' });
    const found = await app().publications.rendered(actor, id, Number(revision), format);
    if (!found.ok) return respond(found);
    const { bytes, fileName, mime } = found.value;
    const disposition = url.searchParams.has('preview') ? 'inline' : 'attachment';
    return new Response(new Uint8Array(bytes), {
      headers: {
        ...EXPORT_HEADERS,
        'content-type': mime,
        'content-disposition': attachment(fileName, 'article', disposition),
      },
    });
  });
