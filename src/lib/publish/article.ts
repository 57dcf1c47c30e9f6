/**
 * A report as an article: what every format renders. Paragraph styles have become structure here (nested
 * sections and lists, quotations, a title in halves) and the empty blocks that drafting leaves are gone.
 */
import type {
  Alignment,
  BlockJson,
  ContentJson,
  EmbeddedPicture,
  FiguresAttrs,
  InlineJson,
  ParagraphJson,
  ReportJson,
  StatedFigure,
  TableJson,
} from '#lib/report/model.ts';
import { drawChart } from '#lib/figures/chart.ts';
import { statedTable } from '#lib/figures/stated.ts';
import type { SvgNode } from '#lib/figures/svg.ts';
import { headingRank } from '#lib/report/model.ts';
import { shownFigures } from '#lib/report/figures.ts';
import type { Issue } from '#lib/report/limits.ts';
import { countContent, readingMinutes } from '#lib/report/count.ts';
import { columnWidths, standingRows } from '#lib/report/grid.ts';
import { Numbering } from '#lib/report/numbering.ts';
import { outline, runInLength } from '#lib/report/outline.ts';
import { paragraphAttrs, paragraphStyle, paragraphText } from '#lib/report/text.ts';
import type { ArticleMeta } from './meta.ts';
import { titleLines, type TitleLine } from './title.ts';

export interface Article {
  title: string;
  /** The title in the lines that it was written in, and their halves. */
  lines: TitleLine[];
  subtitles: InlineJson[][];
  meta: ArticleMeta;
  /** 字数. */
  words: number;
  /** Reading time. */
  minutes: number;
  /** The beginning of the lead, for search engines and shared links; '' when there is no text. */
  description: string;
  blocks: ArticleBlock[];
}

export interface Paragraph {
  kind: 'paragraph';
  /** `title`, `subtitle`: one that does not stand at the top. */
  role: 'body' | 'signature' | 'title' | 'subtitle';
  align: Alignment | null;
  /** The run-in heading that opens it, and how deep its section lies (0: in a table, where none is); null for none. */
  runIn: { depth: number; content: InlineJson[] } | null;
  content: InlineJson[];
}
export interface ListItem {
  content: InlineJson[];
  align: Alignment | null;
  lists: List[];
}
export interface List {
  kind: 'list';
  ordered: boolean;
  /** As it was written, 0 to 3: a list may stand deeper than those around it say. */
  level: number;
  /** The first number of an ordered list. */
  start: number;
  items: ListItem[];
}
export interface Picture {
  kind: 'picture';
  picture: EmbeddedPicture;
  alt: string;
  caption: string;
}
export interface Cell {
  isHeader: boolean;
  colspan: number;
  rowspan: number;
  /** Of the columns that it spans, in CSS pixels; 0, null: not known. */
  widths: readonly number[] | null;
  blocks: ArticleBlock[];
}
export interface Table {
  kind: 'table';
  /** Widths of the columns in CSS pixels, 0: not known; none when the cells span too much to be laid out. */
  columns: number[];
  rows: Cell[][];
}
/** Figures of the register: as a table, or as a chart with the same table for where it cannot be seen or drawn. */
export interface Figures {
  kind: 'figures';
  /** '' for none. */
  caption: string;
  /** Null: they are shown as the table. */
  chart: SvgNode | null;
  table: Table;
}
/** `depth` 0: in a table, where it opens no section. */
export interface Heading {
  kind: 'heading';
  depth: number;
  /** As it was written, 1 to 4. */
  rank: number;
  align: Alignment | null;
  content: InlineJson[];
}
export type ArticleBlock =
  /** `depth` 1 is outermost; a heading opens its section, or a paragraph with a run-in heading does. */
  | { kind: 'section'; depth: number; blocks: ArticleBlock[] }
  | Heading
  | Paragraph
  | List
  | { kind: 'quote'; paragraphs: Paragraph[] }
  | Picture
  | Figures
  | Table
  | { kind: 'divider' };

const UNTITLED = '无标题';
const DESCRIPTION_LENGTH = 120;

/** Builds the article. The report must have been parsed or repaired. */
export function toArticle(report: ReportJson, meta: ArticleMeta): Article {
  const { content } = report;
  const blocks = content.content ?? [];
  const titleIndex = blocks.findIndex(
    (block) => block.type === 'paragraph' && paragraphStyle(block) === 'title',
  );
  const titleBlock = blocks[titleIndex];
  const rawTitle = titleBlock?.type === 'paragraph' ? paragraphText(titleBlock) : '';
  const title = rawTitle.trim() || report.title.trim() || UNTITLED;
  const count = countContent(content);
  const subtitles: InlineJson[][] = [];
  let rest = titleIndex + 1;
  if (titleIndex !== -1) {
    // Only subtitles that follow the title belong to it; others stay where they are, as paragraphs.
    for (const block of blocks.slice(rest)) {
      if (block.type !== 'paragraph') break;
      const isEmpty = paragraphText(block).trim() === '';
      if (paragraphStyle(block) !== 'subtitle' && !isEmpty) break;
      if (!isEmpty) subtitles.push(block.content ?? []);
      rest += 1;
    }
  }
  const body: ContentJson = {
    type: 'doc',
    content: titleIndex === -1 ? blocks : [...blocks.slice(0, titleIndex), ...blocks.slice(rest)],
  };
  return {
    title: title.replaceAll('\n', ' '),
    lines: titleLines(title),
    subtitles,
    meta,
    words: count.words,
    minutes: readingMinutes(count.characters),
    description: describe(body),
    blocks: nestSections(body, report),
  };
}

/** The ids of the pictures that a report's content shows but does not carry. */
export function missingPictures(report: ReportJson): string[] {
  const missing = new Set<string>();
  const look = (block: BlockJson) => {
    if (block.type === 'picture' && pictureOf(block.attrs.id, report.pictures) === null) {
      missing.add(block.attrs.id ?? '');
    }
    if (block.type !== 'table') return;
    for (const row of block.content ?? [])
      for (const cell of row.content ?? []) for (const inner of cell.content ?? []) look(inner);
  };
  for (const block of report.content.content ?? []) look(block);
  return [...missing];
}

/** Of the figures that a report's content shows those that it does not carry: they are not in its text. */
export function lostFigures({ content, figures = {} }: ReportJson): Issue[] {
  return shownFigures(content)
    .filter((id) => !Object.hasOwn(figures, id))
    .map((id) => ({ path: `figures.${id}`, code: 'lost_figure' }));
}

function pictureOf(id: string | null, pictures: Record<string, EmbeddedPicture>): EmbeddedPicture | null {
  return id !== null && Object.hasOwn(pictures, id) ? (pictures[id] ?? null) : null;
}

function describe(body: ContentJson): string {
  for (const block of body.content ?? []) {
    if (block.type !== 'paragraph' || paragraphStyle(block) !== 'body') continue;
    const text = paragraphText(block).replace(/\s+/g, ' ').trim();
    if (text === '') continue;
    const chars = [...text];
    return chars.length <= DESCRIPTION_LENGTH ? text : `${chars.slice(0, DESCRIPTION_LENGTH - 1).join('')}…`;
  }
  return '';
}

/** What a report carries beside its content. */
type Carried = Pick<ReportJson, 'pictures' | 'figures'>;

/** Sections inside sections, by the outline. The depth counts sections, so that no heading level is skipped. */
function nestSections(body: ContentJson, carried: Carried): ArticleBlock[] {
  const blocks = body.content ?? [];
  const sections = outline(body).filter((section) => section.kind !== 'lead');
  const numbering = new Numbering();
  let next = 0;
  const build = (from: number, to: number, depth: number): ArticleBlock[] => {
    const out: ArticleBlock[] = [];
    let index = from;
    while (index < to) {
      const section = sections[next];
      // The section's own first block: its heading, which opens it.
      if (section && section.from === index) {
        next += 1;
        const first = blocks.slice(index, index + 1);
        const inner = [
          ...toBlocks(first, carried, depth, numbering),
          ...build(index + 1, section.to, depth + 1),
        ];
        out.push({ kind: 'section', depth, blocks: inner });
        index = section.to;
        continue;
      }
      const end = Math.min(section?.from ?? to, to);
      for (const block of toBlocks(blocks.slice(index, end), carried, depth, numbering)) out.push(block);
      index = end;
    }
    return out;
  };
  return build(0, blocks.length, 1);
}

const isBlank = (content: readonly InlineJson[]) =>
  content.every((inline) => inline.type === 'hardBreak' || inline.text.trim() === '');

function toBlocks(
  blocks: readonly BlockJson[],
  carried: Carried,
  depth: number,
  numbering: Numbering,
): ArticleBlock[] {
  const out: ArticleBlock[] = [];
  let lists: OpenLists | null = null;
  for (const block of blocks) {
    if (block.type === 'paragraph') {
      const content = block.content ?? [];
      if (isBlank(content)) continue;
      const attrs = paragraphAttrs(block);
      if (attrs.style === 'bullet' || attrs.style === 'ordered') {
        lists ??= new OpenLists(out, numbering);
        lists.add(attrs.style === 'ordered', attrs.level, attrs.restart, {
          content,
          align: attrs.align,
          lists: [],
        });
        continue;
      }
      lists = null;
      addParagraph(out, block, depth);
      continue;
    }
    lists = null;
    if (block.type === 'divider') out.push({ kind: 'divider' });
    else if (block.type === 'table') {
      const table = toTable(block, carried);
      if (table.rows.some((row) => row.length > 0)) out.push(table);
    } else if (block.type === 'figures') {
      const figures = toFigures(block.attrs, carried);
      if (figures !== null) out.push(figures);
    } else {
      const picture = pictureOf(block.attrs.id, carried.pictures);
      const { alt, caption } = block.attrs;
      if (picture !== null) out.push({ kind: 'picture', picture, alt, caption });
    }
  }
  return out;
}

function addParagraph(out: ArticleBlock[], block: ParagraphJson, depth: number): void {
  const { style, align } = paragraphAttrs(block);
  const content = block.content ?? [];
  const rank = headingRank(style);
  if (rank !== null) {
    out.push({ kind: 'heading', depth, rank, align, content });
    return;
  }
  if (style === 'quote') {
    const paragraph: Paragraph = { kind: 'paragraph', role: 'body', align, runIn: null, content };
    const last = out.at(-1);
    if (last?.kind === 'quote') last.paragraphs.push(paragraph);
    else out.push({ kind: 'quote', paragraphs: [paragraph] });
    return;
  }
  const length = runInLength(block);
  const role = style === 'signature' || style === 'title' || style === 'subtitle' ? style : 'body';
  out.push({
    kind: 'paragraph',
    role,
    align,
    runIn: length === 0 ? null : { depth, content: content.slice(0, length) },
    content: content.slice(length),
  });
}

/** Consecutive list paragraphs becoming nested lists: `#open[n]` is the list that is open at depth n. */
class OpenLists {
  #open: { list: List; level: number }[] = [];
  readonly #out: ArticleBlock[];
  readonly #numbering: Numbering;

  constructor(out: ArticleBlock[], numbering: Numbering) {
    this.#out = out;
    this.#numbering = numbering;
  }

  add(ordered: boolean, level: number, restart: boolean, item: ListItem): void {
    while ((this.#open.at(-1)?.level ?? -1) > level) this.#open.pop();
    const number = ordered ? this.#numbering.next(level, restart) : 1;
    if (!ordered) this.#numbering.bullet(level);
    const top = this.#open.at(-1);
    if (top?.level === level) {
      if (top.list.ordered === ordered && !(ordered && restart)) {
        top.list.items.push(item);
        return;
      }
      this.#open.pop();
    }
    const list: List = { kind: 'list', ordered, level, start: number, items: [item] };
    const parent = this.#open.at(-1)?.list.items.at(-1);
    if (parent) parent.lists.push(list);
    else this.#out.push(list);
    this.#open.push({ list, level });
  }
}

/** Null: none of them is there. A chart that cannot be drawn is a table. */
function toFigures({ show, figures: ids, caption }: FiguresAttrs, { figures = {} }: Carried): Figures | null {
  const shown = ids.flatMap((id): StatedFigure[] => {
    const figure = Object.hasOwn(figures, id) ? figures[id] : undefined;
    return figure === undefined ? [] : [figure];
  });
  if (shown.length === 0) return null;
  const chart = show === 'table' ? null : drawChart(show, shown, caption);
  return {
    kind: 'figures',
    caption: caption.trim(),
    chart: chart?.ok === true ? chart.svg : null,
    table: figureTable(shown),
  };
}

function figureTable(figures: readonly StatedFigure[]): Table {
  const { head, rows } = statedTable(figures);
  const cell = (isHeader: boolean, text: string, isLast: boolean): Cell => {
    const content: InlineJson[] = text === '' ? [] : [{ type: 'text', text }];
    const align = isLast ? 'right' : null;
    const blocks: ArticleBlock[] = [{ kind: 'paragraph', role: 'body', align, runIn: null, content }];
    return { isHeader, colspan: 1, rowspan: 1, widths: null, blocks };
  };
  return {
    kind: 'table',
    columns: [],
    rows: [
      head.map((text, at) => cell(true, text, at === head.length - 1)),
      ...rows.map((row) => row.map((text, at) => cell(at === 0, text, at === row.length - 1))),
    ],
  };
}

function toTable(table: TableJson, carried: Carried): Table {
  const all = (table.content ?? []).map((row) =>
    (row.content ?? []).map((cell): Cell => ({
      isHeader: cell.type === 'tableHeader',
      colspan: cell.attrs?.colspan ?? 1,
      rowspan: cell.attrs?.rowspan ?? 1,
      widths: cell.attrs?.colwidth ?? null,
      // A heading in a cell opens no section, and a list in a cell counts for itself.
      blocks: toBlocks(cell.content ?? [], carried, 0, new Numbering()),
    })),
  );
  const stands = standingRows(all);
  const rows = all.filter((_, index) => stands[index]);
  return { kind: 'table', columns: columnWidths(rows), rows };
}
