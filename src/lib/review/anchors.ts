/**
 * Keeps threads on their words while the content changes. Yjs re-inserts text when someone presses Enter,
 * joins, moves, pastes or undoes, and positions that hold on to its characters die. So after every
 * transaction the anchors that it touched are put, in this order: where their first and last character are
 * now; where the difference of the texts has them; where their words were inserted again. What is left are
 * orphans, whose words are looked for in whatever is inserted later. It costs what the touched blocks cost.
 *
 * Places are UTF-16 units from the beginning of the whole text, whose blocks are parted by newlines.
 */
import * as Y from 'yjs';
import { changeBetween, mapRange, overlaps, type Change } from './change.ts';
import { blockOf, type Block, type FlatBlock } from './flat.ts';
import { longestMatch } from './match.ts';
import { Haystack, type Found, type Quote } from './quote.ts';
import { around, characterOf, encode, firstIn, lastIn, placeIn, type Range, type Stretch } from './range.ts';
import { ContentText } from './text.ts';
import type { Anchor, AnchorState } from './thread.ts';

/** What a browser says of the words it selected; it is looked up, not trusted. */
export type Selection = Pick<Anchor, 'from' | 'to' | 'exact' | 'prefix' | 'suffix'>;

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

/** From so many UTF-16 units on, words are found again by themselves. */
const TELLING = 4;
/** So many characters around them tell shorter ones. */
const TELLING_CONTEXT = 3;
/** The longest text that counts as put in the place of words, in UTF-16 units. */
const LONGEST_INSTEAD = 24;
export class Anchors {
  readonly #content: Y.XmlFragment;
  readonly #text: ContentText;
  readonly #kept = new Map<string, Kept>();
  readonly #inBlock = new Map<Block, Set<Kept>>();
  readonly #orphans = new Set<Kept>();
  /** Those that have words, but had more of them. */
  readonly #eroded = new Set<Kept>();
  #changed = new Set<Kept>();
  #touchedIds = new Set<string>();

  constructor(content: Y.XmlFragment) {
    this.#content = content;
    this.#text = new ContentText(content);
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
    this.#text.keep();
    const { state, exact, was = null, from, to, prefix, suffix, bid, section } = anchor;
    const kept: Kept = { id, state, exact, was, range: null, lost: null, instead: null };
    this.#kept.set(id, kept);
    const range = state === 'orphan' ? null : this.#text.rangeOf(characterOf(from), characterOf(to));
    if (range !== null) return this.#attach(kept, range, state);
    this.#lose(kept, { from, to, prefix, suffix, bid, section, near: this.#text.placeOf(from, 'from') });
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
    return range === null ? [] : this.#text.stretches(range);
  }

  /** What was put in the place of an orphan's words; null: nothing, or too much to tell. */
  insteadOf(id: string): Stretch | null {
    const instead = this.#kept.get(id)?.instead ?? null;
    const alive = instead === null ? null : this.#text.rangeOf(instead.from.id, instead.to.id);
    return alive === null ? null : (this.#text.stretches(alive)[0] ?? null);
  }

  /** The same for an anchor that need not be kept. */
  stretchesOn({ from, to }: Pick<Anchor, 'from' | 'to'>): Stretch[] {
    const range = this.#text.rangeOf(characterOf(from), characterOf(to));
    return range === null ? [] : this.#text.stretches(range);
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
    for (const { type, text } of this.#text.blocks) {
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
    return this.#text.blocks;
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
    const [start, end] = [this.#text.placeOf(from, 'from'), this.#text.placeOf(to, 'to')];
    const between = start === null || end === null ? null : this.#text.rangeAt(start, end - start);
    const holds = this.#text.holds(from) && this.#text.holds(to);
    if (between !== null && (holds || this.#text.wordsOf(between) === exact))
      return this.#describe(between, 'ok');
    const found = new Haystack(this.#text.whole).find({ exact, prefix, suffix, near: start }, () => true);
    const again = found === null ? null : this.#text.rangeAt(found.at, found.length);
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
    const words = new Haystack(this.#text.whole);
    for (const kept of this.#orphans) {
      const isMeant = ({ context, isSure }: Found, exact: string) =>
        isSure || context >= 2 * TELLING_CONTEXT || (exact.length >= TELLING && words.isSingle(exact));
      this.#reattach(kept, kept.lost, { offset: 0, words }, isMeant);
    }
  }

  /** Takes note of a transaction. To be called in `afterTransaction`, before Yjs forgets what was deleted. */
  observe(transaction: Y.Transaction): void {
    if (this.#kept.size === 0) {
      this.#text.forget();
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
    const before = this.#text.blocks;
    this.#text.read(dirty, isListChanged);
    const touched = this.#touched(dirty, isListChanged);
    for (const { id } of touched) this.#touchedIds.add(id);
    for (const { id, instead } of this.#orphans) {
      if (instead !== null && dirty.has(instead.from.block)) this.#touchedIds.add(id);
    }
    const orphans = [...this.#orphans];
    if (touched.size === 0 && orphans.length === 0 && this.#eroded.size === 0) return;
    const change = once(() => changeBetween(before, this.#text.blocks, transaction));
    for (const kept of touched) this.#refresh(kept, before, change);
    if (orphans.length === 0 && this.#eroded.size === 0) return;
    if (change().inserted.length === 0) return;
    for (const kept of orphans) this.#retry(kept, change());
    for (const kept of this.#eroded) this.#heal(kept, change());
  }

  #touched(dirty: ReadonlySet<Block>, isListChanged: boolean): Set<Kept> {
    const touched = new Set<Kept>();
    const gone = isListChanged ? [...this.#inBlock.keys()].filter((block) => !this.#text.has(block)) : [];
    for (const block of [...dirty, ...gone]) {
      for (const kept of this.#inBlock.get(block) ?? []) touched.add(kept);
    }
    return touched;
  }

  #refresh(kept: Kept, before: readonly FlatBlock[], change: () => Change): void {
    const { range } = kept;
    if (range === null) return;
    const alive = this.#text.rangeOf(range.from.id, range.to.id);
    if (alive !== null) return this.#follow(kept, alive);
    const from = placeIn(before, range.from);
    const to = placeIn(before, range.to);
    if (from === null || to === null) throw new Error(`thread ${kept.id} was in a block that was not there`);
    const mapped = mapRange(from, to + 1, change());
    const shifted = mapped === null ? null : this.#text.rangeAt(mapped.at, mapped.length);
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
    const range = isTelling ? this.#text.rangeAt(offset + start, length) : null;
    return range !== null && range.from.block === range.to.block ? range : null;
  }

  /** What is left of words that were inserted again and changed at once. */
  #longestRest(exact: string, change: Change): Range | null {
    const { offset, text } = change.window;
    const found = longestMatch(exact, text, Math.max(TELLING, Math.ceil(exact.length / 2)));
    if (found === null || !overlaps(change, found.from, found.length)) return null;
    return this.#text.rangeAt(offset + found.from, found.length);
  }

  /** Puts an anchor on a range of the same words, whatever was typed into them or taken out of them. */
  #follow(kept: Kept, range: Range): void {
    const exact = this.#text.wordsOf(range);
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
    const from = placeIn(this.#text.blocks, range.from);
    const to = placeIn(this.#text.blocks, range.to);
    if (from === null || to === null) return;
    const [start, end] = [from - offset, to + 1 - offset];
    const quote: Quote = { exact: was, prefix: '', suffix: '', near: start };
    const isMeant = ({ at, length }: Found) =>
      at <= start && at + length >= end && overlaps(change, at, length);
    const found = words.find(quote, isMeant);
    const healed = found === null ? null : this.#text.rangeAt(offset + found.at, found.length);
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
      const range = found === null ? null : this.#text.rangeAt(found.at + offset, found.length);
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
    const exact = this.#text.wordsOf(range);
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
    return { ...encode(range), ...around(this.#text.blocks, range), exact: this.#text.wordsOf(range), state };
  }
}

function once<T>(make: () => T): () => T {
  let made: { value: T } | null = null;
  return () => (made ??= { value: make() }).value;
}
