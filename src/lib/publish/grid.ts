/** A table's cells in the places that they span. */
import type { Cell } from './article.ts';

/** A place of the grid: the cell that covers it, and how far it lies from the cell's first place. */
export interface Place {
  cell: Cell;
  dx: number;
  dy: number;
}

/** Places that the cells of one table may span together; spans of a table beyond it are not laid out. */
const MAX_PLACES = 100_000;

/** Row by row the place at each column, undefined where no cell reaches. Null: the table spans too many places. */
export function placeCells(rows: readonly (readonly Cell[])[]): (Place | undefined)[][] | null {
  let places = 0;
  for (const row of rows) for (const { colspan, rowspan } of row) places += colspan * rowspan;
  if (places > MAX_PLACES) return null;
  const grid: (Place | undefined)[][] = rows.map(() => []);
  rows.forEach((row, y) => {
    let x = 0;
    for (const cell of row) {
      while (grid[y]?.[x] !== undefined) x += 1;
      for (let dy = 0; dy < cell.rowspan && y + dy < rows.length; dy += 1) {
        for (let dx = 0; dx < cell.colspan; dx += 1) {
          const target = grid[y + dy];
          if (target && target[x + dx] === undefined) target[x + dx] = { cell, dx, dy };
        }
      }
      x += cell.colspan;
    }
  });
  return grid;
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
