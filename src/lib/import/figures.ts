/** Blocks of figures that come from another report's register. */
import { checkedReport } from '#lib/figures/document.ts';
import { type HeldFigure, HeldFigures } from '#lib/figures/held.ts';
import { MAX_FIGURES } from '#lib/figures/register.ts';
import { statedTable } from '#lib/figures/stated.ts';
import { LIMITS } from '#lib/report/limits.ts';
import type {
  BlockJson,
  CellJson,
  ContentJson,
  FiguresAttrs,
  FiguresJson,
  ParagraphJson,
  ReportJson,
  StatedFigure,
  TableJson,
} from '#lib/report/model.ts';
import { paragraphsOf } from '#lib/report/text.ts';
import { titled } from '#lib/report/title.ts';
import { type DraftFigure, LeftOuts } from './imported.ts';

type Stated = Readonly<Record<string, StatedFigure>>;

interface WithFigures {
  content: ContentJson;
  /** Those that its blocks of figures show, as they stand in it. */
  figures: DraftFigure[];
}

/**
 * The content of our JSON, titled, with those of its blocks of figures all of whose figures stand in the text where it
 * says: they are to be registered anew, under ids of the new report. The ids of any other block would mean nothing
 * there: it is a table of what they said.
 */
export function withOwnFigures(
  { content, title, figures: stated = {} }: ReportJson,
  leftOut: LeftOuts,
): WithFigures {
  const { blocks, held } = ownBlocks(content, stated);
  const live = titled(withPlainFigures(content, stated, new LeftOuts(), blocks), title);
  const figures = movedTo(live, content, held, stated);
  // What became a table in a heading may make another figure of a number below it.
  const kept = figures === null ? new Set<FiguresJson>() : blocks;
  return { content: titled(withPlainFigures(content, stated, leftOut, kept), title), figures: figures ?? [] };
}

type Held = ReadonlyMap<string, HeldFigure>;

/** The blocks whose figures all stand in the text, each figure under one id, and no more than a register takes. */
function ownBlocks(content: ContentJson, stated: Stated): { blocks: Set<FiguresJson>; held: Held } {
  const text = new HeldFigures(checkedReport(content));
  const held = new Map<string, HeldFigure>();
  const taken = new Set<string>();
  const blocks = new Set<FiguresJson>();
  for (const block of figureBlocks(content.content ?? [])) {
    const found = new Map<string, HeldFigure>();
    const places = new Set<string>();
    for (const id of block.attrs.figures) {
      if (held.has(id)) continue;
      const one = Object.hasOwn(stated, id) ? stated[id] : undefined;
      const figure = one === undefined ? null : text.find(one);
      const place = figure === null ? '' : `${figure.at.paragraph}/${figure.at.start}`;
      if (figure === null || taken.has(place) || places.has(place)) break;
      found.set(id, figure);
      places.add(place);
    }
    const isWhole = block.attrs.figures.every((id) => held.has(id) || found.has(id));
    if (!isWhole || held.size + found.size > MAX_FIGURES) continue;
    blocks.add(block);
    for (const [id, figure] of found) held.set(id, figure);
    for (const place of places) taken.add(place);
  }
  return { blocks, held };
}

/** The same figures where they stand in what became of the content; null: one of them is another there. */
function movedTo(live: ContentJson, content: ContentJson, held: Held, stated: Stated): DraftFigure[] | null {
  const before = (content.content ?? []).flatMap((block) => [...paragraphsOf(block)]);
  const after = (live.content ?? []).flatMap((block) => [...paragraphsOf(block)]);
  // A paragraph that was there is the same object.
  const numbers = new Map(after.map((paragraph, number) => [paragraph, number]));
  const text = new HeldFigures(checkedReport(live));
  const figures: DraftFigure[] = [];
  for (const [id, { at }] of held) {
    const [paragraph, said] = [before[at.paragraph], stated[id]];
    const number = paragraph === undefined ? undefined : numbers.get(paragraph);
    const found =
      number === undefined || said === undefined ? null : text.find(said, { ...at, paragraph: number });
    if (found === null) return null;
    figures.push({ id, ...found });
  }
  return figures;
}

function* figureBlocks(blocks: readonly BlockJson[]): Generator<FiguresJson> {
  for (const block of blocks) {
    if (block.type === 'figures') yield block;
    else if (block.type === 'table')
      for (const row of block.content ?? [])
        for (const cell of row.content ?? []) yield* figureBlocks(cell.content ?? []);
  }
}

/** The content with its blocks of figures, but for some, as tables of what they said. */
export function withPlainFigures(
  content: ContentJson,
  figures: Stated,
  leftOut: LeftOuts,
  kept: ReadonlySet<FiguresJson> = new Set(),
): ContentJson {
  const plain = (blocks: readonly BlockJson[], tables: number): BlockJson[] =>
    blocks.flatMap((block): BlockJson[] => {
      if (block.type === 'figures')
        return kept.has(block) ? [block] : said(block.attrs, figures, tables, leftOut);
      return block.type === 'table' ? [inTable(block, (inner) => plain(inner, tables + 1))] : [block];
    });
  const { content: blocks } = content;
  return blocks === undefined ? content : { ...content, content: plain(blocks, 0) };
}

function inTable(table: TableJson, change: (blocks: readonly BlockJson[]) => BlockJson[]): TableJson {
  const cell = (one: CellJson): CellJson =>
    one.content === undefined ? one : { ...one, content: change(one.content) };
  return {
    ...table,
    ...(table.content !== undefined && {
      content: table.content.map((row) =>
        row.content === undefined ? row : { ...row, content: row.content.map(cell) },
      ),
    }),
  };
}

const paragraph = (text: string, attrs: ParagraphJson['attrs'] = {}): ParagraphJson => ({
  type: 'paragraph',
  ...(Object.keys(attrs).length > 0 && { attrs }),
  ...(text !== '' && { content: [{ type: 'text', text }] }),
});

/** `tables`: how many are around. */
function said(
  { figures: ids, caption }: FiguresAttrs,
  figures: Stated,
  tables: number,
  leftOut: LeftOuts,
): BlockJson[] {
  const shown = ids.flatMap((id) => (Object.hasOwn(figures, id) ? [figures[id]] : []));
  const stated = shown.filter((figure) => figure !== undefined);
  for (let lost = stated.length; lost < ids.length; lost += 1) leftOut.add('lostFigures', caption);
  if (stated.length === 0) return [];
  leftOut.add('figureLinks', caption);
  const { head, rows } = statedTable(stated);
  const title = caption.trim() === '' ? [] : [paragraph(caption.trim(), { align: 'center' })];
  // No table may stand that deep.
  if (tables >= LIMITS.tableDepth) return [...title, ...rows.map((row) => paragraph(row.join('　')))];
  const cell = (type: CellJson['type'], text: string, isValue: boolean): CellJson => ({
    type,
    attrs: { colspan: 1, rowspan: 1, colwidth: null },
    content: [paragraph(text, isValue ? { align: 'right' } : {})],
  });
  const last = head.length - 1;
  const table: TableJson = {
    type: 'table',
    content: [
      { type: 'tableRow', content: head.map((text, at) => cell('tableHeader', text, at === last)) },
      ...rows.map((row) => ({
        type: 'tableRow' as const,
        content: row.map((text, at) => cell(at === 0 ? 'tableHeader' : 'tableCell', text, at === last)),
      })),
    ],
  };
  return [...title, table];
}
