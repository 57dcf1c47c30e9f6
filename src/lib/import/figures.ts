/** Blocks of figures that come from another report's register. */
import { statedTable } from '#lib/figures/stated.ts';
import { LIMITS } from '#lib/report/limits.ts';
import type {
  BlockJson,
  CellJson,
  ContentJson,
  FiguresAttrs,
  ParagraphJson,
  StatedFigure,
  TableJson,
} from '#lib/report/model.ts';
import type { LeftOuts } from './imported.ts';

type Stated = Readonly<Record<string, StatedFigure>>;

/**
 * The content with its blocks of figures as tables of what they said. Their ids are those of a register that
 * the new report does not have: as they are they would show nothing, and nothing here is registered.
 */
export function withPlainFigures(content: ContentJson, figures: Stated, leftOut: LeftOuts): ContentJson {
  const plain = (blocks: readonly BlockJson[], tables: number): BlockJson[] =>
    blocks.flatMap((block): BlockJson[] => {
      if (block.type === 'figures') return said(block.attrs, figures, tables, leftOut);
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
