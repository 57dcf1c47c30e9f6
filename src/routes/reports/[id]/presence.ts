/** Who has the report open, from awareness: one entry a person, however many windows they have. */
import { type CaretUser, readClaimedUser } from '#lib/editor/claimed.ts';

export interface PresentPerson extends CaretUser {
  isMe: boolean;
  /** The Yjs client ids of their windows. */
  clients: number[];
}

/**
 * Me first, then the others in the order of their client ids, so that the row does not dance.
 * States come from other browsers: what has no user id or name is left out.
 */
export function presentPeople(states: ReadonlyMap<number, unknown>, myUserId: string): PresentPerson[] {
  const people = new Map<string, PresentPerson>();
  for (const client of [...states.keys()].sort((a, b) => a - b)) {
    const user = readClaimedUser((states.get(client) as { user?: unknown } | null)?.user);
    if (user === null) continue;
    const known = people.get(user.userId);
    if (known) known.clients.push(client);
    else people.set(user.userId, { ...user, isMe: user.userId === myUserId, clients: [client] });
  }
  return [...people.values()].sort((a, b) => Number(b.isMe) - Number(a.isMe));
}
