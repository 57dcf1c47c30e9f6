/** The paragraphs of the text with what is found in them, read again only when they change. */
import type { Node as ProseMirrorNode } from '@tiptap/pm/model';
import type { FigureMark } from '#lib/editor/figuremarks.ts';
import { paragraphTextOf } from '#lib/editor/figurereading.ts';
import type { DetectedMeasure } from '#lib/figures/figure.ts';

type Detect = (text: string) => DetectedMeasure[];

export interface ReadParagraph {
  /** The position of its first character. */
  at: number;
  text: string;
  figures: readonly FigureMark[];
  measures: (detect: Detect) => readonly DetectedMeasure[];
}

const known = new WeakMap<ProseMirrorNode, readonly DetectedMeasure[]>();

/** @param marks all figures of the document, in its order */
export function paragraphsIn(doc: ProseMirrorNode, marks: readonly FigureMark[]): ReadParagraph[] {
  const paragraphs: ReadParagraph[] = [];
  let next = 0;
  doc.descendants((node, position) => {
    if (!node.isTextblock) return true;
    const at = position + 1;
    const first = next;
    while ((marks[next]?.from ?? Infinity) < at + node.content.size) next++;
    const text = paragraphTextOf(node);
    const measures = (detect: Detect) => {
      const found = known.get(node) ?? detect(text);
      known.set(node, found);
      return found;
    };
    paragraphs.push({ at, text, figures: marks.slice(first, next), measures });
    return false;
  });
  return paragraphs;
}
