/** What the page asks of the server over HTTP. Each answers what was wrong, in the reader's language, or null. */
import { api } from '#lib/http/client.ts';
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

export async function signIn(username: string, password: string): Promise<string | null> {
  const answer = await api('POST', '/api/auth/sign-in/username', { username, password });
  return answer.ok ? null : answer.message;
}

/** Uploads a picture's bytes to the report. Throws with the server's words when it is refused. */
export async function uploadPicture(reportId: string, file: File): Promise<{ id: string }> {
  const response = await fetch(`/api/reports/${reportId}/pictures`, {
    method: 'POST',
    headers: { 'content-type': file.type || 'application/octet-stream' },
    body: file,
  });
  const answer = (await response.json()) as { id: string } | { error: { message: string } };
  if ('error' in answer) throw new Error(answer.error.message);
  return answer;
}
