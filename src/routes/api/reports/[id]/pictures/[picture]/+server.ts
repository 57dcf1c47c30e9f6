import { asActor } from '#lib/http/endpoint.ts';
import { respond } from '#lib/http/refusal.ts';
import { app } from '#server/seam.ts';
import type { RequestHandler } from './$types';

export const GET: RequestHandler = ({ locals, params }) =>
  asActor(locals, async (actor) => {
    const picture = await app().pictures.read(actor, params.id, params.picture);
    if (!picture.ok) return respond(picture);
    const { type, bytes } = picture.value;
    const name = `${params.picture}.${type === 'image/jpeg' ? 'jpg' : type.slice('image/'.length)}`;
    return new Response(new Uint8Array(bytes), {
      headers: {
        'content-type': type,
        'content-length': String(bytes.length),
        'content-disposition': `inline; filename="${name}"`,
        // An id always means the same bytes; but only for those who may read the report.
        'cache-control': 'private, max-age=31536000, immutable',
        // The next person at this computer is another reader.
        vary: 'cookie',
        'x-content-type-options': 'nosniff',
        'content-security-policy': "default-src 'none'; sandbox",
        'cross-origin-resource-policy': 'same-origin',
      },
    });
  });
