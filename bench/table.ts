/** The results as tables of text, a column for each server. */
import type { Spread } from './load/numbers.ts';
import type { Typed } from './load/protocol.ts';
import { SIZES, type Results } from './loads.ts';

export interface Column {
  title: string;
  results: Results;
}

interface Row {
  label: string;
  cells: string[];
}

const NONE = '–';
const round = (value: number, digits = 1): string => value.toFixed(digits);

const spread = (of: Spread | null | undefined): string =>
  of ? [of.p50, of.p95, of.p99].map((value) => round(value)).join(' / ') : NONE;

/** Processor time for each edit that reached one other client, in µs. */
export const cpuPerDelivery = ({ cpu, deliveries }: Typed): number => (cpu * 1000) / deliveries;
const cpuPerEdit = ({ cpu, edits }: Typed): number => (cpu * 1000) / edits;

function typedRows(
  label: string,
  columns: readonly Column[],
  of: (results: Results) => Typed | undefined,
): Row[] {
  const typed = columns.map(({ results }) => of(results));
  if (typed.every((one) => one === undefined)) return [];
  const row = (what: string, cell: (one: Typed) => string): Row => ({
    label: what,
    cells: typed.map((one) => (one === undefined ? NONE : cell(one))),
  });
  const [relay] = columns[0]?.title.includes('relay') ? typed : [];
  return [
    { label: `**${label}**`, cells: columns.map(() => '') },
    row('deliveries a second', (one) => round(one.deliveries / one.seconds, 0)),
    row('propagation p50 / p95 / p99, ms', (one) => spread(one.propagation)),
    row('acknowledged p50 / p95 / p99, ms', (one) => spread(one.acknowledged)),
    row('server CPU a delivery, µs', (one) => round(cpuPerDelivery(one))),
    ...(relay === undefined
      ? []
      : [
          row('… as a multiple of the relay', (one) => round(cpuPerDelivery(one) / cpuPerDelivery(relay), 2)),
        ]),
    row('… of it on the event loop, µs', (one) => round((one.loop * 1000) / one.deliveries)),
    row('disk writes an edit, bytes', (one) => round(one.written / one.edits, 0)),
    row('never delivered', (one) => String(one.lost)),
  ];
}

function rowsOf(columns: readonly Column[]): Row[] {
  const rates = new Set(columns.flatMap(({ results }) => Object.keys(results.typing ?? {}).map(Number)));
  const row = (label: string, cell: (results: Results) => string | undefined): Row[] => {
    const cells = columns.map(({ results }) => cell(results));
    return cells.every((one) => one === undefined) ? [] : [{ label, cells: cells.map((one) => one ?? NONE) }];
  };
  return [
    ...[...rates].flatMap((rate) =>
      typedRows(`30 × (4 + 6) at ${rate}/s`, columns, ({ typing }) => typing?.[rate]),
    ),
    ...typedRows('50 × 4 at 6/s', columns, ({ many }) => many),
    ...typedRows('1 × (4 + 200 readers) at 6/s', columns, ({ audience }) => audience),
    ...row(
      '50 cursors at 10/s: share of a core, %',
      ({ cursors }) => cursors && round(cursors.cpu / cursors.seconds / 10),
    ),
    ...row(
      '50 cursors: states delivered a second',
      ({ cursors }) => cursors && round(cursors.deliveries / cursors.seconds, 0),
    ),
    ...row('50 cursors: p50 / p95 / p99, ms', ({ cursors }) => cursors && spread(cursors.propagation)),
    ...row('idle socket: resident KB', ({ idle }) => idle && round(idle.bytes / 1024)),
    ...row('stored bytes for each byte sent', ({ stored }) =>
      typeof stored === 'number' ? round(stored) : undefined,
    ),
    ...row('recorded session, cold: first byte / joined, ms', ({ cold }) =>
      cold?.cold ? `${round(cold.cold.first)} / ${round(cold.cold.joined)}` : undefined,
    ),
    ...row('small document, in memory: first byte / joined, ms', ({ cold }) =>
      cold ? `${round(cold.warm.first)} / ${round(cold.warm.joined)}` : undefined,
    ),
    ...SIZES.flatMap((bytes) => [
      ...row(`document of ${bytes / 1000} KB: CPU an edit, µs`, ({ growth }) => {
        const typed = growth?.[bytes];
        return typed && round(cpuPerEdit(typed), 0);
      }),
      ...row(`document of ${bytes / 1000} KB: disk writes an edit, bytes`, ({ growth }) => {
        const typed = growth?.[bytes];
        return typed && round(typed.written / typed.edits, 0);
      }),
    ]),
  ];
}

/** A table in Markdown. */
export function tableOf(columns: readonly Column[]): string {
  const rows = rowsOf(columns);
  const all = [
    { label: '', cells: columns.map(({ title }) => title) },
    { label: '---', cells: columns.map(() => '---:') },
    ...rows,
  ];
  return all.map(({ label, cells }) => `| ${[label, ...cells].join(' | ')} |`).join('\n');
}
