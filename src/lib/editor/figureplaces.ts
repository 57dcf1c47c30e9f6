/**
 * Where the figures of the register stand in the text. They are kept by the top-level block that they begin in,
 * at positions behind its start, so that a change costs what is in the blocks that it reached and not what is in
 * the report: there may be thousands of figures, and a change with every key.
 */
import type { Node as ProseMirrorNode } from '@tiptap/pm/model';
import type { Transaction } from '@tiptap/pm/state';
import type { Difference, Range } from './difference.ts';

/** What the register says of a figure, as far as the text shows it. */
export interface KnownFigure {
  id: string;
  /** Relative positions in the content, as base64: before the first and after the last character. */
  from: string;
  to: string;
  /** What somebody vouched for; null: nobody did. */
  verifiedKey: string | null;
}

/** A figure whose words are in the text. */
export interface PlacedFigure {
  known: KnownFigure;
  range: Range;
}

export interface FigurePlaces {
  /** By the index of the block; ranges begin at its start. */
  readonly blocks: readonly (readonly PlacedFigure[])[];
  /** Those that reach from one block into another, at positions of the document. */
  readonly across: readonly PlacedFigure[];
  /** Those whose words are not in the text. */
  readonly lost: readonly KnownFigure[];
}

export const NOWHERE: FigurePlaces = { blocks: [], across: [], lost: [] };

const NOBODY: readonly PlacedFigure[] = [];

const shifted = ({ known, range }: PlacedFigure, by: number): PlacedFigure => ({
  known,
  range: { from: range.from + by, to: range.to + by },
});

/** Sorts figures into the blocks of a document. */
class Sorter {
  readonly #starts: number[] = [];
  readonly #end: number;
  /** Those of its blocks that it made itself; the others belong to other places. */
  readonly #own = new Map<number, PlacedFigure[]>();
  readonly blocks: (readonly PlacedFigure[])[] = [];
  readonly across: PlacedFigure[] = [];

  constructor(doc: ProseMirrorNode) {
    doc.forEach((_block, offset) => {
      this.#starts.push(offset);
      this.blocks.push(NOBODY);
    });
    this.#end = doc.content.size;
  }

  /** @param one at positions of the document */
  add(one: PlacedFigure): void {
    const { from, to } = one.range;
    // The last block that starts at it or before.
    let low = 0;
    let high = this.#starts.length;
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if ((this.#starts[middle] ?? 0) <= from) low = middle;
      else high = middle;
    }
    if (to > (this.#starts[low + 1] ?? this.#end)) {
      this.across.push(one);
      return;
    }
    let own = this.#own.get(low);
    if (own === undefined) {
      own = [...(this.blocks[low] ?? NOBODY)];
      this.#own.set(low, own);
      this.blocks[low] = own;
    }
    own.push(shifted(one, -(this.#starts[low] ?? 0)));
  }
}

/** The places of figures. Ranges are at positions of the document; null: its words are not in it. */
export function placesOf(
  doc: ProseMirrorNode,
  figures: Iterable<{ known: KnownFigure; range: Range | null }>,
): FigurePlaces {
  const sorter = new Sorter(doc);
  const lost: KnownFigure[] = [];
  for (const { known, range } of figures) {
    if (range === null) lost.push(known);
    else sorter.add({ known, range });
  }
  return { blocks: sorter.blocks, across: sorter.across, lost };
}

/** All that are in the text, at positions of the document. */
export function placed({ blocks, across }: FigurePlaces, doc: ProseMirrorNode): PlacedFigure[] {
  const all = [...across];
  doc.forEach((_block, offset, index) => {
    for (const one of blocks[index] ?? NOBODY) all.push(shifted(one, offset));
  });
  return all;
}

/** Those that are in a block or reach into it, at positions behind its start. */
export function placedIn(
  { blocks, across }: FigurePlaces,
  { index, offset, size }: { index: number; offset: number; size: number },
): readonly PlacedFigure[] {
  const here = blocks[index] ?? NOBODY;
  const into = across.filter(({ range }) => range.to > offset && range.from < offset + size);
  return into.length === 0 ? here : [...here, ...into.map((one) => shifted(one, -offset))];
}

/** The places with a block's figures changed; they stay in it. */
export function withBlock(
  places: FigurePlaces,
  index: number,
  change: (one: PlacedFigure) => PlacedFigure,
): FigurePlaces {
  const blocks = [...places.blocks];
  blocks[index] = (blocks[index] ?? NOBODY).map(change);
  return { ...places, blocks };
}

/** What a transaction replaced, from its first change to its last; null: it moved nothing. */
export function replacedBy({ mapping, before, doc }: Transaction): Difference | null {
  let from = Infinity;
  let end = -Infinity;
  mapping.maps.forEach((map, index) => {
    const back = mapping.slice(0, index).invert();
    map.forEach((start, stop) => {
      from = Math.min(from, back.map(start, -1));
      end = Math.max(end, back.map(stop, 1));
    });
  });
  if (from > end) return null;
  return { from, beforeTo: end, afterTo: end + doc.content.size - before.content.size };
}

/**
 * The places after a change. What it did not reach stays where it is in its block.
 * @param move where a figure is that the change may have reached, or whose words were gone before it (`range`
 * is null); null: its words are not in the text
 */
export function followed(
  { blocks, across, lost }: FigurePlaces,
  before: ProseMirrorNode,
  doc: ProseMirrorNode,
  { from, beforeTo }: Difference,
  move: (known: KnownFigure, range: Range | null) => Range | null,
): FigurePlaces {
  const sorter = new Sorter(doc);
  const surplus = doc.childCount - before.childCount;
  const reached = [...across];
  before.forEach((block, offset, index) => {
    const here = blocks[index] ?? NOBODY;
    if (offset + block.nodeSize <= from) sorter.blocks[index] = here;
    else if (offset >= beforeTo) sorter.blocks[index + surplus] = here;
    else for (const one of here) reached.push(shifted(one, offset));
  });
  const gone: KnownFigure[] = [];
  const put = (known: KnownFigure, range: Range | null) => {
    const now = move(known, range);
    if (now === null) gone.push(known);
    else sorter.add({ known, range: now });
  };
  for (const { known, range } of reached) put(known, range);
  for (const known of lost) put(known, null);
  return { blocks: sorter.blocks, across: sorter.across, lost: gone };
}
