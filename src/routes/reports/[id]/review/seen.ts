/** What a person has looked at, kept in their browser. */
import type { Seen } from '#lib/review/list.ts';

const keyOf = (userId: string, reportId: string) => `huigao-seen/${userId}/${reportId}`;

export function keptSeen(userId: string, reportId: string): Seen {
  const text = storage()?.getItem(keyOf(userId, reportId));
  if (!text) return {};
  try {
    return JSON.parse(text) as Seen;
  } catch {
    // Somebody else wrote under our name: everything is news again.
    return {};
  }
}

/** A browser that keeps nothing shows the same news again at the next visit. */
export function keepSeen(userId: string, reportId: string, seen: Seen): void {
  try {
    storage()?.setItem(keyOf(userId, reportId), JSON.stringify(seen));
  } catch (error) {
    if (!(error instanceof DOMException)) throw error;
  }
}

/** Null where the person's settings forbid it. */
function storage(): Storage | null {
  try {
    return localStorage;
  } catch (error) {
    if (error instanceof DOMException) return null;
    throw error;
  }
}
