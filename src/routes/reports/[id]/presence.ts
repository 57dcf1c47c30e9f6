/** Who has the report open: one entry a person, however many windows they have. */
import type { CaretUser } from '#lib/editor/carets.ts';

export interface PresentPerson extends CaretUser {
  isMe: boolean;
  /** The Yjs client ids of their windows. */
  clients: number[];
}

/**
 * Me first, then the others in the order of their client ids, so that the row does not dance. `present` are the
 * client ids of awareness, `people` whom the server says to be behind them; my own window needs no server.
 */
export function presentPeople(
  present: Iterable<number>,
  people: ReadonlyMap<number, CaretUser>,
  me: { client: number; user: CaretUser },
): PresentPerson[] {
  const found = new Map<string, PresentPerson>();
  for (const client of [...present].sort((a, b) => a - b)) {
    const user = client === me.client ? me.user : people.get(client);
    if (user === undefined) continue;
    const known = found.get(user.userId);
    if (known) known.clients.push(client);
    else found.set(user.userId, { ...user, isMe: user.userId === me.user.userId, clients: [client] });
  }
  return [...found.values()].sort((a, b) => Number(b.isMe) - Number(a.isMe));
}
