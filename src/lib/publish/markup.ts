/** The article as HTML elements: what the standalone page and the fragment share. */
import { OWN_FORMAT, type Alignment, type InlineJson } from '#lib/report/model.ts';
import { annotateText, type Annotation } from './annotate.ts';
import {
  type Article,
  type ArticleBlock,
  type Cell,
  type Figures,
  type Heading,
  type List,
  type Paragraph,
  type Table,
} from './article.ts';
import { drawing, el, group, type Child, type Markup, type Tag } from './element.ts';
import { columnShares, headRowCount } from './grid.ts';
import { safeHref } from './href.ts';
import { inlineTree, withoutRunIn, type Inline, type Wrapper } from './inline.ts';
import { chineseDate } from './meta.ts';
import { gapAfter, type TitleLine } from './title.ts';

/** `page`: with the classes that our own style sheet needs. `fragment`: semantic elements only. */
export type Target = 'page' | 'fragment';

/** Out of sight, and read out: a fragment has no style sheet that could say so. */
const UNSEEN =
  'position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap';

class Renderer {
  readonly #isPage: boolean;
  #tables = 0;

  constructor(target: Target) {
    this.#isPage = target === 'page';
  }

  #class(name: string): { class?: string } {
    return this.#isPage ? { class: name } : {};
  }

  article(article: Article, footer: Child = null): Markup {
    const { meta } = article;
    return el(
      'article',
      { ...(!this.#isPage && { lang: 'zh-CN' }), 'data-format': OWN_FORMAT },
      el(
        'header',
        {},
        el(
          'h1',
          {},
          article.lines.flatMap((line, index) => [index > 0 && el('br', {}), ...titleLine(line)]),
        ),
        article.subtitles.map((content) =>
          el('p', { ...this.#class('subtitle'), 'data-style': 'subtitle' }, inlineText(content)),
        ),
        el(
          'p',
          this.#class('byline'),
          ...spaced(
            [
              meta.author === null ? null : el('span', {}, meta.author),
              meta.date === null ? null : el('time', { datetime: meta.date }, chineseDate(meta.date)),
              meta.department === null || meta.department === meta.author
                ? null
                : el('span', {}, meta.department),
              el('span', {}, countLine(article)),
            ],
            '　',
          ),
        ),
      ),
      this.blocks(article.blocks),
      '\n',
      footer,
    );
  }

  /** Each block on a line of its own, for whoever reads the source. */
  blocks(blocks: readonly ArticleBlock[]): Child[] {
    return blocks.flatMap((block) => ['\n', this.block(block)]);
  }

  block(block: ArticleBlock): Markup {
    switch (block.kind) {
      case 'section':
        return el('section', {}, this.blocks(block.blocks), '\n');
      case 'heading':
        return this.heading(block);
      case 'paragraph':
        return this.paragraph(block);
      case 'list':
        return this.list(block);
      case 'quote':
        return el(
          'blockquote',
          {},
          block.paragraphs.map((paragraph) => this.paragraph(paragraph)),
        );
      case 'picture': {
        const { picture, alt, caption } = block;
        const src = `data:${picture.type};base64,${picture.base64}`;
        return el(
          'figure',
          {},
          el('img', { src, alt: alt.trim() || caption.trim() }),
          caption.trim() === '' ? null : el('figcaption', {}, caption),
        );
      }
      case 'figures':
        return this.figures(block);
      case 'table':
        return this.table(block);
      case 'divider':
        return el('hr', {});
      default:
        return unknown(block satisfies never);
    }
  }

  heading({ depth, rank, align, content }: Heading): Markup {
    const said = { 'data-style': `heading${rank}`, ...aligned(align) };
    if (depth === 0) return el('p', said, el('strong', {}, inlineText(content)));
    return el(headingTag(depth), rank === depth ? aligned(align) : said, inlineText(content));
  }

  paragraph({ role, align, runIn, content }: Paragraph): Markup {
    const attributes =
      role === 'body' ? aligned(align) : { ...this.#class(role), 'data-style': role, ...aligned(align) };
    if (role !== 'body' && !this.#isPage && align === null) {
      attributes.style = role === 'signature' ? 'text-align:right' : 'text-align:center';
    }
    return el('p', attributes, runIn === null ? null : runInHeading(runIn), inlineText(content));
  }

  list({ ordered, level, start, items }: List, depth = 0): Markup {
    return el(
      ordered ? 'ol' : 'ul',
      ordered && start !== 1 ? { start } : {},
      items.map(({ content, align, lists }) =>
        el(
          'li',
          { ...(level !== depth && { 'data-level': level }), ...aligned(align) },
          inlineText(content),
          lists.map((list) => this.list(list, depth + 1)),
        ),
      ),
    );
  }

  /** A chart stands before the table that says the same to those who cannot see it. */
  figures({ caption, chart, table }: Figures): Markup {
    if (chart === null) return this.table(table, caption);
    return el(
      'figure',
      { ...this.#class('chart'), style: 'position:relative' },
      drawing(chart),
      el('div', { style: UNSEEN }, this.#plainTable(table, caption)),
      caption === '' ? null : el('figcaption', {}, caption),
    );
  }

  table(table: Table, caption = ''): Markup {
    this.#tables += 1;
    const markup = this.#plainTable(table, caption);
    const label = caption === '' ? `表格${this.#tables}` : caption;
    // A wide table scrolls by itself on a narrow screen, by keyboard too.
    return this.#isPage
      ? el('div', { class: 'table', role: 'group', tabindex: 0, 'aria-label': label }, markup)
      : markup;
  }

  #plainTable({ columns, rows }: Table, caption: string): Markup {
    const headRows = headRowCount(rows);
    const shares = columnShares(columns);
    const row = (cells: Cell[], isHead: boolean) =>
      el(
        'tr',
        {},
        cells.map((cell) => this.cell(cell, isHead)),
      );
    return el(
      'table',
      {},
      caption === '' ? null : el('caption', {}, caption),
      columns.some((width) => width > 0)
        ? el(
            'colgroup',
            {},
            columns.map((width, x) =>
              el('col', {
                style: shares === null ? undefined : `width:${shares[x]}%`,
                'data-width': width === 0 ? undefined : width,
              }),
            ),
          )
        : null,
      headRows === 0
        ? null
        : el(
            'thead',
            {},
            rows.slice(0, headRows).map((cells) => row(cells, true)),
          ),
      headRows === rows.length
        ? null
        : el(
            'tbody',
            {},
            rows.slice(headRows).map((cells) => row(cells, false)),
          ),
    );
  }

  cell({ isHeader, colspan, rowspan, blocks }: Cell, isHead: boolean): Markup {
    const [only] = blocks;
    const isPlain = blocks.length === 1 && only?.kind === 'paragraph' && only.role === 'body';
    return el(
      isHeader ? 'th' : 'td',
      {
        scope: isHeader ? (isHead ? 'col' : 'row') : undefined,
        colspan: colspan === 1 ? undefined : colspan,
        rowspan: rowspan === 1 ? undefined : rowspan,
        ...(isPlain && aligned(only.align)),
      },
      isPlain
        ? [only.runIn === null ? null : runInHeading(only.runIn), inlineText(only.content)]
        : this.blocks(blocks),
    );
  }
}

/** A title's halves, each of which stays whole. */
function titleLine({ halves }: TitleLine): Child[] {
  return halves.flatMap((half, index) => {
    const before = halves[index - 1];
    const gap = before === undefined ? '' : gapAfter(before);
    return [gap, el('span', { style: 'display:inline-block' }, half)];
  });
}

/** `共2312字，预计阅读时长8分钟` */
export function countLine({ words, minutes }: Pick<Article, 'words' | 'minutes'>): string {
  return `共${words}字，预计阅读时长${minutes}分钟`;
}

const HEADINGS = ['h2', 'h3', 'h4', 'h5', 'h6'] as const;
const headingTag = (depth: number): Tag => HEADINGS[Math.min(depth, HEADINGS.length) - 1] ?? 'h6';

function runInHeading({ depth, content }: { depth: number; content: InlineJson[] }): Markup {
  const attributes =
    depth === 0 ? { 'data-run-in': '' } : { role: 'heading', 'aria-level': Math.min(depth + 1, 6) };
  return el('strong', attributes, inlineText(content.map(withoutRunIn)));
}

const aligned = (align: Alignment | null): { style?: string } =>
  align === null ? {} : { style: `text-align:${align}` };

/** Text with its marks, and with what it says marked up (names of documents, figures, days). */
function inlineText(content: readonly InlineJson[]): Markup {
  return group(inlineTree(content, annotateText).map(inline));
}

function inline(node: Inline): Child {
  switch (node.kind) {
    case 'text':
      return node.text;
    case 'break':
      return el('br', {});
    case 'wrap':
      return wrapped(node.wrapper, node.children.map(inline));
    default:
      return unknown(node satisfies never);
  }
}

const MARK_TAGS = {
  bold: 'strong',
  runIn: 'strong',
  italic: 'em',
  underline: 'u',
  strike: 's',
  highlight: 'mark',
} as const;

function wrapped(wrapper: Wrapper, children: Child[]): Markup {
  switch (wrapper.kind) {
    case 'link':
      return el('a', { href: safeHref(wrapper.href), rel: 'noopener noreferrer' }, children);
    case 'annotation':
      return annotated(wrapper.annotation, children);
    default:
      return el(MARK_TAGS[wrapper.kind], {}, children);
  }
}

function annotated(annotation: Annotation, children: Child[]): Markup {
  switch (annotation.kind) {
    case 'cite':
      return el('cite', {}, children);
    case 'data':
      return el('data', { value: annotation.value }, children);
    case 'time':
      return el('time', { datetime: annotation.datetime }, children);
    default:
      return unknown(annotation satisfies never);
  }
}

function unknown(value: never): never {
  throw new Error(`no rendering for ${JSON.stringify(value)?.slice(0, 200)}`);
}

/** The children that are something, with a text between. */
function spaced(children: readonly Child[], between: string): Child[] {
  return children
    .filter((child) => child !== null && child !== false)
    .flatMap((child, index) => (index === 0 ? [child] : [between, child]));
}

export function articleMarkup(article: Article, target: Target, footer: Child = null): Markup {
  return new Renderer(target).article(article, footer);
}
