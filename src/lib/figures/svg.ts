/** Drawings as data: a tree that each surroundings (an article, the editor) makes into elements of its own. */

export type SvgTag = 'svg' | 'rect' | 'line' | 'polyline' | 'circle' | 'text';

export type SvgAttribute =
  | 'xmlns'
  | 'viewBox'
  | 'role'
  | 'aria-label'
  | 'style'
  | 'x'
  | 'y'
  | 'width'
  | 'height'
  | 'rx'
  | 'x1'
  | 'y1'
  | 'x2'
  | 'y2'
  | 'cx'
  | 'cy'
  | 'r'
  | 'points'
  | 'fill'
  | 'fill-opacity'
  | 'stroke'
  | 'stroke-width'
  | 'stroke-opacity'
  | 'stroke-dasharray'
  | 'font-size'
  | 'text-anchor';

export type SvgAttributes = Partial<Record<SvgAttribute, string | number>>;

export interface SvgNode {
  tag: SvgTag;
  attributes: SvgAttributes;
  children: readonly (SvgNode | string)[];
}

export const svg = (tag: SvgTag, attributes: SvgAttributes, ...children: (SvgNode | string)[]): SvgNode => ({
  tag,
  attributes,
  children,
});

/** A length to a tenth, so that the same drawing is the same text everywhere. */
export const tenth = (length: number): number => Math.round(length * 10) / 10;

/** About how wide a text is, in its font's size: Han and full-width marks are one, Latin and digits a bit over a half. */
export function widthOf(text: string): number {
  let width = 0;
  for (const letter of text) width += (letter.codePointAt(0) ?? 0) < 0x2000 ? 0.58 : 1;
  return width;
}

/** A text in at most so many lines of at most so wide each; what does not fit ends in `…`. */
export function wrap(text: string, width: number, lines: number): string[] {
  const out: string[] = [];
  let line = '';
  for (const letter of text) {
    if (line === '' || widthOf(line + letter) <= width) {
      line += letter;
      continue;
    }
    out.push(line);
    line = letter;
    if (out.length === lines) break;
  }
  if (out.length < lines) return line === '' ? out : [...out, line];
  const last = [...(out.at(-1) ?? '')];
  while (last.length > 1 && widthOf(`${last.join('')}…`) > width) last.pop();
  return [...out.slice(0, -1), `${last.join('')}…`];
}
