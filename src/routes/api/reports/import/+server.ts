import { readForm } from '#lib/http/body.ts';
import { asActor } from '#lib/http/endpoint.ts';
import { refusalMessage, refused, respond } from '#lib/http/refusal.ts';
import type { Actor } from '#lib/review/permissions.ts';
import { app } from '#server/seam.ts';
import type { ImportAnswer, ImportedFile } from '../../../import/answer.ts';
import { faultMessage } from '../../../import/words.ts';
import type { RequestHandler } from './$types';

/** All files of a request together, in bytes: one of our JSON with its pictures fits in. */
const MAX_BYTES = 36 * 1024 * 1024;
const MAX_FILES = 20;

/** Each file becomes a report of its own, or is refused by itself. */
export const POST: RequestHandler = ({ locals, request }) =>
  asActor(locals, async (actor) => {
    const form = await readForm(request, MAX_BYTES);
    if (!form.ok) return respond(form);
    const { files, fields } = form.value;
    if (files.length > MAX_FILES) return respond(refused('too_many', String(MAX_FILES)));
    const unknown = Object.keys(fields).find((name) => name !== 'punctuation');
    if (unknown !== undefined) return respond(refused('invalid', unknown.slice(0, 40)));
    const punctuation = fields['punctuation'] === '1';
    if (!punctuation && (fields['punctuation'] ?? '0') !== '0')
      return respond(refused('invalid', 'punctuation'));
    const answer: ImportAnswer = { files: [] };
    for (const file of files) answer.files.push(await importOne(actor, file, punctuation));
    return Response.json(answer);
  });

async function importOne(
  actor: Actor,
  file: { name: string; bytes: Uint8Array },
  punctuation: boolean,
): Promise<ImportedFile> {
  const { name } = file;
  const outcome = await app().importFile(actor, file, { punctuation });
  if (!outcome.ok) {
    const { code, detail } = outcome;
    return {
      name,
      error: { code, message: refusalMessage(outcome), ...(detail !== undefined && { detail }) },
    };
  }
  if (outcome.value.ok) return { name, reportId: outcome.value.reportId, report: outcome.value.summary };
  const { fault, detail } = outcome.value;
  const message = faultMessage(fault, detail);
  return { name, error: { code: fault, message, ...(detail !== undefined && { detail }) } };
}
