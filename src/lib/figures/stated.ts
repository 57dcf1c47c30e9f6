/**
 * What tables and charts say of figures, in the words of the report: nothing is computed, rounded or
 * converted, so that no number is shown that the text does not have. Articles are Chinese, so these words are.
 */
import type { StatedFigure } from '#lib/report/model.ts';
import { statedFigure } from '#lib/report/values.ts';
import { decimal, quotient } from './decimal.ts';
import { normalise } from './normalise.ts';
import type { FigureFields, FigureValue } from './register.ts';

/** What a figure says, with what people know better than detection; null: more than can leave with a report. */
export function statedOf(now: FigureValue, set: FigureFields): StatedFigure | null {
  const { surface, value, unit, valueMax, qualifier, object, scope, period, per, basis, trend, modality } = {
    ...now,
    ...set,
  };
  const maybe = { valueMax, qualifier, object, scope, period, per, basis, trend };
  const said = Object.entries(maybe).filter(([, text]) => text !== undefined && text !== '');
  return statedFigure({
    surface,
    value,
    unit,
    ...Object.fromEntries(said),
    ...(modality === 'plan' && { modality }),
  });
}

const BARE = /^[-+]?\d[\d,. ]*$/;
const MULTIPLIERS: Readonly<Record<string, string>> = {
  '1': '',
  '100': '百',
  '1000': '千',
  '10000': '万',
  '100000000': '亿',
  '1000000000000': '万亿',
};

/** 万 or 亿 that a number takes from what stands around it: that of a heading, or of the number it shares it with. */
function multiplierOf(written: string, value: string): string {
  const own = decimal(written.replace(/[+, ]/g, ''));
  return own === '0' ? '' : (MULTIPLIERS[quotient(value, own, 4)] ?? '');
}

const isChange = (unit: string) => unit === '%' || unit === '百分点';

/**
 * A figure as it is written, so that it can be read by itself: with the unit that a heading or its neighbour
 * gives it, a qualifier that stands apart, and whether it says a rise or a fall.
 */
export function wordsOf({ surface, value, unit, qualifier = '', trend }: StatedFigure): string {
  const written = normalise(surface).trim();
  const isBare = BARE.test(written);
  const measure = unit === '百分点' ? '个百分点' : unit;
  const whole = isBare ? `${written}${multiplierOf(written, value)}${measure}` : surface;
  const before = qualifier !== '' && !surface.includes(qualifier) ? qualifier : '';
  if (trend === undefined) return before + whole;
  const verb = trend === 'up' ? (isChange(unit) ? '上升' : '增加') : isChange(unit) ? '下降' : '减少';
  return verb + before + whole;
}

const HALVES: Readonly<Record<string, string>> = { H1: '上半年', H2: '下半年' };
const QUARTERS = ['一', '二', '三', '四'];

/** `2023-03` is 2023年3月, `2021/2025` 2021—2025年, `2021/` 2021年以来. */
export function periodWords(period: string): string {
  const [from = '', to] = period.split('/');
  if (to === undefined) return moment(from);
  if (to === '') return `${moment(from)}以来`;
  const [first, last] = [moment(from), moment(to)];
  const mark = /^\d+(?:年|月)$/.exec(first) && first.at(-1) === last.at(-1) && /^\d+.$/.test(last);
  if (mark) return `${first.slice(0, -1)}—${last}`;
  const year = /^\d{4}年/.exec(first)?.[0];
  if (year === undefined || !last.startsWith(year) || last === year) return `${first}—${last}`;
  const rest = [first.slice(year.length), last.slice(year.length)];
  const isMonths = rest.every((one) => /^\d+月$/.test(one));
  return `${year}${isMonths ? rest[0]?.slice(0, -1) : rest[0]}—${rest[1]}`;
}

/** One of the forms that detection has: `2023`, `2023-03`, `2023-03-15`, `2023-H1`, `2023-Q3`, `H1`, `09`. */
function moment(text: string): string {
  const [, year = '', rest = ''] = /^(\d{4})?-?(.*)$/.exec(text) ?? [];
  const front = year === '' ? '' : `${year}年`;
  if (rest === '') return front;
  const half = HALVES[rest];
  if (half !== undefined) return front + half;
  const quarter = /^Q([1-4])$/.exec(rest)?.[1];
  if (quarter !== undefined) return `${front}第${QUARTERS[Number(quarter) - 1]}季度`;
  const [month = '', day] = rest.split('-');
  return `${front}${Number(month)}月${day === undefined ? '' : `${Number(day)}日`}`;
}

const UNNAMED = '（未写明）';

/** What a figure is of, in parts: what some have in common need not be said of each. */
function partsOf(figure: StatedFigure): string[] {
  const { scope = '', per, object = '', basis = '', modality } = figure;
  return [scope, per === undefined ? '' : `每${per}`, object, basis, modality === 'plan' ? '（计划）' : ''];
}

/** What a figure is of: 全县重点水利项目. */
export const nameOf = (figure: StatedFigure): string => partsOf(figure).join('') || UNNAMED;

/** What all of several figures are of and when, and what each is beside that. */
export function namesOf(figures: readonly StatedFigure[]): { common: string; names: string[] } {
  const parts = figures.map((figure) => [periodWords(figure.period ?? ''), ...partsOf(figure)]);
  const [first = []] = parts;
  const isCommon = first.map((part, at) => figures.length > 1 && parts.every((all) => all[at] === part));
  return {
    common: first.filter((_, at) => isCommon[at]).join(''),
    names: parts.map((all) => all.filter((_, at) => !isCommon[at]).join('') || nameless(all)),
  };
}

const nameless = (parts: readonly string[]): string => parts.join('') || UNNAMED;

export interface StatedTable {
  head: string[];
  /** The last cell of each row is what the figure says. */
  rows: string[][];
}

/** Figures as a table: what they are of, when, if that is told of any, and what they say. */
export function statedTable(figures: readonly StatedFigure[]): StatedTable {
  const hasPeriods = figures.some(({ period }) => period !== undefined);
  return {
    head: hasPeriods ? ['指标', '时间', '数值'] : ['指标', '数值'],
    rows: figures.map((figure) => [
      nameOf(figure),
      ...(hasPeriods ? [periodWords(figure.period ?? '')] : []),
      wordsOf(figure),
    ]),
  };
}
