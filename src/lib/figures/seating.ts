/** Where the paragraphs of a report, as our JSON and the checks count them, stand in the flat text that anchors are kept by. */
import * as Y from 'yjs';
import type { BlockJson, ContentJson, FigurePlace } from '#lib/report/model.ts';
import { repairContent } from '#lib/report/parse.ts';
import { paragraphText } from '#lib/report/text.ts';
import { readBlock } from '#lib/report/ydoc.ts';
import { OBJECT, type FlatBlock } from '#lib/review/flat.ts';
import { checkedReport } from './document.ts';
import type { CheckedBlock, CheckedReport } from './figure.ts';

type Paragraph = Pick<CheckedBlock, 'text' | 'cell'>;

const nameOf = ({ type }: FlatBlock): string => (type instanceof Y.XmlElement ? type.nodeName : '');

const contentOf = ({ type }: FlatBlock): ContentJson =>
  repairContent({ type: 'doc', content: readBlock(type) }).content;

/** The texts that a table's flat text is made of, one for each paragraph; null: a picture or the like. */
function* linesOf(blocks: readonly BlockJson[]): Generator<string | null> {
  for (const block of blocks) {
    if (block.type === 'paragraph') yield paragraphText(block);
    else if (block.type !== 'table') yield null;
    else
      for (const row of block.content ?? [])
        for (const cell of row.content ?? []) yield* linesOf(cell.content ?? []);
  }
}

/** Where each paragraph of a table begins in its flat text, in their order; null: it is not there as it is read. */
function* startsIn(text: string, blocks: readonly BlockJson[]): Generator<number | null> {
  let at = 0;
  for (const line of linesOf(blocks)) {
    const found = text.indexOf(line ?? OBJECT, at);
    if (found >= 0) at = found + (line ?? OBJECT).length + 1;
    if (line !== null) yield found < 0 ? null : found;
  }
}

/** The paragraphs of a table with their headings. */
function seatedIn(block: FlatBlock): { at: number | null; paragraph: Paragraph }[] {
  const content = contentOf(block);
  const starts = [...startsIn(block.text, content.content ?? [])];
  return checkedReport(content).blocks.map((paragraph, index) => ({ at: starts[index] ?? null, paragraph }));
}

/** The paragraphs of a block, those of a table with their headings, and where each begins in the flat text. */
export function paragraphsIn(block: FlatBlock): { at: number; paragraph: Paragraph }[] {
  if (nameOf(block) !== 'table') return [{ at: 0, paragraph: { text: block.text } }];
  return seatedIn(block).flatMap(({ at, paragraph }) => (at === null ? [] : [{ at, paragraph }]));
}

/** A paragraph of blocks of text, and where it stands in them. */
export interface Seated {
  block: FlatBlock;
  /** Where it begins in the block's flat text. */
  at: number;
}

/** Blocks as the checks see them, and of each of its paragraphs where it stands. */
export function checkedBlocks(blocks: readonly FlatBlock[]): { report: CheckedReport; seats: Seated[] } {
  const seats: Seated[] = [];
  const checked = blocks.flatMap((block, top) =>
    paragraphsIn(block).map(({ at, paragraph }): CheckedBlock => {
      seats.push({ block, at });
      return { style: 'body', runIn: 0, top, ...paragraph };
    }),
  );
  return { report: { blocks: checked }, seats };
}

/** Where each paragraph of the content as our JSON has it begins in a block; null: not as it is read. */
function startsOf(block: FlatBlock): (number | null)[] {
  switch (nameOf(block)) {
    case 'paragraph':
      return [0];
    case 'picture':
    case 'figures':
    case 'divider':
      return [];
    case 'table':
      return seatedIn(block).map(({ at }) => at);
    default:
      // Whatever somebody wrote there is paragraphs of their own in our JSON.
      return checkedReport(contentOf(block)).blocks.map(() => null);
  }
}

/** The places of our JSON in the flat text of a content, as of one moment. */
export class Seating {
  readonly #seats: (Seated | null)[] = [];
  /** The number of each block's first paragraph. */
  readonly #first = new Map<FlatBlock, number>();

  constructor(blocks: readonly FlatBlock[]) {
    for (const block of blocks) {
      this.#first.set(block, this.#seats.length);
      for (const at of startsOf(block)) this.#seats.push(at === null ? null : { block, at });
    }
  }

  /** Where a paragraph stands; null: there is none of this number, or it is not there as it is read. */
  seat(paragraph: number): Seated | null {
    return this.#seats[paragraph] ?? null;
  }

  /** The place of what begins in a block there; null: it is in no paragraph. */
  placeOf(block: FlatBlock, start: number): FigurePlace | null {
    let place: FigurePlace | null = null;
    for (let number = this.#first.get(block) ?? Infinity; number < this.#seats.length; number++) {
      const seat = this.#seats[number];
      if (!seat) continue;
      if (seat.block !== block || seat.at > start) break;
      place = { paragraph: number, start: start - seat.at };
    }
    return place;
  }
}
