/** The content as flat text, read block by block as it changes, and where characters and positions are in it. */
import * as Y from 'yjs';
import { CONTENT_FRAGMENT } from '#lib/report/model.ts';
import { blockOf, findCharacter, flatten, offsetOf, type Block, type FlatBlock } from './flat.ts';
import {
  characterOf,
  decode,
  firstIn,
  lastIn,
  placeIn,
  type End,
  type Range,
  type Stretch,
} from './range.ts';

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

export class ContentText {
  readonly #content: Y.XmlFragment;
  /** As it was read last; null: nobody needs it, so nothing is read of what changes. */
  #reading: Reading | null = null;

  constructor(content: Y.XmlFragment) {
    this.#content = content;
  }

  /** From now on {@link read} is called for what changes. */
  keep(): void {
    this.#reading ??= this.#readAll();
  }

  /** It is not: what is asked for next is read anew. */
  forget(): void {
    this.#reading = null;
  }

  has(block: Block): boolean {
    return this.#types.has(block);
  }

  get blocks(): readonly FlatBlock[] {
    return (this.#reading ??= this.#readAll()).blocks;
  }

  get #types(): ReadonlyMap<Block, FlatBlock> {
    return (this.#reading ??= this.#readAll()).flat;
  }

  #readAll(): Reading {
    const blocks = this.#content.toArray().map((block) => flatten(block));
    return { blocks, flat: byType(blocks) };
  }

  /** The whole text. */
  get whole(): string {
    return this.blocks.map(({ text }) => text).join('\n');
  }

  /** Reads again what a transaction changed. */
  read(dirty: ReadonlySet<Block>, isListChanged: boolean): void {
    const { blocks: before, flat } = (this.#reading ??= this.#readAll());
    const known = (type: Block) => (dirty.has(type) ? undefined : flat.get(type));
    const types = isListChanged ? this.#content.toArray() : before.map(({ type }) => type);
    const blocks = types.map((type) => known(type) ?? flatten(type));
    if (!isListChanged) for (const block of blocks) if (dirty.has(block.type)) flat.set(block.type, block);
    this.#reading = { blocks, flat: isListChanged ? byType(blocks) : flat };
  }

  /** A stretch for each block that a range begins or ends in. */
  stretches({ from, to }: Range): Stretch[] {
    const [first, last] = [this.#types.get(from.block), this.#types.get(to.block)];
    if (first === undefined || last === undefined) return [];
    if (first === last) return [{ block: first, from: from.at, to: to.at + 1 }];
    return [
      { block: first, from: from.at, to: first.text.length },
      { block: last, from: 0, to: to.at + 1 },
    ];
  }

  /** The characters from one to another as they stand now; null: one is gone, or they are in the wrong order. */
  rangeOf(first: Y.ID | null, last: Y.ID | null): Range | null {
    const from = first === null ? null : this.#endAt(first);
    const to = last === null ? null : this.#endAt(last);
    if (from === null || to === null) return null;
    if (from.block === to.block) return from.at <= to.at ? { from, to } : null;
    const [start, end] = [placeIn(this.blocks, from), placeIn(this.blocks, to)];
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
    const flat = block === null ? undefined : this.#types.get(block as Block);
    const at = flat === undefined ? null : findCharacter(flat, id.client, id.clock);
    return flat === undefined || at === null ? null : { id, block: flat.type, at };
  }

  /** The characters of a stretch of the whole text; newlines between paragraphs at its ends are not among them. */
  rangeAt(at: number, length: number): Range | null {
    let from: End | null = null;
    let to: End | null = null;
    let start = 0;
    for (const flat of this.blocks) {
      if (start >= at + length) break;
      const [first, end] = [Math.max(0, at - start), Math.min(flat.text.length, at + length - start)];
      from ??= firstIn(flat, first, end);
      to = lastIn(flat, first, end) ?? to;
      start += flat.text.length + 1;
    }
    return from === null || to === null ? null : { from, to };
  }

  /** What a range says; of very long ones the beginning. */
  wordsOf({ from, to }: Range): string {
    const first = this.#types.get(from.block);
    if (first === undefined) throw new Error('a range of a block that is not there');
    if (from.block === to.block) return first.text.slice(from.at, to.at + 1).slice(0, LONGEST_QUOTE);
    let text = first.text.slice(from.at);
    for (let index = this.blocks.indexOf(first) + 1; text.length < LONGEST_QUOTE; index++) {
      const block = this.blocks[index];
      if (block === undefined) break;
      if (block.type === to.block)
        return `${text}\n${block.text.slice(0, to.at + 1)}`.slice(0, LONGEST_QUOTE);
      text += `\n${block.text}`;
    }
    return text.slice(0, LONGEST_QUOTE);
  }

  /** Where an encoded position is in the whole text; null: that cannot be said. */
  placeOf(encoded: string, side: 'from' | 'to'): number | null {
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
      const block = this.blocks[index];
      if (block === undefined) return null;
      return this.#startOf(block) + (side === 'from' ? 0 : block.text.length);
    }
    const block = blockOf(this.#content, place.type);
    const flat = block === null ? undefined : this.#types.get(block);
    const at = block === null ? null : offsetOf(block, place);
    return flat === undefined || at === null ? null : this.#startOf(flat) + at;
  }

  /** Whether what a position holds on to is there: a character, or the type at whose end it is. */
  holds(encoded: string): boolean {
    const id = characterOf(encoded);
    return id === null || this.#endAt(id) !== null;
  }

  #startOf(block: FlatBlock): number {
    let start = 0;
    for (const one of this.blocks) {
      if (one === block) return start;
      start += one.text.length + 1;
    }
    throw new Error('a block that is not there');
  }
}

function isKnown(doc: Y.Doc, id: Y.ID): boolean {
  return (
    Y.getState(doc.store, id.client) > id.clock && Y.getItem(doc.store, id).content instanceof Y.ContentType
  );
}
