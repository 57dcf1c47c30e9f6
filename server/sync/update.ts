/** A Yjs update, decoded once, and what it would do to a document. */
import { createDecoder, readVarUint } from 'lib0/decoding';
import { createEncoder, toUint8Array, writeVarUint } from 'lib0/encoding';
import * as Y from 'yjs';

export type Struct = Y.Item | Y.GC;
export type Range = { clock: number; len: number };

export interface Update {
  bytes: Uint8Array;
  /** Structs of each Yjs client, in the order of their clocks. */
  structs: Map<number, Struct[]>;
  deletes: Map<number, readonly Range[]>;
}

/** What is known of a document: the committed state and what is queued before. */
export interface Known {
  clock(client: number): number;
  isDeleted(client: number, clock: number, length: number): boolean;
}

/** `noop`: all of it is known. `missing`: it builds on what is not known. */
export type Verdict = 'new' | 'noop' | 'missing';

/** No honest clock comes near it, and sums of two stay exact. */
const MAX_CLOCK = 2 ** 51;

/**
 * Decodes an update; null when it is malformed. `bytes` must be all of its own buffer or the end of it:
 * Yjs reads strings from the buffer behind the view, past the view's end.
 */
export function decodeUpdate(bytes: Uint8Array): Update | null {
  let decoded: ReturnType<typeof Y.decodeUpdate>;
  let groups: number;
  try {
    decoded = Y.decodeUpdate(bytes);
    groups = readVarUint(createDecoder(bytes));
  } catch {
    // Whatever Yjs throws on bytes that are no update, they are no update.
    return null;
  }
  const structs = new Map<number, Struct[]>();
  for (const struct of decoded.structs) {
    const { client, clock } = struct.id;
    if (struct.length <= 0 || clock + struct.length > MAX_CLOCK) return null;
    if (struct instanceof Y.Skip) {
      if (!structs.has(client)) structs.set(client, []);
      continue;
    }
    // A struct that names one of its own client's later ones makes Yjs throw when it is applied.
    if (struct instanceof Y.Item) {
      if (dependencies(struct).some((id) => id.client === client && id.clock >= clock)) return null;
      // Nothing of ours nests documents, and Yjs would load them on everyone's side.
      if (struct.content instanceof Y.ContentDoc) return null;
    }
    const list = structs.get(client);
    if (list === undefined) structs.set(client, [struct]);
    else list.push(struct);
  }
  // Yjs reads only the last of two groups of one client: what is judged must be what is applied.
  if (groups !== structs.size) return null;
  for (const ranges of decoded.ds.clients.values()) {
    if (ranges.some(({ clock, len }) => len <= 0 || clock + len > MAX_CLOCK)) return null;
    // Out of order or overlapping they are other deletions once a peer has had to put them aside.
    if (ranges.some(({ clock }, index) => clock < endOf(ranges[index - 1]))) return null;
  }
  return { bytes, structs, deletes: decoded.ds.clients };
}

function endOf(range: Range | undefined): number {
  return range === undefined ? 0 : range.clock + range.len;
}

function dependencies({ origin, rightOrigin, parent }: Y.Item): Y.ID[] {
  // Y.ID is a plain pair in a decoded item; a parent may also be the name of a root type.
  const ids = [origin, rightOrigin, isId(parent) ? parent : null];
  return ids.filter((id) => id !== null);
}

function isId(parent: unknown): parent is Y.ID {
  return typeof parent === 'object' && parent !== null && 'client' in parent && 'clock' in parent;
}

export function judge(update: Update, known: Known): Verdict {
  const reached = new Map<number, number>();
  const clockOf = (client: number) => reached.get(client) ?? known.clock(client);
  // Each client's structs as far as they can be applied; one that waits for another client is woken by it.
  const cursors = new Map<number, number>();
  const waiting = new Map<number, Set<number>>();
  const ready = [...update.structs.keys()];
  let isNew = false;
  for (let client = ready.pop(); client !== undefined; client = ready.pop()) {
    const structs = update.structs.get(client) ?? [];
    let cursor = cursors.get(client) ?? 0;
    const begin = cursor;
    for (let struct = structs[cursor]; struct !== undefined; struct = structs[++cursor]) {
      if (struct.id.clock > clockOf(client)) return 'missing';
      // Yjs asks for the dependencies of known structs as well.
      const needed = struct instanceof Y.Item ? dependencies(struct) : [];
      const lacking = needed.find((id) => id.clock >= clockOf(id.client));
      if (lacking !== undefined) {
        if (!update.structs.has(lacking.client)) return 'missing';
        const others = waiting.get(lacking.client) ?? new Set();
        waiting.set(lacking.client, others.add(client));
        break;
      }
      const end = struct.id.clock + struct.length;
      if (end <= clockOf(client)) continue;
      reached.set(client, end);
      isNew = true;
    }
    cursors.set(client, cursor);
    if (cursor > begin) {
      ready.push(...(waiting.get(client) ?? []));
      waiting.delete(client);
    }
  }
  for (const [client, structs] of update.structs) {
    if ((cursors.get(client) ?? 0) < structs.length) return 'missing';
  }
  for (const [client, ranges] of update.deletes) {
    for (const { clock, len } of ranges) {
      if (clock + len > clockOf(client)) return 'missing';
      isNew ||= !known.isDeleted(client, clock, len);
    }
  }
  return isNew ? 'new' : 'noop';
}

/**
 * What of an update that misses nothing is not known yet. Known structs that are repeated with other content
 * change nothing where they come second; but merged with the first into one frame, or with half of them new,
 * they would show others what is not stored. Null: it cannot be taken apart.
 */
export function withoutKnown(update: Update, known: Pick<Known, 'clock'>): Update | null {
  const clients = [...update.structs.keys()];
  const isNew = clients.every(
    (client) => (update.structs.get(client)?.[0]?.id.clock ?? 0) >= known.clock(client),
  );
  if (isNew) return update;
  const encoder = createEncoder();
  writeVarUint(encoder, clients.length);
  for (const client of clients) {
    writeVarUint(encoder, client);
    writeVarUint(encoder, known.clock(client));
  }
  try {
    return decodeUpdate(Y.diffUpdate(update.bytes, toUint8Array(encoder)));
  } catch {
    // Yjs throws on contents that cannot be split.
    return null;
  }
}

/** Whether every struct of a range is deleted in a document that has them all. */
export function isDeletedIn(doc: Y.Doc, client: number, clock: number, length: number): boolean {
  const structs = doc.store.clients.get(client);
  if (structs === undefined) return false;
  for (let index = Y.findIndexSS(structs, clock); index < structs.length; index++) {
    const struct = structs[index];
    if (struct === undefined || struct.id.clock >= clock + length) break;
    if (!struct.deleted) return false;
  }
  return true;
}

/** The struct of a sorted list that holds a clock. */
export function structAt(structs: readonly Struct[] | undefined, clock: number): Struct | null {
  let [low, high] = [0, (structs?.length ?? 0) - 1];
  while (low <= high) {
    const middle = (low + high) >> 1;
    const struct = structs?.[middle];
    if (struct === undefined) return null;
    if (clock < struct.id.clock) high = middle - 1;
    else if (clock >= struct.id.clock + struct.length) low = middle + 1;
    else return struct;
  }
  return null;
}

/** Updates that were judged new but are not committed yet. */
export class Queued {
  #updates: Update[] = [];
  /** Of each client, in the order of their clocks: while nothing can be committed the queue gets long. */
  readonly #structs = new Map<number, Struct[]>();
  readonly #clocks = new Map<number, number>();
  readonly #owners = new Map<number, string>();
  #deletes: Update['deletes'][] = [];

  /** `claims` are the client ids that become the user's with it. */
  add(update: Update, userId: string, claims: readonly number[]): void {
    const { structs, deletes } = update;
    this.#updates.push(update);
    for (const client of claims) this.#owners.set(client, userId);
    for (const [client, list] of structs) {
      const last = list.at(-1);
      if (last === undefined) continue;
      const known = this.#structs.get(client) ?? [];
      for (const struct of list) if (struct.id.clock + struct.length > this.clock(client)) known.push(struct);
      this.#structs.set(client, known);
      this.#clocks.set(client, Math.max(this.clock(client), last.id.clock + last.length));
    }
    if (deletes.size > 0) this.#deletes.push(deletes);
  }

  clock(client: number): number {
    return this.#clocks.get(client) ?? 0;
  }

  owner(client: number): string | null {
    return this.#owners.get(client) ?? null;
  }

  isDeleted(client: number, clock: number, length: number): boolean {
    return this.#deletes.some((deletes) =>
      deletes.get(client)?.some((range) => range.clock <= clock && clock + length <= range.clock + range.len),
    );
  }

  find(client: number, clock: number): Struct | null {
    return structAt(this.#structs.get(client), clock);
  }

  /** The updates, in order. */
  bytes(): Uint8Array[] {
    return this.#updates.map(({ bytes }) => bytes);
  }

  clear(): void {
    this.#updates = [];
    this.#structs.clear();
    this.#clocks.clear();
    this.#owners.clear();
    this.#deletes = [];
  }
}
