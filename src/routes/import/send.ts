/** Sends one file to `POST /api/reports/import`, telling how far it has come. */
import type { ImportSummary } from '#lib/import/imported.ts';
import { m } from '#lib/paraglide/messages.js';
import type { ImportAnswer } from './answer.ts';

export type Sent = { ok: true; reportId: string; report: ImportSummary } | { ok: false; message: string };

/** @param onprogress is told the share that has been sent, 0 to 1 */
export function sendFile(
  file: File,
  punctuation: boolean,
  onprogress: (share: number) => void,
): Promise<Sent> {
  const form = new FormData();
  form.append('file', file);
  if (punctuation) form.append('punctuation', '1');
  // fetch does not tell how much of a request has been sent.
  const request = new XMLHttpRequest();
  request.open('POST', '/api/reports/import');
  request.responseType = 'json';
  request.upload.addEventListener('progress', ({ loaded, total }) =>
    onprogress(total > 0 ? loaded / total : 1),
  );
  request.upload.addEventListener('load', () => onprogress(1));
  return new Promise((resolve) => {
    request.addEventListener('load', () => resolve(outcomeOf(request.response)));
    request.addEventListener('error', () => resolve({ ok: false, message: m.error_offline() }));
    request.send(form);
  });
}

function outcomeOf(answer: unknown): Sent {
  const refusal = errorOf(answer);
  if (refusal !== null) return { ok: false, message: refusal };
  if (typeof answer !== 'object' || answer === null || !('files' in answer)) {
    return { ok: false, message: m.error_unexpected() };
  }
  const [file] = (answer as ImportAnswer).files;
  if (file === undefined) return { ok: false, message: m.error_unexpected() };
  return 'error' in file
    ? { ok: false, message: file.error.message }
    : { ok: true, reportId: file.reportId, report: file.report };
}

/** The sentence of a request that was refused as a whole. */
function errorOf(answer: unknown): string | null {
  if (typeof answer !== 'object' || answer === null || !('error' in answer)) return null;
  const { error } = answer;
  const isSaid = typeof error === 'object' && error !== null && 'message' in error;
  return isSaid ? String(error.message) : m.error_unexpected();
}
