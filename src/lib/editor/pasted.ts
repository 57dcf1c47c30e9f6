/**
 * Foreign HTML made into the editor's own: flat paragraphs with `data-style`, clean tables, nothing else.
 * Knows Word and WPS (list paragraphs, outline levels, `mso-list:Ignore`), Google Docs and web pages.
 */
import {
  isAllowedHref,
  MAX_LIST_LEVEL,
  type MarkName,
  PARAGRAPH_DEFAULTS,
  type ParagraphAttrs,
} from '#lib/report/model.ts';
import {
  BLOCKS,
  HAND_INDENT,
  headingStyle,
  isHiddenStyle,
  MARK_TAGS,
  SKIPPED,
  SOURCE_BREAK,
  wordList,
  wordStyle,
} from '#lib/import/vocabulary.ts';
import { idsOf as figureIdsOf } from './figureblock.ts';
import { paragraphDom } from './paper.ts';

export interface Pasted {
  html: string;
  /** Pictures that were left out, since they cannot be had. */
  droppedPictures: number;
  /** Tables and charts of figures that are another report's: they are plain tables from now on. */
  plainFigures: number;
}

type Marks = ReadonlyMap<MarkName, string>;
interface Context {
  marks: Marks;
  /** The list item being read; `used` once it has given its first paragraph. */
  item: { attrs: Partial<ParagraphAttrs>; used: boolean } | null;
  listLevel: number;
  quote: boolean;
  inCell: boolean;
}

const MARK_ELEMENTS: Record<Exclude<MarkName, 'link'>, string> = {
  bold: 'strong',
  italic: 'em',
  underline: 'u',
  strike: 's',
  highlight: 'mark',
  runIn: 'b',
};
const styleOf = (element: HTMLElement) => element.getAttribute('style') ?? '';

/** Word's list paragraph, its bullet or number in an ignored span. */
function inWordList(element: HTMLElement, seen: Set<string>): Partial<ParagraphAttrs> | null {
  const sign = element.querySelector('[style*="mso-list:Ignore" i], [style*="mso-list: Ignore" i]');
  return wordList(styleOf(element), sign?.textContent?.trim() ?? '', seen);
}

function alignOf(element: HTMLElement): ParagraphAttrs['align'] {
  const value = element.style.textAlign || element.getAttribute('align')?.toLowerCase();
  return value === 'center' || value === 'right' ? value : null;
}

function withMark(marks: Marks, name: MarkName, on: boolean, value = ''): Marks {
  if (marks.has(name) === on && (!on || marks.get(name) === value)) return marks;
  const next = new Map(marks);
  if (on) next.set(name, value);
  else next.delete(name);
  return next;
}

function marksOf(element: HTMLElement, outer: Marks): Marks {
  let marks = outer;
  const tag = element.localName;
  const byTag = MARK_TAGS[tag];
  if (element.hasAttribute('data-run-in')) marks = withMark(marks, 'runIn', true);
  else if (byTag) marks = withMark(marks, byTag, true);
  if (tag === 'a') {
    const href = element.getAttribute('href') ?? '';
    if (isAllowedHref(href)) marks = withMark(marks, 'link', true, href);
  }
  const { fontWeight, fontStyle, textDecorationLine, textDecoration } = element.style;
  if (fontWeight) marks = withMark(marks, 'bold', /^(bold(er)?|[6-9]\d\d)$/.test(fontWeight));
  if (fontStyle) marks = withMark(marks, 'italic', /italic|oblique/.test(fontStyle));
  const line = `${textDecorationLine} ${textDecoration}`;
  if (line.includes('underline') && tag !== 'a') marks = withMark(marks, 'underline', true);
  if (line.includes('line-through')) marks = withMark(marks, 'strike', true);
  if (/mso-highlight:/i.test(styleOf(element))) marks = withMark(marks, 'highlight', true);
  return marks;
}

const isHidden = (element: HTMLElement) => isHiddenStyle(styleOf(element));

/**
 * @param html from a clipboard; never executed, and nothing in it is loaded
 * @param isFigure whether this report has registered a figure
 * @param idsOf the id that stands for each of the pictures, in the order of the text; null leaves one out
 */
export function cleanPasted(
  html: string,
  idsOf: (images: readonly HTMLImageElement[]) => (string | null)[],
  isFigure: (id: string) => boolean,
): Pasted {
  const source = new DOMParser().parseFromString(html, 'text/html');
  const images = Array.from(source.images);
  const ids = idsOf(images);
  const target = document.implementation.createHTMLDocument();
  const ours = source.querySelector('[data-pm-slice]');
  const seenLists = new Set<string>();
  let droppedPictures = 0;
  let plainFigures = 0;
  let out: HTMLElement = target.body;
  let open: HTMLElement | null = null;

  function close(): void {
    if (open && !ours) {
      while (open.lastChild instanceof HTMLBRElement) open.lastChild.remove();
      if (open.textContent?.replace(/[\s\u00a0\u3000]/g, '') === '') open.remove();
    }
    open = null;
  }
  function begin(attrs: Partial<ParagraphAttrs>): HTMLElement {
    close();
    open = target.createElement('p');
    for (const [name, value] of Object.entries(paragraphDom({ ...PARAGRAPH_DEFAULTS, ...attrs }))) {
      open.setAttribute(name, value);
    }
    out.append(open);
    return open;
  }
  /** The paragraph that text goes to: the open one, or a new one of the item or quote around it. */
  function current(context: Context): HTMLElement {
    if (open) return open;
    const { item } = context;
    if (item && !item.used) {
      item.used = true;
      return begin(item.attrs);
    }
    return begin(context.quote ? { style: 'quote' } : {});
  }

  function text(node: Node, context: Context): void {
    let value = (node.textContent ?? '').replace(SOURCE_BREAK, '$1');
    if (!ours) {
      value = value.replace(/[\s\u00a0]+/g, ' ');
      if (!open || open.textContent === '') value = value.replace(HAND_INDENT, '');
    }
    if (value === '') return;
    const paragraph = current(context);
    const style = paragraph.dataset['style'] ?? '';
    let inner: Node = target.createTextNode(value);
    for (const [name, href] of context.marks) {
      // A heading is bold as it stands.
      if (name === 'bold' && !ours && /^(title|heading)/.test(style)) continue;
      const wrapper = target.createElement(name === 'link' ? 'a' : MARK_ELEMENTS[name]);
      if (name === 'link') wrapper.setAttribute('href', href);
      if (name === 'runIn') wrapper.setAttribute('data-run-in', '');
      wrapper.append(inner);
      inner = wrapper;
    }
    paragraph.append(inner);
  }

  function children(element: Element, context: Context): void {
    for (const child of element.childNodes) walk(child, context);
  }

  function table(element: HTMLTableElement, context: Context): void {
    const rows = Array.from(element.rows);
    const cells = rows.flatMap((row) => Array.from(row.cells));
    close();
    // Pages are laid out with tables of one cell; a table inside a cell loses its frame.
    if (!ours && (context.inCell || cells.length <= 1)) {
      for (const cell of cells) {
        children(cell, context);
        close();
      }
      return;
    }
    const outer = out;
    const made = target.createElement('table');
    const body = made.createTBody();
    for (const row of rows) {
      const madeRow = body.insertRow();
      for (const cell of row.cells) {
        const madeCell = target.createElement(cell.localName === 'th' ? 'th' : 'td');
        for (const name of ['colspan', 'rowspan', 'colwidth']) {
          const value = cell.getAttribute(name);
          if (value !== null) madeCell.setAttribute(name, value);
        }
        madeRow.append(madeCell);
        out = madeCell;
        children(cell, { marks: new Map(), item: null, listLevel: 0, quote: false, inCell: true });
        close();
        if (!madeCell.firstChild) {
          begin({});
          open = null;
        }
      }
    }
    out = outer;
    out.append(made);
  }

  function block(element: HTMLElement, context: Context): void {
    close();
    const tag = element.localName;
    const rank = /^h([1-6])$/.exec(tag);
    const align = alignOf(element);
    const own = element.dataset['style'];
    let attrs: Partial<ParagraphAttrs> | null = null;
    if (own !== undefined) {
      const made = target.createElement('p');
      for (const name of ['data-style', 'data-align', 'data-level', 'data-restart', 'data-bid']) {
        const value = element.getAttribute(name);
        if (value !== null) made.setAttribute(name, value);
      }
      out.append(made);
      open = made;
      children(element, context);
      open = null;
      return;
    }
    const byWord = wordStyle(element.className, styleOf(element));
    const listed = inWordList(element, seenLists);
    if (rank) attrs = { style: headingStyle(Number(rank[1])), align };
    else if (byWord) attrs = { style: byWord, ...(byWord.startsWith('heading') && { align }) };
    else if (listed) attrs = listed;
    else if (align && tag !== 'li') attrs = { align, ...(context.quote && { style: 'quote' as const }) };
    if (attrs && element.textContent?.trim() && !element.querySelector('table')) {
      begin(attrs);
      children(element, context);
    } else children(element, context);
    close();
  }

  function item(element: HTMLElement, attrs: Partial<ParagraphAttrs>, context: Context): void {
    close();
    const inner: Context = { ...context, item: { attrs, used: false } };
    if (element.dataset['style'] !== undefined) return block(element, inner);
    children(element, inner);
    close();
  }

  function list(element: HTMLElement, context: Context): void {
    close();
    const ordered = element.localName === 'ol';
    const level = Math.min(MAX_LIST_LEVEL, context.listLevel);
    let first = true;
    for (const child of element.childNodes) {
      if (child instanceof HTMLElement && child.localName === 'li') {
        // Google Docs says the level, and nests nothing.
        const said = Number(child.getAttribute('aria-level'));
        const attrs: Partial<ParagraphAttrs> = {
          style: ordered ? 'ordered' : 'bullet',
          level: said >= 1 ? Math.min(MAX_LIST_LEVEL, said - 1) : level,
          restart: ordered && first && level === 0 && Number(element.getAttribute('start') ?? 1) === 1,
        };
        first = false;
        item(child, attrs, { ...context, listLevel: level + 1 });
      } else walk(child, { ...context, listLevel: level + 1 });
    }
    close();
  }

  function figures(element: HTMLElement, context: Context): void {
    close();
    if (!figureIdsOf(element).every(isFigure)) {
      plainFigures++;
      return children(element, context);
    }
    const made = target.createElement('figure');
    for (const name of ['data-figures', 'data-show', 'data-caption']) {
      made.setAttribute(name, element.getAttribute(name) ?? '');
    }
    out.append(made);
  }

  function walk(node: Node, context: Context): void {
    if (node.nodeType === Node.TEXT_NODE) return text(node, context);
    if (!(node instanceof HTMLElement)) return;
    const tag = node.localName;
    if (SKIPPED.has(tag) || isHidden(node)) return;
    if (tag === 'br') {
      if (open) open.append(target.createElement('br'));
      return;
    }
    if (tag === 'hr') {
      close();
      out.append(target.createElement('hr'));
      return;
    }
    if (node instanceof HTMLImageElement) {
      const id = ids[images.indexOf(node)] ?? null;
      if (id === null) {
        droppedPictures++;
        return;
      }
      close();
      const image = target.createElement('img');
      image.setAttribute('data-picture', id);
      for (const name of ['alt', 'data-caption']) image.setAttribute(name, node.getAttribute(name) ?? '');
      out.append(image);
      return;
    }
    if (node.dataset['figures'] !== undefined) return figures(node, context);
    if (node instanceof HTMLTableElement) return table(node, context);
    const inner: Context = { ...context, marks: marksOf(node, context.marks) };
    if (tag === 'ul' || tag === 'ol') return list(node, inner);
    // A clipboard may hold items without their list.
    if (tag === 'li') return item(node, { style: 'bullet' }, inner);
    if (tag === 'blockquote') {
      close();
      children(node, { ...inner, quote: true });
      return close();
    }
    if (BLOCKS.has(tag)) return block(node, inner);
    children(node, inner);
  }

  children(source.body, { marks: new Map(), item: null, listLevel: 0, quote: false, inCell: false });
  close();
  const slice = ours?.getAttribute('data-pm-slice');
  if (slice) target.body.firstElementChild?.setAttribute('data-pm-slice', slice);
  return { html: target.body.innerHTML, droppedPictures, plainFigures };
}
