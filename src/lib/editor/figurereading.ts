/** The figures of the text, paragraph by paragraph: each is read once for each of its wordings. */
import type { Node as ProseMirrorNode } from '@tiptap/pm/model';
import { checkedReport } from '#lib/figures/document.ts';
import type { CheckedBlock, DetectedFigure } from '#lib/figures/figure.ts';
import type { Range } from './difference.ts';

/** How the text is read; it is fetched on demand. */
export interface FigureReader {
  detect(block: Pick<CheckedBlock, 'text' | 'cell'>): readonly DetectedFigure[];
  /** Names what a figure says, as the register does. */
  keyOf(figure: DetectedFigure): string;
}

interface Located extends Range {
  figure: DetectedFigure;
}

const lineBreak = ({ type }: ProseMirrorNode) => (type.name === 'hardBreak' ? '\n' : '\ufffc');

/** The text of a paragraph as the checks have it: one UTF-16 unit for each position. */
export function paragraphTextOf(paragraph: ProseMirrorNode): string {
  return paragraph.textBetween(0, paragraph.content.size, undefined, lineBreak);
}

const cellKey = ({ cell }: CheckedBlock) =>
  cell ? `${cell.rowHeading}\n${cell.columnHeading}\n${cell.header}` : '';

/** Reads each paragraph once; ProseMirror keeps the node of one that did not change. */
class Reading {
  readonly #reader: FigureReader;
  readonly #paragraphs = new WeakMap<
    ProseMirrorNode,
    { headings: string; figures: readonly DetectedFigure[] }
  >();
  readonly #blocks = new WeakMap<ProseMirrorNode, readonly Located[]>();

  constructor(reader: FigureReader) {
    this.#reader = reader;
  }

  /** The figures of a top-level block, by position behind its start. */
  block(node: ProseMirrorNode): readonly Located[] {
    let located = this.#blocks.get(node);
    if (located === undefined) {
      located = node.isTextblock ? this.#paragraph(node, 1, null) : this.#table(node);
      this.#blocks.set(node, located);
    }
    return located;
  }

  #table(node: ProseMirrorNode): Located[] {
    if (node.type.name !== 'table') return [];
    const { blocks } = checkedReport({ type: 'doc', content: [node.toJSON()] });
    const located: Located[] = [];
    let index = 0;
    node.descendants((inner, position) => {
      if (!inner.isTextblock) return true;
      const block = blocks[index++];
      if (block !== undefined) located.push(...this.#paragraph(inner, position + 2, block));
      return false;
    });
    return located;
  }

  #paragraph(node: ProseMirrorNode, at: number, block: CheckedBlock | null): Located[] {
    const headings = block === null ? '' : cellKey(block);
    let known = this.#paragraphs.get(node);
    if (known === undefined || known.headings !== headings) {
      const figures = this.#reader.detect(block ?? { text: paragraphTextOf(node) });
      known = { headings, figures };
      this.#paragraphs.set(node, known);
    }
    return known.figures.map((figure) => ({ from: at + figure.start, to: at + figure.end, figure }));
  }
}

const readings = new WeakMap<FigureReader, Reading>();
export function readingOf(reader: FigureReader): Reading {
  let reading = readings.get(reader);
  if (reading === undefined) readings.set(reader, (reading = new Reading(reader)));
  return reading;
}
