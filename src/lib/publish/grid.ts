/** What the cells of a table say of its rows and columns. */
import type { Cell } from './article.ts';

/** The columns' shares of the width in percent; null when the width of one is not known. */
export function columnShares(columns: readonly number[]): number[] | null {
  if (columns.length === 0 || columns.includes(0)) return null;
  const total = columns.reduce((sum, width) => sum + width, 0);
  return columns.map((width) => Math.round((width / total) * 10_000) / 100);
}

/** How many rows at the top consist of header cells and do not reach into those below. */
export function headRowCount(rows: readonly (readonly Cell[])[]): number {
  const first = rows.findIndex((cells) => cells.length === 0 || cells.some((cell) => !cell.isHeader));
  const count = first === -1 ? rows.length : first;
  const isClosed = rows
    .slice(0, count)
    .every((cells, index) => cells.every((cell) => index + cell.rowspan <= count));
  return isClosed ? count : 0;
}
