/** What one Yjs client was promised: which edits each of its frames carries, and which were acknowledged. */
import * as Y from 'yjs';
import { isDeletedIn } from '../update.ts';

export interface Range {
  client: number;
  clock: number;
  length: number;
}

export interface Edit {
  /** Who made it, and the how many-th of theirs it is. */
  by: string;
  number: number;
  inserted: Range[];
  deleted: Range[];
  isAcked: boolean;
}

/** What is held against a document: clocks that it must have reached, and deletions that it must have. */
export class Expected {
  readonly clocks = new Map<number, number>();
  #deletes: ReturnType<typeof Y.createDeleteSet>[] = [];

  add(inserted: readonly Range[], deleted: readonly Range[]): void {
    for (const { client, clock, length } of inserted) {
      this.clocks.set(client, Math.max(this.clocks.get(client) ?? 0, clock + length));
    }
    if (deleted.length === 0) return;
    const set = Y.createDeleteSet();
    for (const { client, clock, length } of deleted) {
      const ranges = set.clients.get(client);
      // Yjs names a deletion `{clock, len}`.
      if (ranges === undefined) set.clients.set(client, [{ clock, len: length }]);
      else ranges.push({ clock, len: length });
    }
    this.#deletes.push(set);
  }

  /** The first of what is not in the document; null: all of it is. */
  lacking(doc: Y.Doc): Range | null {
    for (const [client, end] of this.clocks) {
      const clock = Y.getState(doc.store, client);
      if (clock < end) return { client, clock, length: end - clock };
    }
    // One merged set: what was promised once is asked for in every round.
    this.#deletes = [Y.mergeDeleteSets(this.#deletes)];
    for (const [client, ranges] of this.#deletes[0]?.clients ?? []) {
      for (const { clock, len } of ranges) {
        if (!isDeleted(doc, { client, clock, length: len })) return { client, clock, length: len };
      }
    }
    return null;
  }
}

export class Ledger {
  readonly edits: Edit[] = [];
  /** What was acknowledged. */
  readonly acked = new Expected();
  /** What the server showed: it must have been committed. */
  readonly shown = new Expected();
  readonly #by: string;
  #waiting: Edit[] = [];
  /** What frames 1, 2, … of the present socket carry, from the first that is not acknowledged on. */
  #frames: Edit[][] = [];
  #settled = 0;

  constructor(by: string) {
    this.#by = by;
  }

  /** How many edits are not acknowledged. */
  get unsaved(): number {
    return this.#waiting.length;
  }

  /** Notes an edit, given as the update that it made. */
  record(update: Uint8Array): Edit {
    const { inserted, deleted } = rangesOf(update);
    const edit = { by: this.#by, number: this.edits.length + 1, inserted, deleted, isAcked: false };
    this.edits.push(edit);
    this.#waiting.push(edit);
    return edit;
  }

  /** A new socket: what the one before it carried may be lost. */
  begin(): void {
    this.#frames = [];
    this.#settled = 0;
  }

  /** The next frame carries one edit; null (a step 2): everything that is not acknowledged. */
  sent(edit: Edit | null): void {
    this.#frames.push(edit === null ? [...this.#waiting] : [edit]);
  }

  /** Frames 1…n are settled. */
  settle(n: number): void {
    const frames = this.#frames.splice(0, n - this.#settled);
    this.#settled = n;
    for (const edit of frames.flat()) {
      if (edit.isAcked) continue;
      edit.isAcked = true;
      this.acked.add(edit.inserted, edit.deleted);
    }
    if (frames.length > 0) this.#waiting = this.#waiting.filter(({ isAcked }) => !isAcked);
  }

  /** The server showed an update. */
  show(update: Uint8Array): void {
    const { inserted, deleted } = rangesOf(update);
    this.shown.add(inserted, deleted);
  }

  /** The first acknowledged edit that is not in a document; null: there is none. */
  firstLost(doc: Y.Doc): Edit | null {
    const isThere = ({ inserted, deleted }: Edit) =>
      inserted.every(({ client, clock, length }) => Y.getState(doc.store, client) >= clock + length) &&
      deleted.every((range) => isDeleted(doc, range));
    return this.edits.find((edit) => edit.isAcked && !isThere(edit)) ?? null;
  }
}

function rangesOf(update: Uint8Array): { inserted: Range[]; deleted: Range[] } {
  const { structs, ds } = Y.decodeUpdate(update);
  const inserted = structs
    .filter((struct) => !(struct instanceof Y.Skip))
    .map(({ id: { client, clock }, length }) => ({ client, clock, length }));
  const deleted = [...ds.clients].flatMap(([client, ranges]) =>
    ranges.map(({ clock, len }) => ({ client, clock, length: len })),
  );
  return { inserted, deleted };
}

function isDeleted(doc: Y.Doc, { client, clock, length }: Range): boolean {
  return Y.getState(doc.store, client) >= clock + length && isDeletedIn(doc, client, clock, length);
}

/** Whose structs, or whose deletions, two documents do not have alike; null: they are in one state. */
export function stateDifference(a: Y.Doc, b: Y.Doc): string | null {
  const [one, two] = [Y.snapshot(a), Y.snapshot(b)];
  if (Y.equalSnapshots(one, two)) return null;
  const clients = new Set([...one.sv.keys(), ...two.sv.keys()]);
  const parts = [...clients].flatMap((client) => {
    const clocks = [one.sv.get(client) ?? 0, two.sv.get(client) ?? 0];
    const deleted = [one, two].map(({ ds }) =>
      (ds.clients.get(client) ?? []).map(({ clock, len }) => `${clock}+${len}`),
    );
    const [here, there] = deleted.map((ranges, side) =>
      ranges.filter((range) => !deleted[1 - side]?.includes(range)),
    );
    return clocks[0] === clocks[1] && here?.length === 0 && there?.length === 0
      ? []
      : [`${client}: up to ${clocks.join(' or ')}, deleted ${here?.join()} or ${there?.join()}`];
  });
  return parts.join('; ');
}

/**
 * Where two documents have different characters under one id: the same clock of a client means the same
 * text, or someone's document was split in two. Null: nowhere.
 */
export function firstDifference(a: Y.Doc, b: Y.Doc): Range | null {
  for (const [client, structs] of a.store.clients) {
    const others = b.store.clients.get(client);
    const end = Y.getState(b.store, client);
    if (others === undefined) continue;
    for (const struct of structs) {
      if (struct.id.clock >= end) break;
      if (struct.deleted || !(struct instanceof Y.Item)) continue;
      const { clock } = struct.id;
      for (let index = Y.findIndexSS(others, clock); index < others.length; index++) {
        const other = others[index];
        if (other === undefined || other.id.clock >= clock + struct.length) break;
        if (other.deleted || !(other instanceof Y.Item)) continue;
        if (!isSame(struct, other)) return { client, clock, length: struct.length };
      }
    }
  }
  return null;
}

/** Whether two items that overlap say the same where they do. */
function isSame(a: Y.Item, b: Y.Item): boolean {
  if (a.content.constructor !== b.content.constructor) return false;
  if (!(a.content instanceof Y.ContentString) || !(b.content instanceof Y.ContentString)) return true;
  const from = Math.max(a.id.clock, b.id.clock);
  const to = Math.min(a.id.clock + a.length, b.id.clock + b.length);
  const part = (item: Y.Item, str: string) => str.slice(from - item.id.clock, to - item.id.clock);
  return part(a, a.content.str) === part(b, b.content.str);
}
