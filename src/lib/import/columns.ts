/** The rows and columns of a table that is read. */
import { placeCells, standingRows } from '#lib/report/grid.ts';
import { LIMITS } from '#lib/report/limits.ts';
import type { BlockJson, CellJson, RowJson } from '#lib/report/model.ts';

/** A cell as the report has it: spans within its limits, and never empty. */
export function tableCell(
  isHeader: boolean,
  colspan: number,
  rowspan: number,
  blocks: readonly BlockJson[],
): CellJson {
  const whole = (value: number, max: number) =>
    Number.isFinite(value) ? Math.max(1, Math.min(max, Math.trunc(value))) : 1;
  return {
    type: isHeader ? 'tableHeader' : 'tableCell',
    attrs: {
      colspan: whole(colspan, LIMITS.colspan),
      rowspan: whole(rowspan, LIMITS.rowspan),
      colwidth: null,
    },
    content: blocks.length > 0 ? [...blocks] : [{ type: 'paragraph' }],
  };
}

/**
 * The rows of a table from its cells, without those that stand for nothing. `widths` are those of the columns in CSS
 * pixels; 0 or none: not known.
 */
export function tableRows(cells: readonly (readonly CellJson[])[], widths: readonly number[]): RowJson[] {
  const spans = cells.map((row) =>
    row.map((cell) => ({ colspan: cell.attrs?.colspan ?? 1, rowspan: cell.attrs?.rowspan ?? 1, cell })),
  );
  const stands = standingRows(spans);
  if (widths.some((width) => width > 0)) {
    const known = (x: number) => {
      const width = widths[x] ?? 0;
      return Number.isFinite(width) && width > 0 ? Math.min(LIMITS.colwidth, width) : 0;
    };
    for (const row of placeCells(spans) ?? []) {
      row.forEach((place, x) => {
        if (place === undefined || place.dx > 0 || place.dy > 0) return;
        const { cell, colspan } = place.cell;
        const colwidth = Array.from({ length: colspan }, (_, dx) => known(x + dx));
        if (colwidth.some((width) => width > 0)) cell.attrs = { ...cell.attrs, colwidth };
      });
    }
  }
  return cells.flatMap((row, y) => (stands[y] ? [{ type: 'tableRow' as const, content: [...row] }] : []));
}
