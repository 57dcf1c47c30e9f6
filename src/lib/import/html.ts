/**
 * HTML read into blocks: Word's and WPS's, web pages, and our own exports. Nothing in it runs, and nothing
 * is fetched: a picture is taken when its bytes are in the page.
 */
import { parse } from 'parse5';
import {
  headingRank,
  isAllowedHref,
  MAX_LIST_LEVEL,
  type BlockJson,
  type CellJson,
  type ParagraphAttrs,
  type ParagraphStyle,
} from '#lib/report/model.ts';
import { LIMITS } from '#lib/report/limits.ts';
import { Numbering } from '#lib/report/numbering.ts';
import { alignment, type Draft, DraftWriter, lineOf, type Look, type Marks, withMark } from './draft.ts';
import { tableCell, tableRows } from './columns.ts';
import {
  attribute,
  cellsOf,
  columnsOf,
  dataOf,
  declarations,
  type Element,
  elementsOf,
  isElement,
  type Node,
  ownRows,
  type Parent,
  textOf,
} from './dom.ts';
import { furnitureKind } from './furniture.ts';
import type { DraftPicture, LeftOuts } from './imported.ts';
import { isOwnArticle, OWN_SIDES, ownHeading, ownStyle } from './own.ts';
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
} from './vocabulary.ts';

interface Context {
  marks: Marks;
  /** The list item being read; `used` once it has given its first paragraph. */
  item: { attrs: Partial<ParagraphAttrs>; used: boolean } | null;
  listLevel: number;
  quote: boolean;
  /** Tables around. */
  tables: number;
  depth: number;
  align: ParagraphAttrs['align'];
}

/** Elements inside elements; what lies deeper gives its text alone. */
const MAX_DEPTH = 200;
/** Around an article, not of it. */
const AROUND = new Set(['nav', 'aside', 'footer']);
const EMBEDDED = new Set(
  'script iframe object embed svg math canvas audio video input button select textarea'.split(' '),
);
const OUTSIDE: Context = {
  marks: new Map(),
  item: null,
  listLevel: 0,
  quote: false,
  tables: 0,
  depth: 0,
  align: null,
};

/** A whole page: its article, where it has just one. */
export function readHtml(html: string, leftOut: LeftOuts): Draft {
  const page = parse(html);
  const titles = elementsOf(page, ['title']);
  const regions = elementsOf(page, ['article', 'main']);
  const articles = regions.filter(({ tagName }) => tagName === 'article');
  const region = articles.length === 1 ? articles[0] : regions.length === 1 ? regions[0] : undefined;
  const [body] = elementsOf(page, ['body']);
  const isOwn = region !== undefined && isOwnArticle(region);
  const reader = new HtmlReader(leftOut, isOwn);
  const root = region ?? body;
  if (region !== undefined && body !== undefined) leaveAround(body, region, leftOut);
  if (root !== undefined) reader.children(root, OUTSIDE);
  reader.writer.close();
  return {
    blocks: reader.writer.blocks,
    pictures: reader.pictures,
    looks: reader.looks,
    isOwn,
    marksRunIns: reader.marksRunIns,
    pageTitle: titles[0] === undefined ? '' : textOf(titles[0]).replace(/\s+/g, ' ').trim(),
  };
}

/** Names what stands around the article; its pieces are the elements beside the way to it. */
function leaveAround(body: Element, region: Element, leftOut: LeftOuts): void {
  for (let at: Element = region; at !== body;) {
    const parent = at.parentNode;
    if (parent === null || !('tagName' in parent)) return;
    for (const child of parent.childNodes) {
      if (child === at) continue;
      const text = ('value' in child ? child.value : isElement(child) ? textOf(child) : '').trim();
      if (text !== '') leftOut.add('navigation', text);
    }
    at = parent;
  }
}

class HtmlReader {
  writer: DraftWriter;
  readonly pictures: DraftPicture[] = [];
  readonly looks = new Map<BlockJson, Look>();
  marksRunIns = false;
  readonly #leftOut: LeftOuts;
  readonly #seenLists = new Set<string>();
  readonly #isOwn: boolean;
  #numbering = new Numbering();

  /** `isOwn`: we wrote what is read. */
  constructor(leftOut: LeftOuts, isOwn: boolean) {
    this.#leftOut = leftOut;
    this.#isOwn = isOwn;
    this.writer = new DraftWriter(this.looks);
  }

  children(parent: Parent, context: Context): void {
    for (const child of parent.childNodes) this.#node(child, context);
  }

  #node(node: Node, context: Context): void {
    if ('value' in node) return this.#text(node.value, context);
    if (!isElement(node)) return;
    const tag = node.tagName;
    if (EMBEDDED.has(tag))
      this.#leftOut.add('embedded', (tag === 'svg' && attribute(node, 'aria-label')) || tag);
    const style = attribute(node, 'style');
    if (SKIPPED.has(tag) || isHiddenStyle(style)) return;
    if (this.#isOwn && tag === 'header') return this.#ownHeader(node, context);
    if (this.#isOwn && tag === 'footer') return this.#ownFooter(node);
    if (AROUND.has(tag)) return this.#around(node, context);
    if (context.depth >= MAX_DEPTH) {
      this.#leftOut.add('tooDeep');
      return this.#text(textOf(node), context);
    }
    const inner: Context = { ...context, depth: context.depth + 1 };
    if (tag === 'br') return this.writer.lineBreak();
    if (tag === 'hr') return this.writer.push({ type: 'divider' });
    if (tag === 'img') {
      this.#picture(node, '');
      return;
    }
    if (tag === 'figure') return this.#figure(node, inner);
    if (tag === 'table') return this.#table(node, inner);
    inner.marks = this.#marks(node, style, context.marks);
    if (tag === 'ul' || tag === 'ol') return this.#list(node, inner);
    if (tag === 'li') return this.#item(node, { style: 'bullet' }, inner);
    if (tag === 'blockquote') inner.quote = true;
    if (BLOCKS.has(tag)) return this.#block(node, style, inner);
    this.children(node, inner);
  }

  #around(element: Element, context: Context): void {
    const text = textOf(element).trim();
    // An article's own footer is judged line by line, with what sites put below an article.
    if (element.tagName === 'footer') {
      this.#block(element, '', { ...context, depth: context.depth + 1 });
    } else if (text !== '') this.#leftOut.add('navigation', text);
  }

  /** Our header: the title, the subtitles, and the byline, which a report has elsewhere. */
  #ownHeader(element: Element, context: Context): void {
    for (const child of element.childNodes.filter(isElement)) {
      if (child.tagName === 'h1' || ownStyle(child) !== null) this.#node(child, context);
      else this.#leftOut.add('byline', textOf(child));
    }
  }

  /** Our footer: the number, the address, and its code. */
  #ownFooter(element: Element): void {
    for (const child of element.childNodes.filter(isElement)) {
      const isNumber = furnitureKind(textOf(child)) === 'articleNumber';
      const said = child.tagName === 'svg' ? attribute(child, 'aria-label') : textOf(child);
      this.#leftOut.add(isNumber ? 'articleNumber' : 'share', said);
    }
  }

  #marks(element: Element, style: string, outer: Marks): Marks {
    let marks = outer;
    const tag = element.tagName;
    const byTag = MARK_TAGS[tag];
    const isRunIn =
      attribute(element, 'role') === 'heading' || element.attrs.some(({ name }) => name === 'data-run-in');
    if (isRunIn && byTag === 'bold') {
      this.marksRunIns = true;
      marks = withMark(marks, 'runIn', true);
    } else if (byTag) marks = withMark(marks, byTag, true);
    if (tag === 'a') {
      const href = attribute(element, 'href').trim();
      if (isAllowedHref(href)) marks = withMark(marks, 'link', true, href);
      else if (href !== '' && !href.startsWith('#')) this.#leftOut.add('unsafeLink', href);
    }
    if (style === '') return marks;
    const said = declarations(style);
    const weight = said.get('font-weight');
    const slant = said.get('font-style');
    const line = `${said.get('text-decoration-line') ?? ''} ${said.get('text-decoration') ?? ''}`;
    if (weight && !this.#isOwn) marks = withMark(marks, 'bold', /^(bold(er)?|[6-9]\d\d)\b/.test(weight));
    if (slant) marks = withMark(marks, 'italic', /italic|oblique/.test(slant));
    if (line.includes('underline') && tag !== 'a') marks = withMark(marks, 'underline', true);
    if (line.includes('line-through')) marks = withMark(marks, 'strike', true);
    if (said.has('mso-highlight')) marks = withMark(marks, 'highlight', true);
    return marks;
  }

  #text(raw: string, context: Context): void {
    let value = this.#isOwn
      ? raw.replace(/[ \t\n\r\f]+/g, ' ')
      : raw.replace(SOURCE_BREAK, '$1').replace(/[\s\u00a0]+/g, ' ');
    if (this.writer.isEmpty) value = value.replace(HAND_INDENT, '');
    if (value === '') return;
    if (!this.writer.isOpen) {
      const { item } = context;
      if (item && !item.used) {
        item.used = true;
        this.writer.begin(item.attrs);
      } else {
        this.writer.begin({ align: context.align, ...(context.quote && { style: 'quote' as const }) });
      }
    }
    this.writer.text(value, context.marks);
  }

  #block(element: Element, style: string, context: Context): void {
    this.writer.close();
    const tag = element.tagName;
    const rank = /^h([1-6])$/.exec(tag);
    const className = attribute(element, 'class');
    const said = declarations(style).get('text-align') ?? attribute(element, 'align').toLowerCase();
    const align = tag === 'center' ? 'center' : said === '' ? context.align : alignment(said, this.#isOwn);
    const byWord = wordStyle(className, style);
    const listed = /mso-list/i.test(style) ? wordList(style, signOf(element), this.#seenLists) : null;
    let attrs: Partial<ParagraphAttrs> | null = null;
    const own = this.#isOwn ? (ownStyle(element) ?? (rank && ownHeading(Number(rank[1])))) : null;
    if (own) return this.#ownBlock(element, own, align, context);
    if (rank) attrs = { style: headingStyle(Number(rank[1])), align: align === 'center' ? null : align };
    else if (byWord) attrs = { style: byWord };
    else if (listed) attrs = listed;
    else if (className === 'subtitle' || className === 'signature') attrs = { style: className };
    if (attrs && elementsOf(element, ['table']).length === 0) {
      this.writer.begin(attrs);
      const marks = rank ? withMark(context.marks, 'bold', false) : context.marks;
      this.children(element, { ...context, marks, align: null });
    } else this.children(element, { ...context, align });
    this.writer.close();
  }

  #ownBlock(element: Element, style: ParagraphStyle, align: ParagraphAttrs['align'], context: Context): void {
    this.writer.begin({ style, align: align === OWN_SIDES[style] ? null : align });
    // Without a style sheet a heading in a cell is set apart by being strong.
    const strong = element.tagName === 'p' && headingRank(style) !== null ? element.childNodes[0] : undefined;
    const from = strong !== undefined && isElement(strong) && strong.tagName === 'strong' ? strong : element;
    this.children(from, { ...context, align: null });
    this.writer.close();
  }

  #item(element: Element, attrs: Partial<ParagraphAttrs>, context: Context): void {
    this.writer.close();
    this.children(element, { ...context, item: { attrs, used: false } });
    this.writer.close();
  }

  #list(element: Element, context: Context): void {
    this.writer.close();
    const ordered = element.tagName === 'ol';
    const level = Math.min(MAX_LIST_LEVEL, context.listLevel);
    const begins = Number(attribute(element, 'start') || 1) === 1;
    let first = true;
    for (const child of element.childNodes) {
      const inner = { ...context, listLevel: context.listLevel + 1 };
      if (!isElement(child) || child.tagName !== 'li') {
        this.#node(child, inner);
        continue;
      }
      const at = itemLevel(child) ?? level;
      // Numbers that begin at one as it is need not be told to.
      const restart = ordered && first && begins && this.#numbering.peek(at) !== 1;
      if (ordered) this.#numbering.next(at, restart);
      else this.#numbering.bullet(at);
      const said = declarations(attribute(child, 'style')).get('text-align');
      const align = this.#isOwn ? alignment(said, true) : null;
      this.#item(
        child,
        { style: ordered ? 'ordered' : 'bullet', level: at, restart, align },
        { ...inner, depth: context.depth + 1 },
      );
      first = false;
    }
    this.writer.close();
  }

  #figure(element: Element, context: Context): void {
    const images = elementsOf(element, ['img']);
    const [only] = images;
    const [table] = elementsOf(element, ['table']);
    if (table !== undefined) return this.#tableFigure(element, table, context);
    if (images.length !== 1 || only === undefined) {
      return this.#block(element, '', context);
    }
    const [caption] = elementsOf(element, ['figcaption']);
    const said = caption === undefined ? '' : lineOf(textOf(caption), LIMITS.caption);
    if (this.#picture(only, said) || said === '') return;
    this.writer.begin({ align: 'center' });
    this.writer.text(said, context.marks);
    this.writer.close();
  }

  /** A table, maybe drawn as well, whose caption may be there twice. */
  #tableFigure(element: Element, table: Element, context: Context): void {
    const [inner] = elementsOf(table, ['caption']);
    const said = inner === undefined ? null : textOf(inner).trim();
    for (const child of element.childNodes) {
      const isCaption = isElement(child) && child.tagName === 'figcaption';
      if (!isCaption || textOf(child).trim() !== said) this.#node(child, context);
    }
    this.writer.close();
  }

  /** Whether the picture was taken. */
  #picture(element: Element, caption: string): boolean {
    const src = attribute(element, 'src').trim();
    const bytes = dataOf(src);
    if (bytes === null) {
      const isData = /^data:/i.test(src);
      this.#leftOut.add(isData ? 'unusablePicture' : 'externalPicture', isData ? '' : src);
      return false;
    }
    const id = `p${this.pictures.length + 1}`;
    this.pictures.push({ id, bytes });
    const alt = lineOf(attribute(element, 'alt'), LIMITS.alt);
    const said = lineOf(caption || attribute(element, 'data-caption'), LIMITS.caption);
    this.writer.push({ type: 'picture', attrs: { id, alt: alt === said ? '' : alt, caption: said } });
    return true;
  }

  #table(element: Element, context: Context): void {
    const rows = ownRows(element);
    const cells = rows.flatMap(cellsOf);
    this.writer.close();
    // Pages are laid out with tables of one cell; a table inside a cell loses its frame.
    const most = this.#isOwn ? LIMITS.tableDepth : 1;
    if (context.tables >= most || (cells.length <= 1 && !this.#isOwn)) {
      for (const cell of cells) {
        this.children(cell, { ...context, item: null });
        this.writer.close();
      }
      return;
    }
    const captions = element.childNodes.filter((node) => isElement(node) && node.tagName === 'caption');
    for (const caption of captions) {
      this.writer.begin({ align: 'center' });
      this.writer.text('childNodes' in caption ? textOf(caption).trim() : '', new Map());
      this.writer.close();
    }
    const outer = this.writer;
    const numbering = this.#numbering;
    const content = rows.map((row) =>
      cellsOf(row).map((cell): CellJson => {
        this.writer = new DraftWriter(this.looks);
        // A list in a cell counts for itself.
        this.#numbering = new Numbering();
        const align = declarations(attribute(cell, 'style')).get('text-align') ?? attribute(cell, 'align');
        const isHead = cell.tagName === 'th';
        this.children(cell, {
          ...OUTSIDE,
          tables: context.tables + 1,
          depth: context.depth + 3,
          align: isHead && !this.#isOwn ? null : alignment(align, this.#isOwn),
        });
        this.writer.close();
        return tableCell(isHead, span(cell, 'colspan'), span(cell, 'rowspan'), this.writer.blocks);
      }),
    );
    this.writer = outer;
    this.#numbering = numbering;
    this.writer.push({ type: 'table', content: tableRows(content, columnsOf(element, this.#isOwn)) });
  }
}

/** How deep an item says that it stands; null: it says nothing. */
function itemLevel(item: Element): number | null {
  const own = attribute(item, 'data-level');
  const said = own === '' ? Number(attribute(item, 'aria-level')) - 1 : Number(own);
  return Number.isInteger(said) && said >= 0 ? Math.min(MAX_LIST_LEVEL, said) : null;
}

const span = (cell: Element, name: string) => Number(attribute(cell, name) || 1);

/** The bullet or number that Word writes before an item. */
function signOf(element: Element): string {
  const sign = elementsOf(element, ['span']).find((span) =>
    /mso-list:\s*Ignore/i.test(attribute(span, 'style')),
  );
  return sign === undefined ? '' : textOf(sign).trim();
}
