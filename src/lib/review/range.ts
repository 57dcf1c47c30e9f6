/**
 * Words as they stand in the text: from one character to another, each known by its Yjs id, which is what the
 * positions of anchors hold on to.
 */
import { fromBase64, toBase64 } from 'lib0/buffer';
import * as Y from 'yjs';
import { characterAt, textAfter, textBefore, type Block, type FlatBlock } from './flat.ts';
import { bidOf, sectionTitle } from './section.ts';
import { CONTEXT, type Anchor } from './thread.ts';

/** A character, and where it stands in its block's text. */
export interface End {
  id: Y.ID;
  block: Block;
  at: number;
}

/** From the first character to the last. */
export interface Range {
  from: End;
  to: End;
}

/** A stretch of one block's text. */
export interface Stretch {
  block: FlatBlock;
  from: number;
  to: number;
}

function endIn(flat: FlatBlock, at: number): End | null {
  const id = characterAt(flat, at);
  return id === null ? null : { id, block: flat.type, at };
}

/** The first character of a stretch of a block's text; null: there are only newlines in it. */
export function firstIn(flat: FlatBlock, from: number, to: number): End | null {
  for (let at = from; at < to; at++) {
    const found = endIn(flat, at);
    if (found !== null) return found;
  }
  return null;
}

/** The last one. */
export function lastIn(flat: FlatBlock, from: number, to: number): End | null {
  for (let at = to - 1; at >= from; at--) {
    const found = endIn(flat, at);
    if (found !== null) return found;
  }
  return null;
}

/** Where an end stands in the whole text; null: its block is not there. */
export function placeIn(blocks: readonly FlatBlock[], { block, at }: End): number | null {
  let start = 0;
  for (const { type, text } of blocks) {
    if (type === block) return start + at;
    start += text.length + 1;
  }
  return null;
}

/** What stands around a range, and where it belongs. */
export function around(
  blocks: readonly FlatBlock[],
  { from, to }: Range,
): Pick<Anchor, 'prefix' | 'suffix' | 'bid' | 'section'> {
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

/** The positions that hold on to a range. */
export function encode({ from, to }: Range): Pick<Anchor, 'from' | 'to'> {
  const position = ({ id }: End, assoc: number) =>
    toBase64(Y.encodeRelativePosition(new Y.RelativePosition(null, null, id, assoc)));
  // What is typed before the first or behind the last character is outside.
  return { from: position(from, 0), to: position(to, -1) };
}

/** Null: it is no position. */
export function decode(encoded: string): Y.RelativePosition | null {
  try {
    return Y.decodeRelativePosition(fromBase64(encoded));
  } catch {
    // Whatever lib0 throws on what is no position, it is none.
    return null;
  }
}

/** The character that an anchor's position holds on to. */
export function characterOf(encoded: string): Y.ID | null {
  return decode(encoded)?.item ?? null;
}
