/** What the page asks of the server over HTTP. Each answers what was wrong, in the reader's language, or null. */
import type { PictureRef } from '#lib/editor/uploads.ts';
import { api } from '#lib/http/client.ts';
import { m } from '#lib/paraglide/messages.js';
import type { ReportStatus } from '#lib/review/permissions.ts';

export async function changeStatus(reportId: string, status: ReportStatus): Promise<string | null> {
  const answer = await api('PATCH', `/api/reports/${reportId}`, { status });
  return answer.ok ? null : answer.message;
}

/** Brings the report back from the trash. */
export async function restore(reportId: string): Promise<string | null> {
  const answer = await api('PATCH', `/api/reports/${reportId}`, { trashed: false });
  return answer.ok ? null : answer.message;
}

/** Signs in on this page, for as long as the browser is open. */
export async function signIn(username: string, password: string): Promise<string | null> {
  const body = { username, password, rememberMe: false };
  const answer = await api('POST', '/api/auth/sign-in/username', body);
  if (answer.ok) return null;
  switch (answer.code) {
    case 'wrong_password':
      return m.people_sign_in_wrong();
    case 'forbidden':
      return m.people_sign_in_disabled();
    case 'too_many':
      return m.report_sign_in_again_locked();
    default:
      return answer.message;
  }
}

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
