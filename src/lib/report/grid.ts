/** A table's cells in the places that they span. */

/** How many columns and rows a cell covers, from its own on. */
export interface Spans {
  colspan: number;
  rowspan: number;
}

/** A place of the grid: the cell that covers it, and how far it lies from the cell's first place. */
export interface Place<C extends Spans> {
  cell: C;
  dx: number;
  dy: number;
}

/** Places that the cells of one table may span together; spans of a table beyond it are not laid out. */
const MAX_PLACES = 100_000;

/** Row by row the place at each column, undefined where no cell reaches. Null: the table spans too many places. */
export function placeCells<C extends Spans>(
  rows: readonly (readonly C[])[],
): (Place<C> | undefined)[][] | null {
  let places = 0;
  for (const row of rows) for (const { colspan, rowspan } of row) places += colspan * rowspan;
  if (places > MAX_PLACES) return null;
  const grid: (Place<C> | undefined)[][] = rows.map(() => []);
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

/** Which rows stand for something: those that have cells, and those that cells above reach into. */
export function standingRows(rows: readonly (readonly Spans[])[]): boolean[] {
  let reach = 0;
  return rows.map((cells, y) => {
    for (const { rowspan } of cells) reach = Math.max(reach, y + rowspan);
    return cells.length > 0 || y < reach;
  });
}

/** The widths of the columns in CSS pixels, each as its topmost cell that has one; 0: not known. */
export function columnWidths(
  rows: readonly (readonly (Spans & { widths: readonly number[] | null })[])[],
): number[] {
  const places = placeCells(rows) ?? [];
  const count = places.reduce((most, row) => Math.max(most, row.length), 0);
  return Array.from({ length: count }, (_, x) => {
    for (const row of places) {
      const place = row[x];
      const width = place?.cell.widths?.[place.dx] ?? 0;
      if (width > 0) return width;
    }
    return 0;
  });
}
