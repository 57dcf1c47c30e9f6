/** Figures in a table's cell, where the unit often stands in the heading. */
import type { CheckedBlock, CheckedCell, DetectedFigure } from './figure.ts';
import { decimal, shift, stepOf } from './decimal.ts';
import { detectFigures } from './detect.ts';
import { unitAt } from './lexicon.ts';
import { normalise } from './normalise.ts';

const BARE = /^\s*([-+]?)((?:\d{1,3}(?:[, ]\d{3})+|\d+)(?:\.\d+)?)\s*$/;
const IN_BRACKETS = /[(（[]\s*(?:单位[:：])?\s*([^()（）[\]]{1,10}?)\s*[)）\]]/;
const MULTIPLIED = /^(万亿|亿|万|千|百)?(.*)$/;
const PLACES: Readonly<Record<string, number>> = { 百: 2, 千: 3, 万: 4, 亿: 8, 万亿: 12 };
/** Columns whose numbers count nothing. */
const NAMES = /序号|编号|代码|电话|邮编|证号|^号$|排序|备注/;
const YEARS = /年份|年度|^年$/;

interface HeadingUnit {
  places: number;
  unit: string;
}

/** The unit that a heading tells in brackets or by its last word: 投资（万元）, 占比（%）, 增长率. */
function unitOf(heading: string): HeadingUnit | null {
  const inside = IN_BRACKETS.exec(heading)?.[1];
  if (inside === undefined) return null;
  const [, multiplier = '', unit = ''] = MULTIPLIED.exec(normalise(inside)) ?? [];
  // 千米 and 千瓦 are units by themselves.
  if (unitAt(normalise(inside), 0)?.name === normalise(inside)) return { places: 0, unit: normalise(inside) };
  if (unit !== '' && unitAt(unit, 0)?.name !== unit) return null;
  return { places: PLACES[multiplier] ?? 0, unit };
}

/** The figures of one paragraph of a cell: those that stand there with their units, or one bare number with the heading's. */
function detectInCell(text: string, cell: CheckedCell): DetectedFigure[] {
  const object = [cell.rowHeading, cell.columnHeading.replace(IN_BRACKETS, '')]
    .filter((part) => part !== '')
    .join(' ');
  const withObject = (figure: DetectedFigure): DetectedFigure =>
    object === '' ? figure : { ...figure, object };
  const bare = BARE.exec(normalise(text));
  if (bare === null) return detectFigures(text).map(withObject);
  if (cell.header || NAMES.test(cell.columnHeading)) return [];
  const [, sign = '', written = ''] = bare;
  const start = text.length - text.trimStart().length;
  const surface = text.trim();
  const own = { start, end: start + surface.length, surface, modality: 'actual' as const, op: 'eq' as const };
  const number = decimal((sign === '-' ? '-' : '') + written.replace(/[, ]/g, ''));
  if (YEARS.test(cell.columnHeading) && /^(?:19|20)\d\d$/.test(written))
    return [
      { ...own, value: number, step: '1', unit: '年', unitClass: 'calendar', kind: 'year', period: number },
    ];
  const told = unitOf(cell.columnHeading) ?? unitOf(cell.rowHeading);
  const unit = told === null ? null : unitAt(told.unit, 0);
  const places = told?.places ?? 0;
  return [
    withObject({
      ...own,
      value: shift(number, places),
      step: shift(stepOf(written.replace(/[, ]/g, '')), places),
      unit: unit === null ? '' : (unit.as ?? unit.name),
      unitClass: unit?.class ?? 'none',
      kind: unit?.kind ?? 'count',
    }),
  ];
}

/** The figures of a paragraph, in a table or not. */
export function detectIn({ text, cell }: Pick<CheckedBlock, 'text' | 'cell'>): DetectedFigure[] {
  return cell === undefined ? detectFigures(text) : detectInCell(text, cell);
}
