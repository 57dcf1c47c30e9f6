/** Who has the report open, from awareness: one entry a person, however many windows they have. */

export interface PresentPerson {
  userId: string;
  name: string;
  department: string | null;
  hue: number | null;
  isMe: boolean;
  /** The Yjs client ids of their windows. */
  clients: number[];
}

interface PresenceState {
  user?: { userId?: unknown; name?: unknown; department?: unknown; hue?: unknown };
}

const text = (value: unknown): string | null => (typeof value === 'string' && value !== '' ? value : null);

/**
 * Me first, then the others in the order of their client ids, so that the row does not dance.
 * States come from other browsers: what has no user id or name is left out.
 */
export function presentPeople(states: ReadonlyMap<number, unknown>, myUserId: string): PresentPerson[] {
  const people = new Map<string, PresentPerson>();
  for (const client of [...states.keys()].sort((a, b) => a - b)) {
    const { user } = (states.get(client) ?? {}) as PresenceState;
    const userId = text(user?.userId);
    const name = text(user?.name);
    if (userId === null || name === null) continue;
    const known = people.get(userId);
    if (known === undefined) {
      const hue = Number.isInteger(user?.hue) ? Number(user?.hue) : null;
      const department = text(user?.department);
      people.set(userId, { userId, name, department, hue, isMe: userId === myUserId, clients: [client] });
    } else known.clients.push(client);
  }
  return [...people.values()].sort((a, b) => Number(b.isMe) - Number(a.isMe));
}
