/** The plain text of a report: what is counted, searched and shown where there is no room for markup. */
import type { BlockJson, ContentJson, ParagraphAttrs, ParagraphJson, ParagraphStyle } from './model.ts';
import { PARAGRAPH_DEFAULTS } from './model.ts';

/** A paragraph's attributes, with the defaults for those that are absent. */
export function paragraphAttrs(paragraph: ParagraphJson): ParagraphAttrs {
  return { ...PARAGRAPH_DEFAULTS, ...paragraph.attrs };
}

export function paragraphStyle(paragraph: ParagraphJson): ParagraphStyle {
  return paragraph.attrs?.style ?? PARAGRAPH_DEFAULTS.style;
}

/** A paragraph's text; a hard break is a newline. */
export function paragraphText(paragraph: ParagraphJson): string {
  let text = '';
  for (const inline of paragraph.content ?? []) text += inline.type === 'text' ? inline.text : '\n';
  return text;
}

/** Every paragraph of a block, those in table cells included, in reading order. */
export function* paragraphsOf(block: BlockJson): Generator<ParagraphJson> {
  if (block.type === 'paragraph') yield block;
  if (block.type !== 'table') return;
  for (const row of block.content ?? [])
    for (const cell of row.content ?? []) for (const inner of cell.content ?? []) yield* paragraphsOf(inner);
}

/** A block's text: a table's rows are lines, its cells are separated by tabs; pictures and dividers have none. */
function blockText(block: BlockJson): string {
  if (block.type === 'paragraph') return paragraphText(block);
  if (block.type !== 'table') return '';
  return (block.content ?? [])
    .map((row) => (row.content ?? []).map((cell) => (cell.content ?? []).map(blockText).join(' ')).join('\t'))
    .join('\n');
}

/** The whole text, a line for each block. Empty blocks give empty lines. */
export function contentText(content: ContentJson): string {
  return (content.content ?? []).map(blockText).join('\n');
}
