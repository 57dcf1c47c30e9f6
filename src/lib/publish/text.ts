/** The article as plain text: two full-width spaces before each paragraph, as it is typed into a message. */
import type { InlineJson } from '#lib/report/model.ts';
import type { Article, ArticleBlock, Cell, List } from './article.ts';
import { countLine } from './markup.ts';
import { chineseDate } from './meta.ts';

const INDENT = '　　';
/** Full-width columns of a line, which a signature is set against. */
const COLUMNS = 28;

export function renderText(article: Article): string {
  const { meta } = article;
  const byline = [
    meta.author,
    meta.date === null ? null : chineseDate(meta.date),
    meta.department === meta.author ? null : meta.department,
    countLine(article),
  ];
  const lines = [
    ...article.lines.flatMap(({ halves }) => halves),
    ...article.subtitles.map((content) => plain(content)),
    byline.filter((part) => part !== null).join('　'),
    '',
    ...blocks(article.blocks),
  ];
  return `${lines.join('\n')}\n`;
}

function blocks(list: readonly ArticleBlock[]): string[] {
  return list.flatMap(block);
}

function block(node: ArticleBlock): string[] {
  switch (node.kind) {
    case 'section':
      return blocks(node.blocks);
    case 'heading':
      return [INDENT + plain(node.content)];
    case 'paragraph': {
      const lines = plain([...(node.runIn?.content ?? []), ...node.content]).split('\n');
      if (node.role === 'signature') return lines.map(atTheRight);
      return node.role !== 'body' ? lines : lines.map((line) => INDENT + line);
    }
    case 'list':
      return listLines(node, INDENT);
    case 'quote':
      return node.paragraphs.flatMap(block);
    case 'picture':
      return node.caption.trim() === '' ? [] : [`${INDENT}［图：${node.caption.trim()}］`];
    case 'figures':
      return [...(node.caption === '' ? [] : [`${INDENT}［表：${node.caption}］`]), ...block(node.table)];
    case 'table':
      return node.rows.map((row) => row.map(cellText).join('\t'));
    case 'divider':
      return [`${INDENT}——————`];
    default:
      return node satisfies never;
  }
}

function listLines({ ordered, start, items }: List, indent: string): string[] {
  return items.flatMap((item, index) => [
    `${indent}${ordered ? `${start + index}.` : '•'} ${plain(item.content).replaceAll('\n', `\n${indent}`)}`,
    ...item.lists.flatMap((list) => listLines(list, indent + INDENT)),
  ]);
}

/** A cell on one line: nothing in it may look like the next cell or row. */
const cellText = (cell: Cell) => blocks(cell.blocks).join(' ').replace(/\s+/g, ' ').trim();

const plain = (content: readonly InlineJson[]) =>
  content
    .map((inline) => (inline.type === 'text' ? inline.text : '\n'))
    .join('')
    .trim();

function atTheRight(line: string): string {
  const halves = [...line].reduce((sum, char) => sum + (/[\u0020-\u007e]/.test(char) ? 1 : 2), 0);
  return '　'.repeat(Math.max(2, COLUMNS - 2 - Math.ceil(halves / 2))) + line;
}
