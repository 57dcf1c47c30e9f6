import { readTerms } from '#lib/figures/term.ts';
import { mediaType, readBytes } from '#lib/http/body.ts';
import { asActor } from '#lib/http/endpoint.ts';
import { respond } from '#lib/http/refusal.ts';
import { app } from '#server/seam.ts';
import { termWords } from '../../../glossary/words.ts';
import type { RequestHandler } from './$types';

/** Ten thousand terms fit in. In bytes. */
const MAX_BYTES = 4 * 1024 * 1024;

/** Takes a CSV file in: UTF-8, else GB18030, as spreadsheets in China write it. */
export const POST: RequestHandler = ({ locals, request }) =>
  asActor(locals, async (actor) => {
    const type = mediaType(request);
    // Other types could be sent by a form of another page.
    if (type !== 'text/csv') return respond({ ok: false, code: 'unsupported_type', detail: 'text/csv' });
    const bytes = await readBytes(request, MAX_BYTES);
    if (!bytes.ok) return respond(bytes);
    const { terms, faults } = readTerms(decode(bytes.value), termWords());
    return respond(await app().glossary.import(actor, terms, faults));
  });

function decode(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    // What is no UTF-8 is what Excel and WPS save as CSV.
    return new TextDecoder('gb18030').decode(bytes);
  }
}
