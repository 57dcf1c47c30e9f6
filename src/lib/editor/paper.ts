/**
 * How the text stands on the paper: the attributes that `paper.css` is written against. The editor and
 * the text that the server renders both take them from here, so that one can replace the other without
 * a jump: the element may differ (`<p>` here, `<h2>` there), the attributes and the look do not.
 */
import { headingRank, type ParagraphAttrs } from '#lib/report/model.ts';

/** The class of the element that holds the blocks. */
export const PAPER_CLASS = 'paper';

/** The rank of a heading for assistive technology: the title is 1, heading 1 is 2; null for other text. */
function ariaLevel(style: ParagraphAttrs['style']): number | null {
  if (style === 'title') return 1;
  const rank = headingRank(style);
  return rank === null ? null : rank + 1;
}

/**
 * The DOM attributes of a paragraph's element: `data-style`, and only where they say something,
 * `data-align`, `data-level`, `data-restart`, `data-bid`, and `role` with `aria-level` for headings.
 */
export function paragraphDom(attrs: ParagraphAttrs): Record<string, string> {
  const list = attrs.style === 'bullet' || attrs.style === 'ordered';
  const level = ariaLevel(attrs.style);
  return {
    'data-style': attrs.style,
    ...(attrs.align !== null && { 'data-align': attrs.align }),
    ...(list && { 'data-level': String(attrs.level) }),
    ...(attrs.style === 'ordered' && attrs.restart && { 'data-restart': '' }),
    ...(attrs.bid !== null && { 'data-bid': attrs.bid }),
    ...(level !== null && { role: 'heading', 'aria-level': String(level) }),
  };
}
