/**
 * The article for the editor of WeChat's official accounts, which keeps a few elements and their inline styles
 * and strips everything else: links become their text, lists are numbered in the text, a chart is its table.
 */
import type { Alignment, InlineJson } from '#lib/report/model.ts';
import type { Article, ArticleBlock, Cell, List, Paragraph, Table } from './article.ts';
import { el, group, type Attributes, type Child, type Markup } from './element.ts';
import { inlineTree, withoutRunIn, type Inline, type Wrapper } from './inline.ts';
import { countLine } from './markup.ts';
import { chineseDate } from './meta.ts';

export const WECHAT_TAGS = [
  'section',
  'p',
  'span',
  'strong',
  'br',
  'img',
  'table',
  'tbody',
  'tr',
  'td',
] as const;
type WechatTag = (typeof WECHAT_TAGS)[number];

/** Lengths are in pixels: its editor keeps no others. */
export type WechatProperty =
  | 'margin'
  | 'padding'
  | 'border'
  | 'border-left'
  | 'border-bottom'
  | 'border-collapse'
  | 'background-color'
  | 'color'
  | 'font-size'
  | 'font-style'
  | 'font-weight'
  | 'line-height'
  | 'letter-spacing'
  | 'text-align'
  | 'text-decoration'
  | 'text-indent'
  | 'vertical-align';
type Style = Partial<Record<WechatProperty, string>>;

function tag(
  name: WechatTag,
  style: Style,
  children: readonly Child[] = [],
  attributes: Pick<Attributes, 'src' | 'alt' | 'colspan' | 'rowspan'> = {},
): Markup {
  const css = Object.entries(style).map(([property, value]) => `${property}:${value}`);
  return el(name, { style: css.length === 0 ? undefined : css.join(';'), ...attributes }, children);
}

const INK = '#262626';
const GREY = '#808080';
const LINE = '#d9d9d9';
const SIZE = 16;
const INDENT = `${2 * SIZE}px`;
const BODY: Style = { margin: '0 0 16px', 'text-align': 'justify', 'text-indent': INDENT };
const SMALL: Style = { margin: '0 0 16px', color: GREY, 'font-size': '14px', 'text-align': 'center' };

export function renderWechat(article: Article): string {
  const { meta } = article;
  const byline = [
    meta.author,
    meta.date === null ? null : chineseDate(meta.date),
    meta.department === meta.author ? null : meta.department,
    countLine(article),
  ].filter((part) => part !== null);
  const halves = article.lines.flatMap((line) => line.halves);
  const title = halves.flatMap((half, index): Child[] => (index === 0 ? [half] : [tag('br', {}), half]));
  return `${tag(
    'section',
    { color: INK, 'font-size': `${SIZE}px`, 'line-height': '28px', 'letter-spacing': '0.5px' },
    [
      tag('p', { margin: '0 0 12px', 'font-size': '22px', 'line-height': '34px', 'text-align': 'center' }, [
        tag('strong', {}, title),
      ]),
      ...article.subtitles.map((content) =>
        tag('p', { margin: '0 0 8px', 'text-align': 'center' }, inlines(content)),
      ),
      tag('p', { ...SMALL, margin: '0 0 24px' }, [byline.join('　')]),
      ...blocks(article.blocks),
    ].flatMap((block) => ['\n', block]),
  ).toString()}\n`;
}

function blocks(list: readonly ArticleBlock[]): Markup[] {
  return list.flatMap(block);
}

function block(node: ArticleBlock): Markup[] {
  switch (node.kind) {
    case 'section':
      return blocks(node.blocks);
    case 'heading':
      return [
        tag('p', { margin: '24px 0 16px', ...aligned(node.align) }, [
          tag('strong', { 'font-size': node.depth === 1 ? '18px' : `${SIZE}px` }, inlines(node.content)),
        ]),
      ];
    case 'paragraph':
      return [paragraph(node)];
    case 'list':
      return listItems(node, 0);
    case 'quote':
      return node.paragraphs.map(({ align, content }) =>
        tag(
          'p',
          {
            margin: '0 0 16px',
            padding: '0 0 0 12px',
            'border-left': `3px solid ${LINE}`,
            color: GREY,
            ...aligned(align),
          },
          inlines(content),
        ),
      );
    case 'picture': {
      const { picture, alt, caption } = node;
      const src = `data:${picture.type};base64,${picture.base64}`;
      return [
        tag('p', { margin: '8px 0', 'text-align': 'center' }, [
          tag('img', {}, [], { src, alt: alt.trim() || caption.trim() }),
        ]),
        ...(caption.trim() === '' ? [] : [tag('p', SMALL, [caption.trim()])]),
      ];
    }
    case 'figures':
      return [
        ...(node.caption === '' ? [] : [tag('p', { ...SMALL, margin: '8px 0' }, [node.caption])]),
        table(node.table),
      ];
    case 'table':
      return [table(node)];
    case 'divider':
      // An empty paragraph would be stripped.
      return [tag('p', { margin: '0 0 24px', 'border-bottom': `1px solid ${LINE}` }, [tag('br', {})])];
    default:
      return unknown(node satisfies never);
  }
}

function paragraph({ role, align, runIn, content }: Paragraph): Markup {
  const side: Alignment | null =
    align ?? (role === 'body' ? null : role === 'signature' ? 'right' : 'center');
  return tag('p', side === null || side === 'justify' ? BODY : { margin: '0 0 16px', ...aligned(side) }, [
    runIn === null ? null : tag('strong', {}, inlines(runIn.content.map(withoutRunIn))),
    ...(role === 'title' || role === 'subtitle' ? [tag('strong', {}, inlines(content))] : inlines(content)),
  ]);
}

function listItems({ ordered, start, items }: List, level: number): Markup[] {
  return items.flatMap((item, index) => [
    tag(
      'p',
      {
        margin: '0 0 8px',
        padding: `0 0 0 ${(level + 1) * 24}px`,
        'text-indent': '-20px',
        ...aligned(item.align),
      },
      [ordered ? `${start + index}. ` : '• ', ...inlines(item.content)],
    ),
    ...item.lists.flatMap((list) => listItems(list, level + 1)),
  ]);
}

function table({ rows }: Table): Markup {
  const cell = ({ isHeader, colspan, rowspan, blocks: inner }: Cell) =>
    tag(
      'td',
      {
        padding: '6px 10px',
        border: `1px solid ${LINE}`,
        'vertical-align': 'top',
        ...(isHeader && { 'background-color': '#f5f5f5', 'font-weight': 'bold' }),
      },
      cellChildren(inner),
      {
        colspan: colspan === 1 ? undefined : colspan,
        rowspan: rowspan === 1 ? undefined : rowspan,
      },
    );
  return tag(
    'table',
    { margin: '0 0 16px', 'border-collapse': 'collapse', 'font-size': '15px', 'line-height': '24px' },
    [
      tag(
        'tbody',
        {},
        rows.map((row) => tag('tr', {}, row.map(cell))),
      ),
    ],
  );
}

/** A single paragraph stands in its cell without one around it. */
function cellChildren(inner: readonly ArticleBlock[]): Child[] {
  const [only] = inner;
  if (inner.length !== 1 || only?.kind !== 'paragraph' || only.role !== 'body') return blocks(inner);
  const runIn = only.runIn === null ? [] : [tag('strong', {}, inlines(only.runIn.content.map(withoutRunIn)))];
  return [...runIn, ...inlines(only.content)];
}

const aligned = (align: Alignment | null): Style => (align === null ? {} : { 'text-align': align });

const inlines = (content: readonly InlineJson[]): Child[] => inlineTree(content).map(inline);

function inline(node: Inline): Child {
  switch (node.kind) {
    case 'text':
      return node.text;
    case 'break':
      return tag('br', {});
    case 'wrap':
      return wrapped(node.wrapper, node.children.map(inline));
    default:
      return unknown(node satisfies never);
  }
}

const LOOKS: Readonly<Record<'italic' | 'underline' | 'strike' | 'highlight', Style>> = {
  italic: { 'font-style': 'italic' },
  underline: { 'text-decoration': 'underline' },
  strike: { 'text-decoration': 'line-through' },
  highlight: { 'background-color': '#fdf3cf' },
};

function wrapped(wrapper: Wrapper, children: Child[]): Markup {
  switch (wrapper.kind) {
    case 'annotation':
    case 'link':
      return group(children);
    case 'bold':
    case 'runIn':
      return tag('strong', {}, children);
    default:
      return tag('span', LOOKS[wrapper.kind], children);
  }
}

function unknown(value: never): never {
  throw new Error(`no rendering for ${JSON.stringify(value)?.slice(0, 200)}`);
}
