/**
 * Keeps threads on their words while the content changes. Yjs re-inserts text when someone presses Enter,
 * joins, moves, pastes or undoes, and positions that hold on to its characters die. So after every
 * transaction the anchors that it touched are put, in this order: where their first and last character are
 * now; where the difference of the texts has them; where their words were inserted again. What is left are
 * orphans, whose words are looked for in whatever is inserted later. It costs what the touched blocks cost.
 *
 * Places are UTF-16 units from the beginning of the whole text, whose blocks are parted by newlines.
 */
import { fromBase64, toBase64 } from 'lib0/buffer';
import * as Y from 'yjs';
import { CONTENT_FRAGMENT } from '#lib/report/model.ts';
import {
  blockOf,
  characterAt,
  findCharacter,
  flatten,
  offsetOf,
  type Block,
  type FlatBlock,
} from './flat.ts';
import { longestMatch } from './match.ts';
import { commonEnd, commonStart, Haystack, type Found, type Quote } from './quote.ts';
import { bidOf, sectionTitle } from './section.ts';
import { CONTEXT, type Anchor, type AnchorState } from './thread.ts';

/** What a browser says of the words it selected; it is looked up, not trusted. */
export type Selection = Pick<Anchor, 'from' | 'to' | 'exact' | 'prefix' | 'suffix'>;

/** A character, and where it stands in its block's text. */
interface End {
  id: Y.ID;
  block: Block;
  at: number;
}

/** From the first character to the last. */
interface Range {
  from: End;
  to: End;
}

/** What is remembered of words that are gone. */
interface Lost extends Pick<Anchor, 'from' | 'to' | 'prefix' | 'suffix' | 'bid' | 'section'> {
  near: number | null;
}

interface Kept {
  id: string;
  state: AnchorState;
  exact: string;
  was: string | null;
  /** Null: an orphan. */
  range: Range | null;
  /** Null: not an orphan. */
  lost: Lost | null;
  /** Of an orphan: what was put in the place of all of its words, where that is short. */
  instead: Range | null;
}

/** A stretch of one block's text. */
export interface Stretch {
  block: FlatBlock;
  from: number;
  to: number;
}

/** The part of the text that a transaction touched. */
interface Change {
  /** Where the part begins. */
  offset: number;
  before: string;
  after: string;
  /** How many characters the part begins and ends with that are the same before and after. */
  start: number;
  end: number;
  /** The part as it is now, with what stands around it. */
  window: { offset: number; text: string; words: Haystack };
  /** What was inserted, as ranges of the window. */
  inserted: readonly (readonly [from: number, to: number])[];
}

/** From so many UTF-16 units on, words are found again by themselves. */
const TELLING = 4;
/** So many characters around them tell shorter ones. */
const TELLING_CONTEXT = 3;
/** How much around a touched part words and their context are looked for in, in UTF-16 units. */
const MARGIN = 200;
/** The longest text that counts as put in the place of words, in UTF-16 units. */
const LONGEST_INSTEAD = 24;
/** The longest words that are kept as a quote, in UTF-16 units; of more the beginning is. */
const LONGEST_QUOTE = 5_000;

function byType(blocks: readonly FlatBlock[]): Map<Block, FlatBlock> {
  return new Map(blocks.map((block) => [block.type, block]));
}

/** The content's text, block by block. */
interface Reading {
  blocks: readonly FlatBlock[];
  flat: Map<Block, FlatBlock>;
}

export class Anchors {
  readonly #content: Y.XmlFragment;
  readonly #kept = new Map<string, Kept>();
  readonly #inBlock = new Map<Block, Set<Kept>>();
  readonly #orphans = new Set<Kept>();
  /** Those that have words, but had more of them. */
  readonly #eroded = new Set<Kept>();
  /** The text as it was read last; null: nothing is kept, so nothing is read of what changes. */
  #reading: Reading | null = null;
  #changed = new Set<Kept>();
  #touchedIds = new Set<string>();

  constructor(content: Y.XmlFragment) {
    this.#content = content;
  }

  get size(): number {
    return this.#kept.size;
  }

  /** Whether {@link takeChanges} has something. */
  get hasChanged(): boolean {
    return this.#changed.size > 0;
  }

  /** Keeps a thread's anchor from now on, in place of the one it had. */
  put(id: string, anchor: Anchor): void {
    this.remove(id);
    // From now on what changes is read as it does.
    this.#reading ??= this.#readAll();
    const { state, exact, was = null, from, to, prefix, suffix, bid, section } = anchor;
    const kept: Kept = { id, state, exact, was, range: null, lost: null, instead: null };
    this.#kept.set(id, kept);
    const range = state === 'orphan' ? null : this.#rangeOf(characterOf(from), characterOf(to));
    if (range !== null) return this.#attach(kept, range, state);
    this.#lose(kept, { from, to, prefix, suffix, bid, section, near: this.#placeOf(from, 'from') });
  }

  remove(id: string): void {
    const kept = this.#kept.get(id);
    if (kept === undefined) return;
    this.#detach(kept);
    this.#orphans.delete(kept);
    this.#changed.delete(kept);
    this.#touchedIds.delete(id);
    this.#kept.delete(id);
  }

  /** Those whose blocks were changed since the last call, and those that were lost or found. */
  takeTouched(): Set<string> {
    const touched = this.#touchedIds;
    this.#touchedIds = new Set();
    return touched;
  }

  /** Whether {@link takeTouched} has something. */
  get hasTouched(): boolean {
    return this.#touchedIds.size > 0;
  }

  /** Where words are, a stretch for each block that they begin or end in; none: an orphan's, or not kept. */
  stretchesOf(id: string): Stretch[] {
    const range = this.#kept.get(id)?.range ?? null;
    return range === null ? [] : this.#stretches(range);
  }

  /** What was put in the place of an orphan's words; null: nothing, or too much to tell. */
  insteadOf(id: string): Stretch | null {
    const instead = this.#kept.get(id)?.instead ?? null;
    const alive = instead === null ? null : this.#rangeOf(instead.from.id, instead.to.id);
    return alive === null ? null : (this.#stretches(alive)[0] ?? null);
  }

  /** The same for an anchor that need not be kept. */
  stretchesOn({ from, to }: Pick<Anchor, 'from' | 'to'>): Stretch[] {
    const range = this.#rangeOf(characterOf(from), characterOf(to));
    return range === null ? [] : this.#stretches(range);
  }

  /** The anchor for a stretch of text; null: there are only newlines in it. */
  anchorAt({ block, from, to }: Stretch): Anchor | null {
    const [first, last] = [firstIn(block, from, to), lastIn(block, from, to)];
    return first === null || last === null ? null : this.#describe({ from: first, to: last }, 'ok');
  }

  /** Where each begins in the whole text; orphans are not among them. */
  places(): Map<string, number> {
    const starts = new Map<Block, number>();
    let start = 0;
    for (const { type, text } of this.#blocks) {
      starts.set(type, start);
      start += text.length + 1;
    }
    const places = new Map<string, number>();
    for (const { id, range } of this.#kept.values()) {
      const begins = range === null ? undefined : starts.get(range.from.block);
      if (range !== null && begins !== undefined) places.set(id, begins + range.from.at);
    }
    return places;
  }

  /** The text as it is now, block by block. */
  get blocks(): readonly FlatBlock[] {
    return this.#blocks;
  }

  /** Those that have words in a block. */
  idsIn(block: FlatBlock): string[] {
    return [...(this.#inBlock.get(block.type) ?? [])].map(({ id }) => id);
  }

  /** Puts an anchor on a stretch that its words are a part of; one that had none is `moved`. */
  putOn(id: string, { block, from, to }: Stretch): void {
    const kept = this.#kept.get(id);
    const [first, last] = [firstIn(block, from, to), lastIn(block, from, to)];
    if (kept === undefined || first === null || last === null) return;
    const range = { from: first, to: last };
    if (kept.range === null) this.#attach(kept, range, 'moved');
    else this.#follow(kept, range);
  }

  /** The anchor of a thread as it is now; null: it is not kept. */
  anchorOf(id: string): Anchor | null {
    const kept = this.#kept.get(id);
    return kept === undefined ? null : this.#anchorOf(kept);
  }

  /** The anchors that are not as they were put, or at the last call. */
  takeChanges(): Map<string, Anchor> {
    const changed = new Map([...this.#changed].map((kept) => [kept.id, this.#anchorOf(kept)]));
    this.#changed = new Set();
    return changed;
  }

  /** What {@link takeChanges} gave could not be written. */
  markChanged(ids: Iterable<string>): void {
    for (const id of ids) {
      const kept = this.#kept.get(id);
      if (kept !== undefined) this.#changed.add(kept);
    }
  }

  /** The anchor for what a browser selected: by its positions, else by its words, else an orphan. */
  locate({ from, to, exact, prefix, suffix }: Selection): Anchor {
    const [start, end] = [this.#placeOf(from, 'from'), this.#placeOf(to, 'to')];
    const between = start === null || end === null ? null : this.#rangeAt(start, end - start);
    const holds = this.#holds(from) && this.#holds(to);
    if (between !== null && (holds || this.#textOf(between) === exact)) return this.#describe(between, 'ok');
    const found = new Haystack(this.#text).find({ exact, prefix, suffix, near: start }, () => true);
    const again = found === null ? null : this.#rangeAt(found.at, found.length);
    if (found !== null && again !== null) return this.#describe(again, found.isSure ? 'ok' : 'moved');
    if (between !== null) return this.#describe(between, 'moved');
    return { from, to, exact, prefix, suffix, bid: null, section: null, state: 'orphan' };
  }

  /**
   * Looks for the words of all orphans in the whole text: to be called when the content may have changed
   * unseen. What was inserted is not known then, so words that stand in several places need their context.
   */
  catchUp(): void {
    if (this.#orphans.size === 0) return;
    const words = new Haystack(this.#text);
    for (const kept of this.#orphans) {
      const isMeant = ({ context, isSure }: Found, exact: string) =>
        isSure || context >= 2 * TELLING_CONTEXT || (exact.length >= TELLING && words.isSingle(exact));
      this.#reattach(kept, kept.lost, { offset: 0, words }, isMeant);
    }
  }

  /** Takes note of a transaction. To be called in `afterTransaction`, before Yjs forgets what was deleted. */
  observe(transaction: Y.Transaction): void {
    if (this.#kept.size === 0) {
      this.#reading = null;
      return;
    }
    const dirty = new Set<Block>();
    let isListChanged = false;
    for (const type of transaction.changed.keys() as Iterable<Y.AbstractType<unknown>>) {
      const block = blockOf(this.#content, type);
      if (block !== null) dirty.add(block);
      isListChanged ||= type === this.#content;
    }
    if (!isListChanged && dirty.size === 0) return;
    const before = this.#blocks;
    this.#read(dirty, isListChanged);
    const touched = this.#touched(dirty, isListChanged);
    for (const { id } of touched) this.#touchedIds.add(id);
    for (const { id, instead } of this.#orphans) {
      if (instead !== null && dirty.has(instead.from.block)) this.#touchedIds.add(id);
    }
    const orphans = [...this.#orphans];
    if (touched.size === 0 && orphans.length === 0 && this.#eroded.size === 0) return;
    const change = once(() => changeBetween(before, this.#blocks, transaction));
    for (const kept of touched) this.#refresh(kept, before, change);
    if (orphans.length === 0 && this.#eroded.size === 0) return;
    if (change().inserted.length === 0) return;
    for (const kept of orphans) this.#retry(kept, change());
    for (const kept of this.#eroded) this.#heal(kept, change());
  }

  get #blocks(): readonly FlatBlock[] {
    return (this.#reading ??= this.#readAll()).blocks;
  }

  get #flat(): ReadonlyMap<Block, FlatBlock> {
    return (this.#reading ??= this.#readAll()).flat;
  }

  #readAll(): Reading {
    const blocks = this.#content.toArray().map((block) => flatten(block));
    return { blocks, flat: byType(blocks) };
  }

  get #text(): string {
    return this.#blocks.map(({ text }) => text).join('\n');
  }

  #touched(dirty: ReadonlySet<Block>, isListChanged: boolean): Set<Kept> {
    const touched = new Set<Kept>();
    const gone = isListChanged ? [...this.#inBlock.keys()].filter((block) => !this.#flat.has(block)) : [];
    for (const block of [...dirty, ...gone]) {
      for (const kept of this.#inBlock.get(block) ?? []) touched.add(kept);
    }
    return touched;
  }

  #read(dirty: ReadonlySet<Block>, isListChanged: boolean): void {
    const { blocks: before, flat } = (this.#reading ??= this.#readAll());
    const known = (type: Block) => (dirty.has(type) ? undefined : flat.get(type));
    const types = isListChanged ? this.#content.toArray() : before.map(({ type }) => type);
    const blocks = types.map((type) => known(type) ?? flatten(type));
    if (!isListChanged) for (const block of blocks) if (dirty.has(block.type)) flat.set(block.type, block);
    this.#reading = { blocks, flat: isListChanged ? byType(blocks) : flat };
  }

  #refresh(kept: Kept, before: readonly FlatBlock[], change: () => Change): void {
    const { range } = kept;
    if (range === null) return;
    const alive = this.#rangeOf(range.from.id, range.to.id);
    if (alive !== null) return this.#follow(kept, alive);
    const from = placeIn(before, range.from);
    const to = placeIn(before, range.to);
    if (from === null || to === null) throw new Error(`thread ${kept.id} was in a block that was not there`);
    const mapped = mapRange(from, to + 1, change());
    const shifted = mapped === null ? null : this.#rangeAt(mapped.at, mapped.length);
    if (mapped?.isSure === true && shifted !== null) return this.#follow(kept, shifted);
    const lost: Lost = { ...encode(range), ...around(before, range), near: from };
    const { window } = change();
    const isMeant = (found: Found) => overlaps(change(), found.at, found.length);
    if (this.#reattach(kept, lost, window, isMeant)) return;
    if (shifted !== null) return this.#follow(kept, shifted);
    const rest = this.#longestRest(kept.exact, change());
    if (rest !== null) {
      kept.was ??= kept.exact;
      return this.#attach(kept, rest, 'moved');
    }
    this.#lose(kept, lost);
    kept.instead = this.#insteadIn(change());
  }

  #insteadIn({ offset, after, start, end }: Change): Range | null {
    const length = after.length - end - start;
    const isTelling = length > 0 && length <= LONGEST_INSTEAD;
    const range = isTelling ? this.#rangeAt(offset + start, length) : null;
    return range !== null && range.from.block === range.to.block ? range : null;
  }

  /** What is left of words that were inserted again and changed at once. */
  #longestRest(exact: string, change: Change): Range | null {
    const { offset, text } = change.window;
    const found = longestMatch(exact, text, Math.max(TELLING, Math.ceil(exact.length / 2)));
    if (found === null || !overlaps(change, found.from, found.length)) return null;
    return this.#rangeAt(offset + found.from, found.length);
  }

  /** Puts an anchor on a range of the same words, whatever was typed into them or taken out of them. */
  #follow(kept: Kept, range: Range): void {
    const exact = this.#textOf(range);
    // Deleted key by key, words are gone before they are all gone: what they were is remembered.
    if (exact.length < kept.exact.length) kept.was ??= kept.exact;
    else if (exact !== kept.exact) kept.was = null;
    this.#attach(kept, range, kept.state);
  }

  /** Gives an anchor back what was deleted of its words, once they stand around it again. */
  #heal(kept: Kept, change: Change): void {
    const { range, was } = kept;
    if (range === null || was === null) return;
    const { offset, words } = change.window;
    const from = placeIn(this.#blocks, range.from);
    const to = placeIn(this.#blocks, range.to);
    if (from === null || to === null) return;
    const [start, end] = [from - offset, to + 1 - offset];
    const quote: Quote = { exact: was, prefix: '', suffix: '', near: start };
    const isMeant = ({ at, length }: Found) =>
      at <= start && at + length >= end && overlaps(change, at, length);
    const found = words.find(quote, isMeant);
    const healed = found === null ? null : this.#rangeAt(offset + found.at, found.length);
    if (healed === null) return;
    kept.was = null;
    this.#attach(kept, healed, kept.state);
  }

  /** Looks for an orphan's words in what was inserted. */
  #retry(kept: Kept, change: Change): void {
    this.#reattach(kept, kept.lost, change.window, ({ at, length, context }, exact) => {
      if (!overlaps(change, at, length)) return false;
      if (exact.length >= TELLING || context >= TELLING_CONTEXT) return true;
      // A short word may be typed anywhere; the same one, inserted by itself, is the one that was cut.
      return change.inserted.some(([from, to]) => change.window.text.slice(from, to).trim() === exact);
    });
  }

  /** Puts an anchor on the best place of its words in a part of the text; answers whether there was one. */
  #reattach(
    kept: Kept,
    lost: Lost | null,
    { offset, words }: Pick<Change['window'], 'offset' | 'words'>,
    isMeant: (found: Found, exact: string) => boolean,
  ): boolean {
    if (lost === null) return false;
    const { exact, was } = kept;
    const { prefix, suffix } = lost;
    const near = lost.near === null ? null : lost.near - offset;
    for (const wording of [exact, was]) {
      if (wording === null) continue;
      const found = words.find({ exact: wording, prefix, suffix, near }, (one) => isMeant(one, wording));
      const range = found === null ? null : this.#rangeAt(found.at + offset, found.length);
      if (found === null || range === null) continue;
      // What it had more of it takes back when that returns, wherever it is now.
      const fullest = was !== null && was.length > exact.length ? was : exact;
      kept.was = fullest === wording ? null : fullest;
      this.#attach(kept, range, found.isSure ? 'ok' : 'moved');
      return true;
    }
    return false;
  }

  #attach(kept: Kept, range: Range, state: AnchorState): void {
    const exact = this.#textOf(range);
    const isSame =
      kept.range !== null &&
      kept.state === state &&
      kept.exact === exact &&
      Y.compareIDs(kept.range.from.id, range.from.id) &&
      Y.compareIDs(kept.range.to.id, range.to.id);
    const isNew = kept.range === null && kept.lost === null && kept.exact === exact;
    if (!isSame && !isNew) {
      this.#changed.add(kept);
      this.#touchedIds.add(kept.id);
    }
    this.#detach(kept);
    this.#orphans.delete(kept);
    Object.assign(kept, { range, state, exact, lost: null, instead: null } satisfies Partial<Kept>);
    if (kept.was !== null) this.#eroded.add(kept);
    for (const { block } of [range.from, range.to]) {
      const threads = this.#inBlock.get(block);
      if (threads === undefined) this.#inBlock.set(block, new Set([kept]));
      else threads.add(kept);
    }
  }

  #lose(kept: Kept, lost: Lost): void {
    if (kept.state !== 'orphan') {
      this.#changed.add(kept);
      this.#touchedIds.add(kept.id);
      // The fuller wording is the one to show.
      if (kept.was !== null) [kept.exact, kept.was] = [kept.was, kept.exact];
    }
    this.#detach(kept);
    Object.assign(kept, { range: null, state: 'orphan', lost } satisfies Partial<Kept>);
    this.#orphans.add(kept);
  }

  #detach(kept: Kept): void {
    this.#eroded.delete(kept);
    for (const end of kept.range === null ? [] : [kept.range.from, kept.range.to]) {
      const threads = this.#inBlock.get(end.block);
      threads?.delete(kept);
      if (threads?.size === 0) this.#inBlock.delete(end.block);
    }
  }

  #anchorOf({ exact, state, was, range, lost }: Kept): Anchor {
    const more = was === null ? {} : { was };
    if (range !== null) return { ...this.#describe(range, state), ...more };
    if (lost === null) throw new Error('an anchor is neither somewhere nor lost');
    const { near: _, ...rest } = lost;
    return { ...rest, exact, state, ...more };
  }

  #describe(range: Range, state: AnchorState): Anchor {
    return { ...encode(range), ...around(this.#blocks, range), exact: this.#textOf(range), state };
  }

  #stretches({ from, to }: Range): Stretch[] {
    const [first, last] = [this.#flat.get(from.block), this.#flat.get(to.block)];
    if (first === undefined || last === undefined) return [];
    if (first === last) return [{ block: first, from: from.at, to: to.at + 1 }];
    return [
      { block: first, from: from.at, to: first.text.length },
      { block: last, from: 0, to: to.at + 1 },
    ];
  }

  /** The characters from one to another as they stand now; null: one is gone, or they are in the wrong order. */
  #rangeOf(first: Y.ID | null, last: Y.ID | null): Range | null {
    const from = first === null ? null : this.#endAt(first);
    const to = last === null ? null : this.#endAt(last);
    if (from === null || to === null) return null;
    if (from.block === to.block) return from.at <= to.at ? { from, to } : null;
    const [start, end] = [placeIn(this.#blocks, from), placeIn(this.#blocks, to)];
    return start !== null && end !== null && start < end ? { from, to } : null;
  }

  #endAt(id: Y.ID): End | null {
    const store = this.#content.doc?.store;
    if (store === undefined || Y.getState(store, id.client) <= id.clock) return null;
    const item: Y.Item | Y.GC = Y.getItem(store, id);
    if (!(item instanceof Y.Item) || item.deleted || !(item.parent instanceof Y.AbstractType)) return null;
    const isBlock = item.parent === this.#content && item.content instanceof Y.ContentType;
    const block = isBlock
      ? (item.content as Y.ContentType).type
      : blockOf(this.#content, item.parent as Y.AbstractType<unknown>);
    const flat = block === null ? undefined : this.#flat.get(block as Block);
    const at = flat === undefined ? null : findCharacter(flat, id.client, id.clock);
    return flat === undefined || at === null ? null : { id, block: flat.type, at };
  }

  /** The characters of a stretch of the whole text; newlines between paragraphs at its ends are not among them. */
  #rangeAt(at: number, length: number): Range | null {
    let from: End | null = null;
    let to: End | null = null;
    let start = 0;
    for (const flat of this.#blocks) {
      if (start >= at + length) break;
      const [first, end] = [Math.max(0, at - start), Math.min(flat.text.length, at + length - start)];
      from ??= firstIn(flat, first, end);
      to = lastIn(flat, first, end) ?? to;
      start += flat.text.length + 1;
    }
    return from === null || to === null ? null : { from, to };
  }

  #textOf({ from, to }: Range): string {
    const first = this.#flat.get(from.block);
    if (first === undefined) throw new Error('a range of a block that is not there');
    if (from.block === to.block) return first.text.slice(from.at, to.at + 1).slice(0, LONGEST_QUOTE);
    let text = first.text.slice(from.at);
    for (let index = this.#blocks.indexOf(first) + 1; text.length < LONGEST_QUOTE; index++) {
      const block = this.#blocks[index];
      if (block === undefined) break;
      if (block.type === to.block)
        return `${text}\n${block.text.slice(0, to.at + 1)}`.slice(0, LONGEST_QUOTE);
      text += `\n${block.text}`;
    }
    return text.slice(0, LONGEST_QUOTE);
  }

  /** Where an encoded position is in the whole text; null: that cannot be said. */
  #placeOf(encoded: string, side: 'from' | 'to'): number | null {
    const { doc } = this.#content;
    const position = decode(encoded);
    if (doc === null || position === null) return null;
    // Yjs would make any other name a part of the document.
    if (position.tname !== null && position.tname !== CONTENT_FRAGMENT) return null;
    if (position.item === null && position.type !== null && !isKnown(doc, position.type)) return null;
    const place = Y.createAbsolutePositionFromRelativePosition(position, doc, false);
    if (place === null) return null;
    if (place.type === this.#content) {
      const index = side === 'from' ? place.index : place.index - 1;
      const block = this.#blocks[index];
      if (block === undefined) return null;
      return this.#startOf(block) + (side === 'from' ? 0 : block.text.length);
    }
    const block = blockOf(this.#content, place.type);
    const flat = block === null ? undefined : this.#flat.get(block);
    const at = block === null ? null : offsetOf(block, place);
    return flat === undefined || at === null ? null : this.#startOf(flat) + at;
  }

  /** Whether what a position holds on to is there: a character, or the type at whose end it is. */
  #holds(encoded: string): boolean {
    const id = characterOf(encoded);
    return id === null || this.#endAt(id) !== null;
  }

  #startOf(block: FlatBlock): number {
    let start = 0;
    for (const one of this.#blocks) {
      if (one === block) return start;
      start += one.text.length + 1;
    }
    throw new Error('a block that is not there');
  }
}

function once<T>(make: () => T): () => T {
  let made: { value: T } | null = null;
  return () => (made ??= { value: make() }).value;
}

function isKnown(doc: Y.Doc, id: Y.ID): boolean {
  return (
    Y.getState(doc.store, id.client) > id.clock && Y.getItem(doc.store, id).content instanceof Y.ContentType
  );
}

function endIn(flat: FlatBlock, at: number): End | null {
  const id = characterAt(flat, at);
  return id === null ? null : { id, block: flat.type, at };
}

/** The first character of a stretch of a block's text; null: there are only newlines in it. */
function firstIn(flat: FlatBlock, from: number, to: number): End | null {
  for (let at = from; at < to; at++) {
    const found = endIn(flat, at);
    if (found !== null) return found;
  }
  return null;
}

function lastIn(flat: FlatBlock, from: number, to: number): End | null {
  for (let at = to - 1; at >= from; at--) {
    const found = endIn(flat, at);
    if (found !== null) return found;
  }
  return null;
}

/** Where an end stands in the whole text; null: its block is not there. */
function placeIn(blocks: readonly FlatBlock[], { block, at }: End): number | null {
  let start = 0;
  for (const { type, text } of blocks) {
    if (type === block) return start + at;
    start += text.length + 1;
  }
  return null;
}

/** What stands around a range, and where it belongs. */
function around(blocks: readonly FlatBlock[], { from, to }: Range): Omit<Lost, 'from' | 'to' | 'near'> {
  const first = blocks.findIndex(({ type }) => type === from.block);
  const last = blocks.findIndex(({ type }) => type === to.block);
  const left = blocks[first]?.text.slice(Math.max(0, from.at - CONTEXT), from.at) ?? '';
  const right = blocks[last]?.text.slice(to.at + 1, to.at + 1 + CONTEXT) ?? '';
  return {
    prefix: textBefore(blocks, first, CONTEXT - left.length) + left,
    suffix: right + textAfter(blocks, blocks.length - last - 1, CONTEXT - right.length),
    bid: bidOf(from.block),
    section: sectionTitle(blocks, first),
  };
}

function changeBetween(
  blocksBefore: readonly FlatBlock[],
  blocksAfter: readonly FlatBlock[],
  { beforeState }: Y.Transaction,
): Change {
  const most = Math.min(blocksBefore.length, blocksAfter.length);
  let first = 0;
  let offset = 0;
  for (; first < most && blocksBefore[first] === blocksAfter[first]; first++) {
    offset += (blocksBefore[first]?.text.length ?? 0) + 1;
  }
  let last = 0;
  while (last < most - first && blocksBefore.at(-1 - last) === blocksAfter.at(-1 - last)) last++;
  const part = blocksAfter.slice(first, blocksAfter.length - last);
  const before = blocksBefore
    .slice(first, blocksBefore.length - last)
    .map(({ text }) => text)
    .join('\n');
  const after = part.map(({ text }) => text).join('\n');
  const start = commonStart(before, after);
  const end = Math.min(commonEnd(before, after), Math.min(before.length, after.length) - start);
  const [left, right] = [textBefore(blocksAfter, first, MARGIN), textAfter(blocksAfter, last, MARGIN)];
  const text = left + after + right;
  const window = { offset: offset - left.length, text, words: new Haystack(text) };
  return { offset, before, after, start, end, window, inserted: insertedIn(part, beforeState, left.length) };
}

/** At most `length` characters of what stands before a block, its newline included. */
function textBefore(blocks: readonly FlatBlock[], index: number, length: number): string {
  let text = '';
  for (let at = index - 1; at >= 0 && text.length < length; at--) text = `${blocks[at]?.text ?? ''}\n${text}`;
  return text.slice(Math.max(0, text.length - length));
}

/** At most `length` characters of what the last `count` blocks hold, the newline before them included. */
function textAfter(blocks: readonly FlatBlock[], count: number, length: number): string {
  let text = '';
  for (let at = blocks.length - count; at < blocks.length && text.length < length; at++) {
    text += `\n${blocks[at]?.text ?? ''}`;
  }
  return text.slice(0, length);
}

/** The inserted characters of a part, counted from `offset`. */
function insertedIn(
  part: readonly FlatBlock[],
  beforeState: Map<number, number>,
  offset: number,
): [number, number][] {
  const inserted: [number, number][] = [];
  for (const { text, pieces } of part) {
    for (const { at, client, clock, length } of pieces) {
      const known = Math.max(0, (beforeState.get(client) ?? 0) - clock);
      if (known >= length) continue;
      const last = inserted.at(-1);
      if (last !== undefined && last[1] === offset + at + known) last[1] = offset + at + length;
      else inserted.push([offset + at + known, offset + at + length]);
    }
    offset += text.length + 1;
  }
  return inserted;
}

function overlaps({ inserted }: Change, at: number, length: number): boolean {
  return inserted.some(([from, to]) => from < at + length && at < to);
}

/**
 * Where the difference of the texts has what stood from `from` up to `to`; null: all of it was replaced. It is
 * sure when neither end was within what was replaced.
 */
function mapRange(
  from: number,
  to: number,
  { offset, before, after, start, end }: Change,
): { at: number; length: number; isSure: boolean } | null {
  const [first, last] = [from - offset, to - offset];
  const tail = before.length - end;
  const shift = after.length - before.length;
  if (start < tail && first >= start && last <= tail) return null;
  let at: number | null = null;
  if (first >= tail) at = first + shift;
  else if (first <= start) at = first;
  let until: number | null = null;
  if (last <= start) until = last;
  else if (last >= tail) until = last + shift;
  const isSure = at !== null && until !== null;
  at ??= after.length - end;
  until ??= start;
  return until > at ? { at: at + offset, length: until - at, isSure } : null;
}

function encode({ from, to }: Range): Pick<Anchor, 'from' | 'to'> {
  const position = ({ id }: End, assoc: number) =>
    toBase64(Y.encodeRelativePosition(new Y.RelativePosition(null, null, id, assoc)));
  // What is typed before the first or behind the last character is outside.
  return { from: position(from, 0), to: position(to, -1) };
}

function decode(encoded: string): Y.RelativePosition | null {
  try {
    return Y.decodeRelativePosition(fromBase64(encoded));
  } catch {
    // Whatever lib0 throws on what is no position, it is none.
    return null;
  }
}

/** The character that an anchor's position holds on to. */
function characterOf(encoded: string): Y.ID | null {
  return decode(encoded)?.item ?? null;
}
