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
