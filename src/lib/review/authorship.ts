/**
 * Who wrote what, kept as updates arrive. Yjs alone cannot tell: pressing Enter, joining, moving or
 * undoing inserts the text anew, under the id of whoever did it. So text that a transaction deletes is
 * remembered with its authors, and text that is inserted inherits them: see {@link Authorship.observe}.
 */
import * as Y from 'yjs';
import { longestMatch } from './match.ts';

export interface Author {
  userId: string;
  departmentId: string | null;
  /** ISO 8601, UTC. */
  at: string;
}

/** Characters `clock … clock + length` of a Yjs client, and their author. What no run covers is nobody's. */
export interface AuthorshipRun extends Author {
  client: number;
  clock: number;
  length: number;
}

/** A number of characters of one author; null: nobody's. */
export interface Span {
  length: number;
  author: Author | null;
}

/** Ids of consecutive characters: client, first clock, length. */
type IdRange = [client: number, clock: number, length: number];

/** Text that stood together, and whose it was. */
interface Passage {
  text: string;
  spans: Span[];
  ids: IdRange[];
}

/** A passage deleted earlier, and by whom. */
interface Deleted extends Passage {
  by: string | null;
}

/** A passage as it stands in the document: its first item, and the deleted items around it. */
interface Found extends Passage {
  first: Y.Item;
  before: Y.Item[];
  after: Y.Item[];
}

/** From this many UTF-16 units on, equal text is the same text. */
const LONG = 8;
/** How much deleted text is remembered, in UTF-16 units; the newest passage always is. */
const POOL_SIZE = 8_000;
/** Characters deleted one by one are one passage up to this length, in UTF-16 units. */
const LONGEST_JOINED = 1_000;
/** Typing that goes on for up to this long is one record, in milliseconds. */
const RECORD_MS = 10 * 60_000;
/** Stands between passages that are searched together. */
const SEPARATOR = '\uffff';

type StringItem = Y.Item & { content: Y.ContentString };

export class Authorship {
  readonly #runs = new Map<number, AuthorshipRun[]>();
  #pool: Deleted[];
  #changed = new Set<AuthorshipRun>();
  #isPoolChanged = false;

  /** `pool` as {@link takeChanges} gave it. */
  constructor(runs: readonly AuthorshipRun[], pool: string | null) {
    for (const run of runs) this.#listOf(run.client).push({ ...run });
    for (const list of this.#runs.values()) list.sort((a, b) => a.clock - b.clock);
    this.#pool = pool === null ? [] : (JSON.parse(pool) as Deleted[]);
  }

  /**
   * Takes note of a transaction. To be called in `afterTransaction`, while deleted text is still there.
   * Inserted text is, in this order: what the same transaction deleted, when all of it was; what an undo
   * brings back; what the same person deleted earlier, when it is exactly that and was not typed again
   * where it had been; else the longest stretch that the same transaction deleted, or of at least {@link LONG} characters
   * that was deleted earlier, and what is left of it on both sides likewise from {@link LONG} on; else
   * the sender's. `sender` null: nobody's.
   */
  observe(transaction: Y.Transaction, sender: Author | null): void {
    const deleted = this.#passages(deletedItems(transaction));
    const inserted = this.#passages(insertedItems(transaction));
    const moved = join(deleted);
    for (const passage of inserted) this.#record(passage.ids, this.#authors(passage, moved, sender));
    this.#remember(deleted, sender?.userId ?? null);
  }

  /** The authors of consecutive characters of one Yjs client. */
  spansOf(client: number, clock: number, length: number): Span[] {
    const spans: Span[] = [];
    const end = clock + length;
    const list = this.#runs.get(client) ?? [];
    for (let index = Math.max(0, lastUpTo(list, clock)); clock < end; index++) {
      const run = list[index];
      if (run === undefined || run.clock >= end) {
        spans.push({ length: end - clock, author: null });
        break;
      }
      const runEnd = run.clock + run.length;
      if (runEnd <= clock) continue;
      if (run.clock > clock) spans.push({ length: run.clock - clock, author: null });
      const { userId, departmentId, at } = run;
      const from = Math.max(clock, run.clock);
      clock = Math.min(end, runEnd);
      spans.push({ length: clock - from, author: { userId, departmentId, at } });
    }
    return spans;
  }

  /** What was recorded since the last call; `pool` null: unchanged. */
  takeChanges(): { runs: AuthorshipRun[]; pool: string | null } {
    const runs = structuredClone([...this.#changed]);
    const pool = this.#isPoolChanged ? JSON.stringify(this.#pool) : null;
    this.#changed = new Set();
    this.#isPoolChanged = false;
    return { runs, pool };
  }

  #listOf(client: number): AuthorshipRun[] {
    let list = this.#runs.get(client);
    if (list === undefined) this.#runs.set(client, (list = []));
    return list;
  }

  #authors(passage: Found, moved: Passage, sender: Author | null): Span[] {
    const { text } = passage;
    const whole = moved.text.indexOf(text);
    if (whole >= 0) return slice(moved.spans, whole, text.length);
    const returned = this.#undone(passage) ?? this.#pastedAgain(passage, sender?.userId ?? null);
    if (returned !== null) return returned;
    return inherit(text, moved, 1, text.length < LONG ? EMPTY : join(this.#pool), sender);
  }

  /** Yjs undoes a deletion by inserting the same text right before what was deleted. */
  #undone({ text, first, after }: Found): Span[] | null {
    // Nothing deleted follows it: the usual case, and a cheap one.
    if (after.length === 0) return null;
    for (const old of this.#pool.toReversed()) {
      const offset = offsetOf(old.ids, first.rightOrigin);
      if (offset >= 0 && old.text.startsWith(text, offset)) return slice(old.spans, offset, text.length);
    }
    return null;
  }

  /** All of a passage that the same person deleted; behind where it stood it was typed again. */
  #pastedAgain({ text, first }: Found, userId: string | null): Span[] | null {
    const old = this.#pool.findLast((one) => one.text === text && one.by === userId);
    return old === undefined || offsetOf(old.ids, first.origin) >= 0 ? null : old.spans;
  }

  #record(ids: readonly IdRange[], spans: readonly Span[]): void {
    let from = 0;
    for (const [client, clock, length] of ids) {
      let at = clock;
      for (const span of slice(spans, from, length)) {
        if (span.author !== null) this.#add(client, at, span.length, span.author);
        at += span.length;
      }
      from += length;
    }
  }

  #add(client: number, clock: number, length: number, { userId, departmentId, at }: Author): void {
    const list = this.#listOf(client);
    const index = lastUpTo(list, clock);
    const before = list[index];
    if (
      before !== undefined &&
      before.clock + before.length === clock &&
      isOneRecord(before, { userId, departmentId, at })
    ) {
      before.length += length;
      this.#changed.add(before);
      return;
    }
    const run = { client, clock, length, userId, departmentId, at };
    list.splice(index + 1, 0, run);
    this.#changed.add(run);
  }

  /** Passages of the given items, in no order; what is deleted or only formatting does not part them. */
  #passages(items: ReadonlySet<StringItem>): Found[] {
    const found: Found[] = [];
    for (const first of items) {
      const before: Y.Item[] = [];
      if (stepOver(first, 'left', items, before) !== null) continue;
      const passage: Found = { text: '', spans: [], ids: [], first, before, after: [] };
      for (let item: StringItem | null = first; item !== null;) {
        const { client, clock } = item.id;
        passage.text += item.content.str;
        passage.ids.push([client, clock, item.length]);
        passage.spans.push(...this.spansOf(client, clock, item.length));
        passage.after = [];
        item = stepOver(item, 'right', items, passage.after);
      }
      found.push(passage);
    }
    return found;
  }

  /** Deleting character by character gives one passage: each is put to the one it stood beside. */
  #remember(deleted: readonly Found[], by: string | null): void {
    if (deleted.length === 0) return;
    this.#isPoolChanged = true;
    for (const { text, spans, ids, before, after } of deleted) {
      const passage: Deleted = { text, spans, ids, by };
      const last = this.#pool.at(-1);
      const isJoined = last?.by === by && last.text.length + text.length <= LONGEST_JOINED;
      if (last !== undefined && isJoined && touches(after, last.ids[0])) {
        this.#pool[this.#pool.length - 1] = { ...joinTwo(passage, last), by };
      } else if (last !== undefined && isJoined && touches(before, last.ids.at(-1))) {
        this.#pool[this.#pool.length - 1] = { ...joinTwo(last, passage), by };
      } else this.#pool.push(passage);
    }
    let size = 0;
    const start = this.#pool.findLastIndex(({ text }) => (size += text.length) > POOL_SIZE);
    // What one transaction deletes is one cut: it stays whole, whatever its size.
    const keep = Math.min(start + 1, Math.max(0, this.#pool.length - deleted.length));
    if (start >= 0) this.#pool.splice(0, keep);
  }
}

/** The text of a Y.Doc's fragment block by block, each piece with its author. */
export function authorsByBlock(
  fragment: Y.XmlFragment,
  authorship: Authorship,
): { text: string; author: Author | null }[][] {
  return fragment.toArray().map((block) => {
    const pieces: { text: string; author: Author | null }[] = [];
    for (const text of textsIn(block)) {
      for (let item = text._start; item !== null; item = item.right) {
        if (item.deleted || !(item.content instanceof Y.ContentString)) continue;
        let from = 0;
        for (const { length, author } of authorship.spansOf(item.id.client, item.id.clock, item.length)) {
          const last = pieces.at(-1);
          const part = item.content.str.slice(from, from + length);
          if (last !== undefined && isSameAuthor(last.author, author)) last.text += part;
          else pieces.push({ text: part, author });
          from += length;
        }
      }
    }
    return pieces;
  });
}

function* textsIn(node: unknown): Generator<Y.XmlText> {
  if (node instanceof Y.XmlText) yield node;
  else if (node instanceof Y.XmlFragment) for (const child of node.toArray()) yield* textsIn(child);
}

const isText = (struct: Y.Item | Y.GC): struct is StringItem =>
  struct instanceof Y.Item && struct.content instanceof Y.ContentString;

/** Text that was there before the transaction and is not any more. */
function deletedItems({ deleteSet, beforeState, doc }: Y.Transaction): Set<StringItem> {
  const items = new Set<StringItem>();
  for (const [client, ranges] of deleteSet.clients) {
    const structs = doc.store.clients.get(client) ?? [];
    const known = beforeState.get(client) ?? 0;
    for (const { clock, len } of ranges) {
      if (clock >= known) continue;
      for (let index = Y.findIndexSS(structs, clock); index < structs.length; index++) {
        const struct = structs[index];
        if (struct === undefined || struct.id.clock >= Math.min(known, clock + len)) break;
        if (isText(struct)) items.add(struct);
      }
    }
  }
  return items;
}

/** Text that the transaction brought and left there. */
function insertedItems({ beforeState, afterState, doc }: Y.Transaction): Set<StringItem> {
  const items = new Set<StringItem>();
  for (const [client, clock] of afterState) {
    const known = beforeState.get(client) ?? 0;
    if (known === clock) continue;
    const structs = doc.store.clients.get(client) ?? [];
    for (let index = Y.findIndexSS(structs, known); index < structs.length; index++) {
      const struct = structs[index];
      if (struct !== undefined && isText(struct) && !struct.deleted) items.add(struct);
    }
  }
  return items;
}

/** The neighbour of an item that is one of `items`, past what is deleted or formatting; null: text or an end is between. */
function stepOver(
  item: Y.Item,
  side: 'left' | 'right',
  items: ReadonlySet<Y.Item>,
  passed: Y.Item[],
): StringItem | null {
  for (let next = item[side]; next !== null; next = next[side]) {
    if (isText(next) && items.has(next)) return next;
    if (next.countable && !next.deleted) return null;
    if (next.deleted) passed.push(next);
  }
  return null;
}

const EMPTY: Passage = { text: '', spans: [], ids: [] };

function inherit(text: string, moved: Passage, least: number, pool: Passage, sender: Author | null): Span[] {
  if (text === '') return [];
  const inMoved = longestMatch(text, moved.text, least);
  const inPool = longestMatch(text, pool.text, LONG);
  const [source, found] = (inPool?.length ?? 0) > (inMoved?.length ?? 0) ? [pool, inPool] : [moved, inMoved];
  if (found === null) return [{ length: text.length, author: sender }];
  return [
    ...inherit(text.slice(0, found.at), moved, LONG, pool, sender),
    ...slice(source.spans, found.from, found.length),
    ...inherit(text.slice(found.at + found.length), moved, LONG, pool, sender),
  ];
}

/** Passages one after another, so that they are searched at once. */
function join(passages: readonly Passage[]): Passage {
  if (passages.length === 0) return EMPTY;
  return {
    text: passages.map(({ text }) => text).join(SEPARATOR),
    spans: passages.flatMap(({ spans }, index) =>
      index === 0 ? spans : [{ length: SEPARATOR.length, author: null }, ...spans],
    ),
    ids: [],
  };
}

function joinTwo(a: Passage, b: Passage): Passage {
  const ids = [...a.ids];
  for (const range of b.ids) {
    const last = ids.at(-1);
    if (last !== undefined && last[0] === range[0] && last[1] + last[2] === range[1]) {
      ids[ids.length - 1] = [last[0], last[1], last[2] + range[2]];
    } else ids.push(range);
  }
  const spans = [...a.spans];
  for (const span of b.spans) {
    const last = spans.at(-1);
    const isOne =
      last !== undefined && isSameAuthor(last.author, span.author) && last.author?.at === span.author?.at;
    if (isOne) spans[spans.length - 1] = { length: last.length + span.length, author: last.author };
    else spans.push(span);
  }
  return { text: a.text + b.text, spans, ids };
}

function slice(spans: readonly Span[], from: number, length: number): Span[] {
  const out: Span[] = [];
  let at = 0;
  for (const span of spans) {
    const start = Math.max(at, from);
    const end = Math.min(at + span.length, from + length);
    if (start < end) out.push({ length: end - start, author: span.author });
    at += span.length;
    if (at >= from + length) break;
  }
  return out;
}

/** Which of these characters an id is; −1: none. */
function offsetOf(ids: readonly IdRange[], id: Y.ID | null): number {
  if (id === null) return -1;
  let offset = 0;
  for (const [client, clock, length] of ids) {
    const within = id.clock - clock;
    if (client === id.client && within >= 0 && within < length) return offset + within;
    offset += length;
  }
  return -1;
}

function touches(items: readonly Y.Item[], range: IdRange | undefined): boolean {
  if (range === undefined) return false;
  const [client, clock] = range;
  return items.some(
    ({ id, length }) => offsetOf([[id.client, id.clock, length]], Y.createID(client, clock)) >= 0,
  );
}

function isSameAuthor(a: Author | null, b: Author | null): boolean {
  if (a === null || b === null) return a === b;
  return a.userId === b.userId && a.departmentId === b.departmentId;
}

function isOneRecord(run: AuthorshipRun, author: Author): boolean {
  return isSameAuthor(run, author) && Math.abs(Date.parse(author.at) - Date.parse(run.at)) <= RECORD_MS;
}

/** The index of the last run that begins at or before a clock; −1: there is none. */
function lastUpTo(list: readonly AuthorshipRun[], clock: number): number {
  let low = 0;
  let high = list.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((list[middle]?.clock ?? 0) <= clock) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}
