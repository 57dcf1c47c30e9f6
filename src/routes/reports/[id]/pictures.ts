/** Pictures that are put into the text, sent to the server. */
import type { PictureRef } from '#lib/editor/uploads.ts';
import { m } from '#lib/paraglide/messages.js';

/** Uploads a picture's bytes to the report. Throws with the server's words when it is refused. */
export const uploadPicture = (reportId: string, file: File): Promise<{ id: string }> =>
  addPicture(reportId, file.type || 'application/octet-stream', file);

/** Copies another report's picture to this one, if the server allows it; throws with its words if not. */
export const copyPicture = (reportId: string, from: PictureRef): Promise<{ id: string }> =>
  addPicture(reportId, 'application/json', JSON.stringify({ from }));

async function addPicture(reportId: string, type: string, body: BodyInit): Promise<{ id: string }> {
  let response: Response;
  try {
    response = await fetch(`/api/reports/${reportId}/pictures`, {
      method: 'POST',
      headers: { 'content-type': type },
      body,
    });
  } catch (cause) {
    throw new Error(m.error_offline(), { cause });
  }
  const answer = (await response.json()) as { id: string } | { error: { code: string; message: string } };
  if (!('error' in answer)) return answer;
  const { code, message } = answer.error;
  throw new Error(code === 'unsupported_type' ? m.editor_picture_type() : message);
}
