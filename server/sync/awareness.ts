/** Presence in one room: passed on, never parsed. Each state belongs to the socket that brought it. */
import type { Present } from './owners.ts';
import { awarenessFrame, GONE, isGone, readPresences, type Presence } from './frame.ts';

/** Whether somebody may be present under a client id that nobody is present under. */
export type MayClaim<O> = (owner: O, client: number) => boolean;

interface Known<O> extends Presence {
  owner: O;
}

/** The largest state that is passed on, in bytes of JSON. */
const MAX_STATE_BYTES = 4096;
/** How many Yjs clients one socket may ever speak for; a page has one for each fresh document. */
const MAX_CLIENTS = 4;
/** How many who left are remembered: a late echo of their state must not bring them back. */
const MAX_LEFT = 1000;

export class Awareness<O extends Present> {
  readonly #known = new Map<number, Known<O>>();
  /** Who left, and their last clock. */
  readonly #left = new Map<number, { clock: number; userId: string; extended: boolean }>();
  /** The clients that each socket has spoken for. */
  readonly #spokenFor = new Map<O, Set<number>>();
  #changed = new Map<number, Presence>();
  /** Clients that came, changed hands, or left: null. */
  #moved = new Map<number, O | null>();
  readonly #mayClaim: MayClaim<O>;

  constructor(mayClaim: MayClaim<O>) {
    this.#mayClaim = mayClaim;
  }

  /** Who is present under a client id, or was and may come back under it; null: nobody. */
  holder(client: number): Present | null {
    return this.#known.get(client)?.owner ?? this.#left.get(client) ?? null;
  }

  /** Takes what a socket brings. Answers false when the message is malformed. */
  receive(owner: O, states: Uint8Array): boolean {
    const presences = readPresences(states);
    if (presences === null) return false;
    for (const presence of presences) this.#take(owner, presence);
    return true;
  }

  #take(owner: O, { client, clock, state }: Presence): void {
    const known = this.#known.get(client);
    if (known === undefined) {
      if (isGone(state) || state.length > MAX_STATE_BYTES) return;
      const left = this.#left.get(client);
      if (left !== undefined && (clock <= left.clock || left.userId !== owner.userId)) return;
      if (!this.#mayClaim(owner, client)) return;
    } else {
      // Every client echoes what it is told, so most of what comes is old or about others. A person's
      // newer socket takes over from one that is not known to be dead yet.
      if (known.owner !== owner && known.owner.userId !== owner.userId) return;
      const isLeaving = known.owner === owner && clock === known.clock && isGone(state);
      if (clock <= known.clock && !isLeaving) return;
      if (state.length > MAX_STATE_BYTES) return;
    }
    if (!this.#maySpeakFor(owner, client)) return;
    if (isGone(state)) this.#remove(client, clock, owner);
    else {
      if (known?.owner !== owner) this.#moved.set(client, owner);
      // A copy: the frame that it came in may be a large one.
      const kept = { client, clock, state: state.slice() };
      this.#known.set(client, { ...kept, owner });
      this.#changed.set(client, kept);
    }
  }

  #maySpeakFor(owner: O, client: number): boolean {
    let clients = this.#spokenFor.get(owner);
    if (clients === undefined) this.#spokenFor.set(owner, (clients = new Set()));
    if (clients.size < MAX_CLIENTS) clients.add(client);
    return clients.has(client);
  }

  /** A socket closed: its clients leave. */
  leave(owner: O): void {
    for (const client of this.#spokenFor.get(owner) ?? []) {
      const known = this.#known.get(client);
      if (known?.owner === owner) this.#remove(client, known.clock, owner);
    }
    this.#spokenFor.delete(owner);
  }

  #remove(client: number, clock: number, { userId, extended }: O): void {
    this.#known.delete(client);
    this.#moved.set(client, null);
    this.#changed.set(client, { client, clock, state: GONE });
    this.#left.delete(client);
    this.#left.set(client, { clock, userId, extended });
    const [oldest] = this.#left.keys();
    if (this.#left.size > MAX_LEFT && oldest !== undefined) this.#left.delete(oldest);
  }

  /** Who is behind a socket's clients is to be said anew. */
  renamed(owner: O): void {
    for (const { client, owner: other } of this.#known.values()) {
      if (other === owner) this.#moved.set(client, owner);
    }
  }

  get hasChanged(): boolean {
    return this.#changed.size > 0 || this.#moved.size > 0;
  }

  /** Who is behind each client that came or changed hands since the last call; null: it left. */
  takeMoved(): ReadonlyMap<number, O | null> {
    const moved = this.#moved;
    this.#moved = new Map();
    return moved;
  }

  /** Who is behind each client that is present. */
  holders(): ReadonlyMap<number, O> {
    return new Map([...this.#known].map(([client, { owner }]) => [client, owner]));
  }

  /** One frame of all that changed since the last call; null: nothing did. */
  takeFrame(): Uint8Array | null {
    if (this.#changed.size === 0) return null;
    const frame = awarenessFrame([...this.#changed.values()]);
    this.#changed = new Map();
    return frame;
  }

  /** Everyone present, for who has just come; null: nobody is. */
  fullFrame(): Uint8Array | null {
    return this.#known.size === 0 ? null : awarenessFrame([...this.#known.values()]);
  }

  /** Everyone present, and who left, for who was not told for a while; null: nobody was here. */
  historyFrame(): Uint8Array | null {
    if (this.#known.size + this.#left.size === 0) return null;
    const gone = [...this.#left]
      .filter(([client]) => !this.#known.has(client))
      .map(([client, { clock }]) => ({ client, clock, state: GONE }));
    return awarenessFrame([...this.#known.values(), ...gone]);
  }
}
