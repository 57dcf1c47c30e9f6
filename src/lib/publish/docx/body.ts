/** The article's blocks as WordprocessingML (ECMA-376, part 1). */
import { widthOf } from '#lib/figures/svg.ts';
import { placeCells, type Place } from '#lib/report/grid.ts';
import type { Alignment, EmbeddedPicture, InlineJson } from '#lib/report/model.ts';
import {
  type Article,
  type ArticleBlock,
  type Cell,
  type List,
  type ListItem,
  type Paragraph,
  type Picture,
  type Table,
} from '../article.ts';
import { columnShares, headRowCount } from '../grid.ts';
import { inlineTree, withoutRunIn, type Inline, type Wrapper } from '../inline.ts';
import { chineseDate } from '../meta.ts';
import { safeHref } from '../href.ts';
import { gapAfter, type TitleLine } from '../title.ts';
import { OWN_PREFIX } from './own.ts';
import { xml, xmlGroup, type Xml } from './xml.ts';
import { drawing } from './drawing.ts';
import { CHARACTER, type CellStyle, LINK_COLOR } from './styles.ts';

/** Characters of 22 pt on a line of 156 mm. */
const TITLE_COLUMNS = 20;
/** Word opens no table of more. */
const MAX_COLUMNS = 63;
/** The width of the type area, in twentieths of a point. */
const WIDTH = 8844;
/** What stands free at both sides of a cell together, in twentieths of a point. */
const CELL_MARGINS = 216;

/** A numbering of its own: at its level it begins at one, and all lists that go on with it name it. */
export interface Numbering {
  ordered: boolean;
  level: number;
}

/** What the document's other parts have to hold for what its body says. */
export interface Needed {
  /** In the order of their numbers, from 1. */
  numberings: Numbering[];
  /** In the order of their numbers, from 1. */
  pictures: EmbeddedPicture[];
  /** Addresses of links, in the order of their numbers, from 1. */
  links: string[];
}

interface Surroundings {
  /** The style of a paragraph that has none of its own. */
  style: 'CellText' | 'CellHeader' | null;
  /** The room for a table, in twentieths of a point. */
  width: number;
}
const PAGE: Surroundings = { style: null, width: WIDTH };
const ROLES: Readonly<Record<Exclude<Paragraph['role'], 'signature'>, string | null>> = {
  body: null,
  title: 'Title',
  subtitle: 'Subtitle',
};

/** An article's body, and what it needs beside it. */
export function renderBody(article: Article): { blocks: Xml[]; needed: Needed } {
  const writer = new Writer();
  const blocks = writer.article(article);
  return {
    blocks,
    needed: { numberings: writer.numberings, pictures: writer.pictures, links: [...writer.links.keys()] },
  };
}

class Writer {
  readonly numberings: Numbering[] = [];
  readonly pictures: EmbeddedPicture[] = [];
  readonly links = new Map<string, number>();
  /** The numbering that was last used at each level. */
  readonly #counting: number[] = [];

  article({ lines, subtitles, meta, blocks }: Article): Xml[] {
    const byline = [
      meta.author,
      meta.date === null ? null : chineseDate(meta.date),
      meta.department === meta.author ? null : meta.department,
    ].filter((part) => part !== null);
    const head = lines.map((line, index) =>
      xmlGroup([index === 0 ? null : run(BREAK), ...this.titleLine(line)]),
    );
    return [
      paragraph('Title', null, head),
      ...subtitles.map((content) => paragraph('Subtitle', null, this.inlines(content))),
      ...(byline.length === 0 ? [] : [paragraph('Byline', null, [run(text(byline.join('　')))])]),
      ...this.blocks(blocks, PAGE),
      ...(meta.number ? [paragraph('Imprint', null, [run(text(`文章编号　${meta.number}`))])] : []),
      ...(meta.canonical
        ? [paragraph('Imprint', null, [this.link(meta.canonical, [run(text(meta.canonical))])])]
        : []),
    ];
  }

  /** Where it takes one line it is set in one; where it is longer it breaks between its halves only. */
  titleLine({ text: line, halves }: TitleLine): Xml[] {
    const parts = widthOf(line) <= TITLE_COLUMNS ? [line] : halves;
    // A line that ends for its looks alone: no break is read out of it.
    return parts.map((part, index) =>
      xmlGroup([
        index === 0 ? null : run(xml('w:cr')),
        run(text(index === parts.length - 1 ? part : part + gapAfter(part))),
      ]),
    );
  }

  blocks(blocks: readonly ArticleBlock[], where: Surroundings): Xml[] {
    const out: Xml[] = [];
    for (const block of blocks) for (const part of this.block(block, where)) out.push(part);
    return out;
  }

  block(block: ArticleBlock, where: Surroundings): Xml[] {
    switch (block.kind) {
      case 'section':
        return this.blocks(block.blocks, where);
      case 'heading': {
        const { rank, align, content } = block;
        return [paragraph(inPlace(`Heading${rank}`, where), align, this.inlines(content))];
      }
      case 'paragraph':
        return [this.paragraph(block, where)];
      case 'list':
        return this.list(block, where);
      case 'quote':
        return block.paragraphs.map(({ align, content }) =>
          paragraph(inPlace('Quote', where), align, this.inlines(content)),
        );
      case 'picture':
        return this.picture(block);
      case 'figures': {
        const caption =
          block.caption === '' ? [] : [paragraph('TableCaption', null, [run(text(block.caption))])];
        return [...caption, ...this.table(block.table, where)];
      }
      case 'table':
        return this.table(block, where);
      case 'divider':
        return [paragraph('Divider', null, [])];
      default:
        return unknown(block satisfies never);
    }
  }

  paragraph({ role, align, runIn, content }: Paragraph, where: Surroundings): Xml {
    const style = role === 'signature' ? inPlace('Signature', where) : (ROLES[role] ?? where.style);
    const heading =
      runIn === null
        ? []
        : this.inlines(runIn.content.map(withoutRunIn), [
            xml('w:rStyle', { 'w:val': `RunIn${runIn.depth === 0 ? 3 : Math.min(runIn.depth, 3)}` }),
          ]);
    return paragraph(style, align, [...heading, ...this.inlines(content)]);
  }

  list({ ordered, level, start, items }: List, where: Surroundings): Xml[] {
    const number = this.#numbering(ordered, level, start);
    const item = ({ content, align, lists }: ListItem): Xml[] => {
      const numbered = xml(
        'w:numPr',
        {},
        xml('w:ilvl', { 'w:val': level }),
        xml('w:numId', { 'w:val': number }),
      );
      return [
        paragraph(inPlace('ListParagraph', where), align, this.inlines(content), numbered),
        ...lists.flatMap((list) => this.list(list, where)),
      ];
    };
    return items.flatMap(item);
  }

  /** The numbering of a list: a new one, or the one that it goes on with. */
  #numbering(ordered: boolean, level: number, start: number): number {
    const last = ordered && start > 1 ? this.#counting[level] : undefined;
    if (last !== undefined) return last;
    const number = this.numberings.push({ ordered, level });
    if (ordered) this.#counting[level] = number;
    return number;
  }

  picture({ picture, alt, caption }: Picture): Xml[] {
    this.pictures.push(picture);
    const id = this.pictures.length;
    const name = alt.trim() || caption.trim();
    return [
      paragraph('Picture', null, [run(drawing(picture, id, name))]),
      ...(caption.trim() === '' ? [] : [paragraph('Caption', null, [run(text(caption.trim()))])]),
    ];
  }

  table({ columns: pixels, rows }: Table, { style, width }: Surroundings): Xml[] {
    const places = placeCells(rows) ?? rows.map((row) => row.map((cell) => ({ cell, dx: 0, dy: 0 })));
    const columns = places.reduce((most, row) => Math.max(most, row.length), 1);
    if (columns > MAX_COLUMNS) {
      return rows.flatMap((row) => row.flatMap((cell) => this.cellBlocks(cell, width)));
    }
    const shares = columnShares(pixels) ?? Array.from({ length: columns }, () => 100 / columns);
    const lengths = shares.map((share) => Math.max(1, Math.round((share / 100) * width)));
    const heads = headRowCount(rows);
    const line = { 'w:val': 'single', 'w:sz': 4, 'w:space': 0, 'w:color': 'auto' };
    const table = xml(
      'w:tbl',
      {},
      xml(
        'w:tblPr',
        {},
        xml('w:tblW', { 'w:w': width, 'w:type': 'dxa' }),
        xml('w:jc', { 'w:val': 'center' }),
        xml(
          'w:tblBorders',
          {},
          ['top', 'left', 'bottom', 'right', 'insideH', 'insideV'].map((side) => xml(`w:${side}`, line)),
        ),
      ),
      xml(
        'w:tblGrid',
        {},
        lengths.map((length, x) => {
          // The page is as wide as it is: what the column was before it was fitted in.
          const said = pixels[x] === 0 ? undefined : pixels[x];
          return xml('w:gridCol', { 'w:w': length, [`${OWN_PREFIX}:width`]: said });
        }),
      ),
      places.map((row, y) => this.row(row, columns, lengths, y < heads)),
    );
    // Two tables next to each other would be one, and a cell may not end in a table.
    return [table, paragraph(style ?? 'CellText', null, [])];
  }

  row(
    row: readonly (Place<Cell> | undefined)[],
    columns: number,
    lengths: readonly number[],
    isHead: boolean,
  ): Xml {
    const cells: Xml[] = [];
    let x = 0;
    while (x < columns) {
      const place = row[x];
      const span = place ? spanAt(row, x, columns) : 1;
      const width = lengths.slice(x, x + span).reduce((sum, length) => sum + length, 0);
      cells.push(this.cell(place, span, width));
      x += span;
    }
    return xml('w:tr', {}, xml('w:trPr', {}, xml('w:cantSplit'), isHead ? xml('w:tblHeader') : null), cells);
  }

  cell(place: Place<Cell> | undefined, span: number, width: number): Xml {
    const isMerged = place !== undefined && place.cell.rowspan > 1;
    const blocks = place?.dx === 0 && place.dy === 0 ? this.cellBlocks(place.cell, width - CELL_MARGINS) : [];
    return xml(
      'w:tc',
      { [`${OWN_PREFIX}:head`]: place?.cell.isHeader ? 1 : undefined },
      xml(
        'w:tcPr',
        {},
        xml('w:tcW', { 'w:w': width, 'w:type': 'dxa' }),
        span === 1 ? null : xml('w:gridSpan', { 'w:val': span }),
        isMerged ? xml('w:vMerge', place.dy === 0 ? { 'w:val': 'restart' } : {}) : null,
        xml('w:vAlign', { 'w:val': 'center' }),
      ),
      blocks.length === 0 ? paragraph(place?.cell.isHeader ? 'CellHeader' : 'CellText', null, []) : blocks,
    );
  }

  cellBlocks({ isHeader, blocks }: Cell, width: number): Xml[] {
    return this.blocks(blocks, { style: isHeader ? 'CellHeader' : 'CellText', width: Math.max(1, width) });
  }

  inlines(content: readonly InlineJson[], marks: readonly Xml[] = []): Xml[] {
    return this.tree(inlineTree(content), marks);
  }

  tree(nodes: readonly Inline[], marks: readonly Xml[]): Xml[] {
    const out: Xml[] = [];
    for (const node of nodes) {
      if (node.kind === 'text') out.push(run(text(node.text), marks));
      else if (node.kind === 'break') out.push(run(BREAK, marks));
      else for (const part of this.wrapped(node.wrapper, node.children, marks)) out.push(part);
    }
    return out;
  }

  wrapped(wrapper: Wrapper, children: readonly Inline[], marks: readonly Xml[]): Xml[] {
    switch (wrapper.kind) {
      case 'annotation':
        return this.tree(children, marks);
      case 'link':
        return [this.link(wrapper.href, this.tree(children, [...marks, ...linkLook(marks)]))];
      default:
        return this.tree(children, [...marks, MARKS[wrapper.kind]]);
    }
  }

  link(href: string, children: Xml[]): Xml {
    const address = safeHref(href);
    const number = this.links.get(address) ?? this.links.size + 1;
    this.links.set(address, number);
    return xml('w:hyperlink', { 'r:id': `link${number}`, 'w:history': 1 }, children);
  }
}

/** The style of a paragraph here: in a cell the smaller one. */
const inPlace = (style: CellStyle, { style: cell }: Surroundings): string =>
  cell === null ? style : `Cell${style}`;

const BREAK = xml('w:br');
const LINK_STYLE = xml('w:rStyle', { 'w:val': 'Hyperlink' });

/** A run has one style: a link in a run-in heading keeps that one, and shows by its colour. */
function linkLook(marks: readonly Xml[]): Xml[] {
  const hasStyle = marks.some((mark) => mark.toString().startsWith('<w:rStyle'));
  return [hasStyle ? LINK_COLOR : LINK_STYLE];
}

const MARKS = {
  bold: xml('w:b'),
  runIn: xml('w:b'),
  italic: xml('w:i'),
  underline: xml('w:u', { 'w:val': 'single' }),
  strike: xml('w:strike'),
  highlight: xml('w:highlight', { 'w:val': 'yellow' }),
} as const;
/** The format asks for the parts of a run's look in this order. */
const ORDER = ['w:rStyle', 'w:rFonts', 'w:b', 'w:i', 'w:strike', 'w:color', 'w:highlight', 'w:u'];

/** Of shared marks like “” and —, Word would take the Latin font's: a hint says which is meant. */
const HINT = xml('w:rFonts', { 'w:hint': 'eastAsia' });

function run(content: Xml, marks: readonly Xml[] = []): Xml {
  const looks = new Map(
    [HINT, ...marks].map((mark) => [/^<([\w:]+)/.exec(mark.toString())?.[1] ?? '', mark]),
  );
  const ordered = ORDER.flatMap((name) => looks.get(name) ?? []);
  return xml('w:r', {}, xml('w:rPr', {}, ordered), content);
}

/** Text; a tab is an element of its own. */
function text(value: string): Xml {
  const parts = value
    .split('\t')
    .map((part) => (part === '' ? null : xml('w:t', { 'xml:space': 'preserve' }, part)));
  return xmlGroup(parts.flatMap((part, index) => (index === 0 ? [part] : [xml('w:tab'), part])));
}

const SIDES: Readonly<Record<Alignment, string>> = {
  left: 'left',
  center: 'center',
  right: 'right',
  justify: 'both',
};

function paragraph(
  style: string | null,
  align: Alignment | null,
  children: Xml[],
  numbered: Xml | null = null,
): Xml {
  const isIndented = style === null && (align === 'center' || align === 'right');
  const parts = [
    style === null ? null : xml('w:pStyle', { 'w:val': style }),
    numbered,
    isIndented ? xml('w:ind', { 'w:firstLineChars': 0, 'w:firstLine': 0 }) : null,
    align === null ? null : xml('w:jc', { 'w:val': SIDES[align] }),
  ].filter((part) => part !== null);
  return xml('w:p', {}, parts.length === 0 ? null : xml('w:pPr', {}, parts), children);
}

/** How many columns from `x` on are covered by the same cell. */
function spanAt(row: readonly (Place<Cell> | undefined)[], x: number, columns: number): number {
  const first = row[x];
  let span = 1;
  while (x + span < columns && row[x + span]?.cell === first?.cell && row[x + span]?.dy === first?.dy)
    span += 1;
  return span;
}

/** How far the text of a list's level stands from the left. */
export const listIndent = (level: number): number => (2 + 2 * level) * CHARACTER + 480;

function unknown(value: never): never {
  throw new Error(`no rendering for ${JSON.stringify(value)?.slice(0, 200)}`);
}
