/**
 * Figures of one thing over time as a line: from zero on, each as far from the next as the times are. Where two
 * stand too close for their words, the later ones are left to the table.
 */
import type { StatedFigure } from '#lib/report/model.ts';
import { CHART_COLOUR } from './colours.ts';
import { CHART_WIDTH, type Drawing, FONT_SIZE, heading, words } from './drawing.ts';
import { namesOf, periodWords, wordsOf } from './stated.ts';
import { svg, type SvgNode, tenth, widthOf } from './svg.ts';

/** The height that the values are drawn in, and what is kept free above and beside it. */
const HEIGHT = 190;
const ABOVE = 26;
const SIDE = 40;

interface Time {
  /** When it ends, in months. */
  at: number;
  /** How long it is, or of what kind: a year's number and a month's are not of one line. */
  kind: string;
}

/** When a period that detection tells was; null: that cannot be drawn, as of 2021年以来. */
export function timeOf(period: string | undefined): Time | null {
  const [from = '', to] = (period ?? '').split('/');
  const first = momentOf(from);
  if (to === undefined || first === null) return first;
  const last = momentOf(to);
  if (last === null || last.isYear !== first.isYear) return null;
  return { at: last.at, kind: `${last.kind} ${tenth(last.at - first.at)}` };
}

function momentOf(text: string): (Time & { isYear: boolean }) | null {
  const found = /^(\d{4})?-?(?:H([12])|Q([1-4])|(\d\d)(?:-(\d\d))?)?$/.exec(text);
  if (found === null || text === '') return null;
  const [, year, half, quarter, month, day] = found;
  const isYear = year !== undefined;
  const start = Number(year ?? 0) * 12;
  const kind = isYear ? 'of ' : '';
  if (half !== undefined) return { at: start + Number(half) * 6, kind: `${kind}half`, isYear };
  if (quarter !== undefined) return { at: start + Number(quarter) * 3, kind: `${kind}quarter`, isYear };
  if (day !== undefined)
    return { at: start + Number(month) - 1 + Number(day) / 31, kind: `${kind}day`, isYear };
  if (month !== undefined) return { at: start + Number(month), kind: `${kind}month`, isYear };
  return { at: start + 12, kind: 'year', isYear };
}

export function drawLine(figures: readonly StatedFigure[]): Drawing {
  if (figures.length < 2) return { ok: false, reason: 'few' };
  if (figures.some(({ valueMax }) => valueMax !== undefined)) return { ok: false, reason: 'ranges' };
  const points = figures.map((figure) => ({ figure, time: timeOf(figure.period) }));
  const times = points.flatMap(({ time }) => time ?? []);
  const areApart = new Set(times.map(({ at }) => at)).size === figures.length;
  if (!areApart || times.some(({ kind }) => kind !== times[0]?.kind)) return { ok: false, reason: 'periods' };
  points.sort((a, b) => (a.time?.at ?? 0) - (b.time?.at ?? 0));

  const { common } = namesOf(figures);
  const top = heading(common);
  const values = points.map(({ figure: { value, trend } }) =>
    trend === 'down' ? -Number(value) : Number(value),
  );
  const least = Math.min(0, ...values);
  const most = Math.max(0, ...values);
  const scale = most === least ? 0 : HEIGHT / (most - least);
  const zero = top.height + ABOVE + most * scale;
  const bottom = top.height + ABOVE + (most - least) * scale;
  const [start, end] = [Math.min(...times.map(({ at }) => at)), Math.max(...times.map(({ at }) => at))];
  const placed = points.map(({ figure, time }, index) => ({
    figure,
    x: SIDE + (((time?.at ?? 0) - start) / (end - start)) * (CHART_WIDTH - 2 * SIDE),
    y: zero - (values[index] ?? 0) * scale,
  }));

  const nodes: SvgNode[] = [...top.nodes];
  const axis = { x1: SIDE / 2, x2: CHART_WIDTH - SIDE / 2, y1: tenth(zero), y2: tenth(zero) };
  nodes.push(svg('line', { ...axis, stroke: 'currentColor', 'stroke-width': 1, 'stroke-opacity': 0.6 }));
  placed.slice(1).forEach(({ figure, x, y }, index) => {
    const before = placed[index];
    if (before === undefined) return;
    const ends = { x1: tenth(before.x), y1: tenth(before.y), x2: tenth(x), y2: tenth(y) };
    const look = { stroke: CHART_COLOUR, 'stroke-width': 2.5 };
    const isPlan = figure.modality === 'plan';
    nodes.push(svg('line', { ...ends, ...look, ...(isPlan && { 'stroke-dasharray': '5 4' }) }));
  });
  const said = new Row();
  const told = new Row();
  for (const { figure, x, y } of placed) {
    nodes.push(svg('circle', { cx: tenth(x), cy: tenth(y), r: 4.5, fill: CHART_COLOUR }));
    const value = wordsOf(figure);
    if (said.takes(value, x)) nodes.push(words(value, said.at(value, x), y - 11, 'middle'));
    const period = periodWords(figure.period ?? '');
    if (told.takes(period, x)) nodes.push(words(period, told.at(period, x), bottom + 24, 'middle'));
  }
  return { ok: true, height: Math.ceil(bottom + 34), nodes };
}

/** Words that are set from left to right, in the middle of their places, and never over one another. */
class Row {
  #end = 0;

  /** Where the middle of a text is to stand, so that none of it is outside. */
  at(text: string, x: number): number {
    const half = (widthOf(text) * FONT_SIZE) / 2;
    return Math.min(Math.max(x, half), CHART_WIDTH - half);
  }

  takes(text: string, x: number): boolean {
    const half = (widthOf(text) * FONT_SIZE) / 2;
    const middle = this.at(text, x);
    if (middle - half < this.#end) return false;
    this.#end = middle + half + 6;
    return true;
  }
}
