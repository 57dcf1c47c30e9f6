/** What the panel asks the server for. */
import { api } from '#lib/http/client.ts';
import type { Candidate } from './Composer.svelte';
import type { Names } from './names.ts';

/** Null: they could not be had now. */
export async function loadNames(reportId: string): Promise<Names | null> {
  const answer = await api('GET', `/api/reports/${reportId}/threads`);
  if (!answer.ok) return null;
  return (answer.value as { people: Names }).people;
}

/** Who can be mentioned here, by the beginning of their name, or of its pinyin. */
export async function findCandidates(reportId: string, text: string): Promise<Candidate[]> {
  const answer = await api('GET', `/api/reports/${reportId}/mentions?q=${encodeURIComponent(text)}`);
  return answer.ok ? (answer.value as { mentions: Candidate[] }).mentions : [];
}
