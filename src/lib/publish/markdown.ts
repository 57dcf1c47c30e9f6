/**
 * The article as CommonMark with tables and strike-through (GFM).
 *
 * `**` closes only when no punctuation stands right before it and a letter right after, so the obvious
 * `**强统筹。**制定` stays literal. Marks therefore leave the punctuation at their ends outside; a mark
 * around another mark, or next to one, is written as an HTML element, which has no such rules.
 */
import type { InlineJson } from '#lib/report/model.ts';
import type { Article, ArticleBlock, Cell, List, Table } from './article.ts';
import { placeCells } from '#lib/report/grid.ts';
import { inlineTree, type Inline, type Wrapper } from './inline.ts';
import { safeHref } from './href.ts';
import { countLine } from './markup.ts';
import { chineseDate } from './meta.ts';

export function renderMarkdown(article: Article): string {
  const { meta } = article;
  const byline = [
    meta.author,
    meta.date === null ? null : chineseDate(meta.date),
    meta.department === meta.author ? null : meta.department,
    countLine(article),
  ];
  const parts = [
    `# ${headingText(escape(article.title))}`,
    ...article.subtitles.map((content) => paragraph(content, '\\\n')),
    lineStart(escape(byline.filter((part) => part !== null).join('　'))),
    ...blocks(article.blocks),
  ];
  return `${parts.filter((part) => part !== '').join('\n\n')}\n`;
}

function blocks(list: readonly ArticleBlock[]): string[] {
  // Two lists next to each other would be one: a comment keeps them apart.
  return list.flatMap((node, index) =>
    node.kind === 'list' && list[index - 1]?.kind === 'list' ? ['<!-- -->', ...block(node)] : block(node),
  );
}

function block(node: ArticleBlock): string[] {
  switch (node.kind) {
    case 'section':
      return blocks(node.blocks);
    case 'heading': {
      const text = headingText(inlines(node.content, ' '));
      return [`${'#'.repeat(Math.min(node.depth + 1, 6))} ${text}`];
    }
    case 'paragraph':
      return [paragraph([...(node.runIn?.content ?? []), ...node.content], '\\\n')];
    case 'list':
      return [list(node)];
    case 'quote': {
      const text = node.paragraphs.map(({ content }) => paragraph(content, '\\\n')).join('\n\n');
      // Not /^/gm: it would also match behind U+2028, which is no line's end in Markdown.
      const lines = text.split('\n').map((one) => (one === '' ? '>' : `> ${one}`));
      return [lines.join('\n')];
    }
    case 'picture': {
      const alt = line(escape(node.alt.trim() || node.caption.trim()));
      const image = `![${alt}](data:${node.picture.type};base64,${node.picture.base64})`;
      const caption = lineStart(line(escape(node.caption)));
      return caption === '' ? [image] : [image, caption];
    }
    case 'figures': {
      const caption = lineStart(line(escape(node.caption)));
      return caption === '' ? [table(node.table)] : [caption, table(node.table)];
    }
    case 'table':
      return [table(node)];
    case 'divider':
      return ['---'];
    default:
      return node satisfies never;
  }
}

/** A paragraph's lines, each escaped where a block's marker could stand. */
function paragraph(content: readonly InlineJson[], lineBreak: string): string {
  const lines = inlines(content, '\n')
    .split('\n')
    .map((text) => lineStart(line(text)));
  // A paragraph cannot hold an empty line, nor end in a break.
  return lines.filter((text) => text !== '').join(lineBreak);
}

function list({ ordered, start, items }: List): string {
  return items
    .map((item, index) => {
      const marker = ordered ? `${start + index}. ` : '- ';
      const indent = ' '.repeat(marker.length);
      const inner = item.lists.map(list).join('\n\n<!-- -->\n\n');
      const text = [paragraph(item.content, '\\\n'), inner].filter((part) => part !== '').join('\n');
      return marker + text.replaceAll(/\n(?!\n|$)/g, `\n${indent}`);
    })
    .join('\n');
}

/** A GFM table. It has no spans: a spanned place is an empty cell. Its first row is its head. */
function table({ rows }: Table): string {
  const grid = layOut(rows);
  const columns = grid.reduce((most, row) => Math.max(most, row.length), 1);
  const cells = (row: readonly string[], length: number) =>
    `| ${Array.from({ length }, (_, column) => row[column] ?? '').join(' | ')} |`;
  // The head says how many columns there are; other rows may be shorter.
  const [head = [], ...body] = grid;
  return [
    cells(head, columns),
    `|${' --- |'.repeat(columns)}`,
    ...body.map((row) => cells(row, Math.max(1, row.length))),
  ].join('\n');
}

function layOut(rows: readonly (readonly Cell[])[]): string[][] {
  const grid = placeCells(rows);
  if (grid === null) return rows.map((row) => row.map(cellText));
  return grid.map((row) =>
    Array.from(row, (place) => (place?.dx === 0 && place.dy === 0 ? cellText(place.cell) : '')),
  );
}

/** A cell's blocks on one line. */
function cellText(cell: Cell): string {
  const part = (node: ArticleBlock): string[] => {
    switch (node.kind) {
      case 'section':
        return node.blocks.flatMap(part);
      case 'heading':
        return [inlines(node.content, '<br>')];
      case 'paragraph':
        return [inlines([...(node.runIn?.content ?? []), ...node.content], '<br>')];
      case 'list':
        return listParts(node);
      case 'quote':
        return node.paragraphs.flatMap(part);
      case 'figures':
        return [line(escape(node.caption)), ...part(node.table)];
      case 'table':
        return node.rows.map((row) => row.map(cellText).join(' '));
      case 'picture':
        return block(node).map((text) => text.replaceAll('\n', ' '));
      case 'divider':
        return [];
      default:
        return node satisfies never;
    }
  };
  return cell.blocks
    .flatMap(part)
    .map((text) => line(text))
    .filter((text) => text !== '')
    .join('<br>');
}

const listParts = ({ ordered, start, items }: List): string[] =>
  items.flatMap((item, index) => [
    `${ordered ? `${start + index}\\.` : '•'} ${inlines(item.content, '<br>')}`,
    ...item.lists.flatMap(listParts),
  ]);

/** Text with its marks; a hard break becomes `lineBreak`. */
function inlines(content: readonly InlineJson[], lineBreak: string): string {
  return join(inlineTree(content), lineBreak);
}

function join(nodes: readonly Inline[], lineBreak: string): string {
  let out = '';
  nodes.forEach((node, index) => {
    if (node.kind === 'text') {
      // An exclamation mark right before a link would make it a picture.
      const isBeforeLink = nodes[index + 1]?.kind === 'wrap';
      out += isBeforeLink ? escape(node.text).replace(/!$/, '\\!') : escape(node.text);
    } else if (node.kind === 'break') out += lineBreak;
    else {
      const hasNeighbour = nodes[index - 1]?.kind === 'wrap' || nodes[index + 1]?.kind === 'wrap';
      out += wrapped(node.wrapper, node.children, hasNeighbour, lineBreak);
    }
  });
  return out;
}

const DELIMITERS: Partial<Record<Wrapper['kind'], string>> = {
  bold: '**',
  runIn: '**',
  italic: '*',
  strike: '~~',
};
const TAGS = {
  bold: 'strong',
  runIn: 'strong',
  italic: 'em',
  strike: 's',
  underline: 'u',
  highlight: 'mark',
} as const;

function wrapped(
  wrapper: Wrapper,
  children: readonly Inline[],
  hasNeighbour: boolean,
  lineBreak: string,
): string {
  if (wrapper.kind === 'annotation') return join(children, lineBreak);
  if (wrapper.kind === 'link') return `[${join(children, ' ')}](${destination(wrapper.href)})`;
  const delimiter = DELIMITERS[wrapper.kind];
  const [only] = children;
  if (delimiter !== undefined && !hasNeighbour && children.length === 1 && only?.kind === 'text') {
    const [before, core, after] = trimMarks(only.text);
    if (core === '') return escape(only.text);
    return `${escape(before)}${delimiter}${escape(core)}${delimiter}${escape(after)}`;
  }
  const tag = TAGS[wrapper.kind];
  // An element does not reach over the lines of a paragraph's source: each line has its own.
  return join(children, lineBreak)
    .split('\n')
    .map((text) => `<${tag}>${text}</${tag}>`)
    .join('\n');
}

/** A text, and before and behind it the blanks, punctuation and symbols at its ends. */
function trimMarks(text: string): [before: string, core: string, after: string] {
  const chars = [...text];
  const isMark = (char: string | undefined) => char !== undefined && /[\s\p{P}\p{S}\p{C}]/u.test(char);
  let from = 0;
  let to = chars.length;
  while (from < to && isMark(chars[from])) from += 1;
  while (to > from && isMark(chars[to - 1])) to -= 1;
  return [chars.slice(0, from).join(''), chars.slice(from, to).join(''), chars.slice(to).join('')];
}

const destination = (href: string) =>
  safeHref(href)
    .replace(/[()<>\\\s*_~`|[\]]/g, (char) => `%${char.charCodeAt(0).toString(16).padStart(2, '0')}`)
    .replaceAll('&', '\\&');

/** Whatever could be markup anywhere in a line. */
const escape = (text: string) => text.replace(/[\\`*_[\]<>~|]|&(?=[#a-zA-Z])|!(?=\[)/g, '\\$&');

/** One line, without the blanks at its ends that would mean code or a break. */
const line = (text: string) => text.replace(/\s+/g, (blank) => (blank.includes('\n') ? ' ' : blank)).trim();

/** A heading's text: number signs at its end would be taken for the heading's own. */
function headingText(text: string): string {
  const one = line(text);
  let end = one.length;
  while (one[end - 1] === '#') end -= 1;
  return one.slice(0, end) + '\\#'.repeat(one.length - end);
}

/** Whatever is markup only where a line begins. */
const lineStart = (text: string) => text.replace(/^([#+\-=:])/, '\\$1').replace(/^(\d{1,9})([.)])/, '$1\\$2');
