/** The normal form of our JSON: see `parse.ts`. */
import {
  type BlockJson,
  type CellJson,
  type InlineJson,
  type MarkJson,
  PARAGRAPH_DEFAULTS,
  type ParagraphAttrs,
  type ParagraphJson,
} from './model.ts';

/**
 * The attributes that say something. A stored default would do harm: the editor's binding writes every
 * attribute it holds, and so would undo the style that a colleague gives the block at that moment.
 */
export function withoutDefaults(attrs: ParagraphAttrs): Partial<ParagraphAttrs> {
  return {
    ...(attrs.style !== PARAGRAPH_DEFAULTS.style && { style: attrs.style }),
    ...(attrs.align !== PARAGRAPH_DEFAULTS.align && { align: attrs.align }),
    ...(attrs.level !== PARAGRAPH_DEFAULTS.level && { level: attrs.level }),
    ...(attrs.restart !== PARAGRAPH_DEFAULTS.restart && { restart: attrs.restart }),
    ...(attrs.bid !== PARAGRAPH_DEFAULTS.bid && { bid: attrs.bid }),
  };
}

export const bodyParagraph = (content: InlineJson[]): ParagraphJson => ({ type: 'paragraph', content });

export const plainCell = (content: BlockJson[]): CellJson => ({
  type: 'tableCell',
  attrs: { colspan: 1, rowspan: 1, colwidth: null },
  content,
});

/** Adds to a run of inline nodes, joining text of equal marks. */
export function append(run: InlineJson[], next: InlineJson): void {
  const last = run.at(-1);
  if (last?.type === 'text' && next.type === 'text' && sameMarks(last.marks, next.marks)) {
    run[run.length - 1] = { ...last, text: last.text + next.text };
  } else run.push(next);
}

const hrefOf = (mark: MarkJson) => (mark.type === 'link' ? mark.attrs.href : '');

function sameMarks(a: readonly MarkJson[] = [], b: readonly MarkJson[] = []): boolean {
  return (
    a.length === b.length &&
    a.every((mark, index) => {
      const other = b[index];
      return other !== undefined && mark.type === other.type && hrefOf(mark) === hrefOf(other);
    })
  );
}
