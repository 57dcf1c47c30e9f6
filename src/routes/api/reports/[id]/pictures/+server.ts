import * as v from 'valibot';
import { mediaType, readJson, readUpload } from '#lib/http/body.ts';
import { asActor } from '#lib/http/endpoint.ts';
import { respond } from '#lib/http/refusal.ts';
import { MAX_PICTURE_BYTES } from '#lib/report/model.ts';
import { REPORT_ID } from '#lib/sync/protocol.ts';
import { app } from '#server/seam.ts';
import type { RequestHandler } from './$types';

const id = v.pipe(v.string(), v.regex(REPORT_ID));
const Copy = v.strictObject({ from: v.strictObject({ reportId: id, pictureId: id }) });

/** A picture's bytes, a form with a `file`, or `{from}`: a picture of another report. */
export const POST: RequestHandler = ({ locals, params, request }) =>
  asActor(locals, async (actor) => {
    const { pictures } = app();
    if (mediaType(request) === 'application/json') {
      const body = await readJson(request, Copy);
      return respond(body.ok ? await pictures.copy(actor, body.value.from, params.id) : body, 201);
    }
    const upload = await readUpload(request, MAX_PICTURE_BYTES);
    return respond(upload.ok ? await pictures.upload(actor, params.id, upload.value) : upload, 201);
  });
