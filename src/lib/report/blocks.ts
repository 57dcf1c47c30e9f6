import type { BlockJson, CellJson, RowJson } from './model.ts';

type Change = (block: BlockJson) => BlockJson;

/** Every block put through `change`, those in the cells of unchanged tables included. */
export function mapBlocks(blocks: readonly BlockJson[], change: Change): BlockJson[] {
  return blocks.map((block) => {
    const changed = change(block);
    if (changed !== block || block.type !== 'table') return changed;
    return { type: 'table', content: (block.content ?? []).map((row) => mapRow(row, change)) };
  });
}

function mapRow(row: RowJson, change: Change): RowJson {
  return { type: 'tableRow', content: (row.content ?? []).map((cell) => mapCell(cell, change)) };
}

function mapCell(cell: CellJson, change: Change): CellJson {
  return { ...cell, content: mapBlocks(cell.content ?? [], change) };
}
