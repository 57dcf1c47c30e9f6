/** Sums in tables: a row called 合计 holds the sums of the rows above it. */
import type { CheckedReport, Finding } from './figure.ts';
import { add, compare } from './decimal.ts';
import { finding, type Passage, type Placed, restated } from './placed.ts';

const TOTAL = /^(?:合计|总计|小计|共计|合\s*计|总\s*计|全县|全市|全区|全镇)$/;

/** Findings of all tables of a report, a column of amounts at a time. */
export function tablesOf({ blocks }: CheckedReport, passages: readonly Passage[]): Finding[] {
  const columns = new Map<string, { rowHeading: string; figure: Placed }[]>();
  for (const { block, cell, figures } of passages) {
    const [figure] = figures;
    if (cell === undefined || cell.header || figures.length !== 1 || figure === undefined) continue;
    const key = `${blocks[block]?.top} ${cell.column}`;
    const one = { rowHeading: cell.rowHeading, figure };
    const column = columns.get(key);
    if (column) column.push(one);
    else columns.set(key, [one]);
  }
  return [...columns.values()].flatMap(sumsOf);
}

function sumsOf(column: readonly { rowHeading: string; figure: Placed }[]): Finding[] {
  const at = column.findIndex(({ rowHeading }) => TOTAL.test(rowHeading));
  const total = column[at]?.figure;
  // The total stands last, or first with its parts below.
  const parts = (at === 0 ? column.slice(1) : column.slice(0, at)).map(({ figure }) => figure);
  if (
    total === undefined ||
    parts.length < 2 ||
    column.filter(({ rowHeading }) => TOTAL.test(rowHeading)).length > 1
  ) {
    return [];
  }
  const isAdded = [total, ...parts].every(
    ({ kind, unit, op }) => (kind === 'count' || kind === 'money') && unit === total.unit && op === 'eq',
  );
  if (!isAdded) return [];
  const sum = parts.reduce((so, { value }) => add(so, value), '0');
  const fix = restated(total, sum);
  const computed = fix?.text ?? sum;
  const given = {
    rule: 'partition',
    about: [total, ...parts],
    arithmetic: `${parts.map(({ surface }) => surface).join(' + ')} = ${computed}`,
    params: { computed },
  } as const;
  if (compare(sum, total.value) === 0) return [finding({ ...given, verdict: 'ok' })];
  return [finding({ ...given, verdict: 'mismatch', fix })];
}
