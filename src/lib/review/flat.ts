/**
 * The content as flat text, block by block, with the ids of its characters: what anchors are kept by. A line
 * break is a newline, a picture, a divider or a block of figures U+FFFC; paragraphs (also those of a table) are parted by a newline.
 */
import * as Y from 'yjs';

/** A direct child of the content. */
export type Block = Y.XmlElement | Y.XmlText | Y.XmlHook;

/** `length` characters of a block's text, from `at` on, which are those of one Yjs client from `clock` on. */
export interface Piece {
  at: number;
  client: number;
  clock: number;
  length: number;
}

/** A block's text as of one moment. Newlines between its paragraphs belong to no piece. */
export interface FlatBlock {
  type: Block;
  text: string;
  pieces: readonly Piece[];
}

/** A place in the content as Yjs has it: before the `index`-th thing in a type. */
export interface Place {
  type: Y.AbstractType<unknown>;
  index: number;
}

/** Stands for what is no text: a picture, a divider, a table or chart of figures. */
export const OBJECT = '\ufffc';

/** Deeper than this, what a hostile client nested is not read. */
const MAX_DEPTH = 100;

class Flattener {
  text = '';
  readonly pieces: Piece[] = [];
  /** Where the target was come by; null: not yet. */
  reached: number | null = null;
  readonly #target: Place | null;
  #hasParagraph = false;

  constructor(target: Place | null) {
    this.#target = target;
  }

  #put(item: Y.Item, text: string): void {
    const { client, clock } = item.id;
    const last = this.pieces.at(-1);
    const at = this.text.length;
    const goesOn =
      last !== undefined &&
      last.client === client &&
      last.clock + last.length === clock &&
      last.at + last.length === at;
    if (goesOn) last.length += text.length;
    else this.pieces.push({ at, client, clock, length: text.length });
    this.text += text;
  }

  #beginParagraph(): void {
    if (this.#hasParagraph) this.text += '\n';
    this.#hasParagraph = true;
  }

  block(block: Block): void {
    if (block instanceof Y.XmlText) {
      this.#beginParagraph();
      this.#inText(block);
    } else if (block instanceof Y.XmlElement && block._item !== null) {
      this.#element(block, block._item, 0);
    }
  }

  #element(element: Y.XmlElement, item: Y.Item, depth: number): void {
    if (depth > MAX_DEPTH) return;
    switch (element.nodeName) {
      case 'picture':
      case 'figures':
      case 'divider':
        this.#beginParagraph();
        return this.#put(item, OBJECT);
      case 'hardBreak':
        return this.#put(item, '\n');
      case 'paragraph':
        this.#beginParagraph();
        return this.#children(element, depth);
      default:
        return this.#children(element, depth);
    }
  }

  #children(parent: Y.XmlElement, depth: number): void {
    let index = 0;
    for (let item = parent._start; item !== null; item = item.right) {
      if (item.deleted || !item.countable) continue;
      this.#reach(parent, index, 0);
      index += item.length;
      if (!(item.content instanceof Y.ContentType)) continue;
      const { type } = item.content;
      if (type instanceof Y.XmlText) this.#inText(type);
      else if (type instanceof Y.XmlElement) this.#element(type, item, depth + 1);
    }
    this.#reach(parent, index, 0);
  }

  #inText(text: Y.XmlText): void {
    let index = 0;
    for (let item = text._start; item !== null; item = item.right) {
      if (item.deleted || !item.countable) continue;
      this.#reach(text, index, item.length);
      index += item.length;
      if (item.content instanceof Y.ContentString) this.#put(item, item.content.str);
      else this.#put(item, OBJECT.repeat(item.length));
    }
    this.#reach(text, index, 0);
  }

  /** Notes the target when it is one of the places from `index` on, before `length` more. */
  #reach(type: Y.XmlFragment | Y.XmlText, index: number, length: number): void {
    const target = this.#target;
    if (target === null || this.reached !== null || (target.type as unknown) !== type) return;
    const within = target.index - index;
    if (within >= 0 && within <= length) this.reached = this.text.length + within;
  }
}

export function flatten(type: Block): FlatBlock {
  const flattener = new Flattener(null);
  flattener.block(type);
  return { type, text: flattener.text, pieces: flattener.pieces };
}

/** Where a place within a block is in its text; null: it is not in it. */
export function offsetOf(block: Block, place: Place): number | null {
  const flattener = new Flattener(place);
  flattener.block(block);
  return flattener.reached;
}

/** The direct child of the content that a type is in; null: it is not in it. */
export function blockOf(content: Y.XmlFragment, type: Y.AbstractType<unknown>): Block | null {
  for (let one = type; one._item !== null;) {
    const { parent } = one._item;
    if (parent === content) return one as Block;
    if (!(parent instanceof Y.AbstractType)) return null;
    one = parent;
  }
  return null;
}

/** Where a character is in a block's text; null: it is not in it. */
export function findCharacter({ pieces }: FlatBlock, client: number, clock: number): number | null {
  for (const piece of pieces) {
    const within = clock - piece.clock;
    if (piece.client === client && within >= 0 && within < piece.length) return piece.at + within;
  }
  return null;
}

/** Which character stands at a place of the text; null: a newline between paragraphs does. */
export function characterAt({ pieces }: FlatBlock, at: number): Y.ID | null {
  for (const piece of pieces) {
    const within = at - piece.at;
    if (within >= 0 && within < piece.length) return Y.createID(piece.client, piece.clock + within);
  }
  return null;
}

/** At most `length` characters of what stands before a block, its newline included. */
export function textBefore(blocks: readonly FlatBlock[], index: number, length: number): string {
  let text = '';
  for (let at = index - 1; at >= 0 && text.length < length; at--) text = `${blocks[at]?.text ?? ''}\n${text}`;
  return text.slice(Math.max(0, text.length - length));
}

/** At most `length` characters of what the last `count` blocks hold, the newline before them included. */
export function textAfter(blocks: readonly FlatBlock[], count: number, length: number): string {
  let text = '';
  for (let at = blocks.length - count; at < blocks.length && text.length < length; at++) {
    text += `\n${blocks[at]?.text ?? ''}`;
  }
  return text.slice(0, length);
}
