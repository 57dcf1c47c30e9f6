/** Figures as bars, one below the other. What is only planned is an outline; what a range may reach is paler. */
import type { StatedFigure } from '#lib/report/model.ts';
import { CHART_COLOUR } from './colours.ts';
import { CHART_WIDTH, type Drawing, FONT_SIZE, heading, words } from './drawing.ts';
import { namesOf, wordsOf } from './stated.ts';
import { svg, type SvgAttributes, type SvgNode, tenth, widthOf, wrap } from './svg.ts';

const THICKNESS = 20;
const GAP = 10;
const LINE_HEIGHT = 20;
/** The widest that the names of bars are, in letters of their size. */
const NAME_WIDTH = 9;
const NAME_LINES = 3;

/** What a bar is as long as: a fall goes the other way. */
const lengthOf = (value: string, { trend }: StatedFigure): number =>
  trend === 'down' ? -Number(value) : Number(value);

export function drawBars(figures: readonly StatedFigure[]): Drawing {
  const { common, names } = namesOf(figures);
  const top = heading(common);
  const values = figures.map((figure) => ({
    figure,
    near: lengthOf(figure.value, figure),
    far: lengthOf(figure.valueMax ?? figure.value, figure),
    said: wordsOf(figure),
  }));
  const least = Math.min(0, ...values.map(({ near, far }) => Math.min(near, far)));
  const most = Math.max(0, ...values.map(({ near, far }) => Math.max(near, far)));
  const lines = names.map((name) => wrap(name, NAME_WIDTH, NAME_LINES));
  const nameWidth = Math.max(...lines.flat().map(widthOf)) * FONT_SIZE + 12;
  const saidWidth = Math.max(...values.map(({ said }) => widthOf(said))) * FONT_SIZE + 10;
  const left = nameWidth + (least < 0 ? saidWidth : 0);
  // However long what is said: there is something of every bar.
  const room = Math.max(80, CHART_WIDTH - left - (most > 0 ? saidWidth : 4));
  const scale = most === least ? 0 : room / (most - least);
  const zero = left - least * scale;
  const nodes: SvgNode[] = [...top.nodes];
  let y = top.height;
  values.forEach(({ figure, near, far, said }, index) => {
    const name = lines[index] ?? [];
    const height = Math.max(THICKNESS, name.length * LINE_HEIGHT);
    const middle = y + height / 2;
    name.forEach((line, at) => {
      const from = middle - ((name.length - 1) * LINE_HEIGHT) / 2;
      nodes.push(words(line, nameWidth - 10, from + at * LINE_HEIGHT + 5, 'end'));
    });
    const bar = (from: number, to: number, look: SvgAttributes) => {
      const [start, end] = [zero + Math.min(from, to) * scale, zero + Math.max(from, to) * scale];
      if (end - start < 0.05) return;
      const place = { x: tenth(start), y: tenth(middle - THICKNESS / 2), width: tenth(end - start) };
      nodes.push(svg('rect', { ...place, height: THICKNESS, ...look }));
    };
    const isPlan = figure.modality === 'plan';
    const outline = { stroke: CHART_COLOUR, 'stroke-width': 1.5, 'stroke-dasharray': '4 3' };
    bar(0, near, { fill: CHART_COLOUR, ...(isPlan && { 'fill-opacity': 0.2, ...outline }) });
    if (far !== near) bar(near, far, { fill: CHART_COLOUR, 'fill-opacity': 0.35 });
    const isBelow = Math.min(near, far) < 0;
    const end = zero + (isBelow ? Math.min(near, far) : Math.max(near, far)) * scale;
    nodes.push(words(said, end + (isBelow ? -6 : 6), middle + 5, isBelow ? 'end' : 'start'));
    y += height + GAP;
  });
  const line = { x1: tenth(zero), x2: tenth(zero), y1: top.height - 4, y2: tenth(y - GAP + 4) };
  nodes.push(svg('line', { ...line, stroke: 'currentColor', 'stroke-width': 1, 'stroke-opacity': 0.6 }));
  return { ok: true, height: Math.ceil(y - GAP + 6), nodes };
}
