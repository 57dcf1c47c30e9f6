/**
 * Figures as the parts of a whole: one bar, and below it what each part is. Of percentages the whole is 100, and
 * what they leave of it is empty; of others it is their sum. The parts are told by numbers, not by colour.
 */
import type { StatedFigure } from '#lib/report/model.ts';
import { CHART_COLOURS } from './colours.ts';
import { add, compare, subtract } from './decimal.ts';
import { CHART_WIDTH, type Drawing, heading, words } from './drawing.ts';
import { namesOf, wordsOf } from './stated.ts';
import { svg, type SvgNode, tenth, widthOf, wrap } from './svg.ts';

const SIGNS = ['①', '②', '③', '④', '⑤', '⑥', '⑦', '⑧'];
const BAR_HEIGHT = 44;
const LINE_HEIGHT = 26;
/** The widest that a line of what the parts are is, in letters of its size. */
const LINE_WIDTH = 25;
/** What stated percentages may be more than 100 by, since each is rounded. */
const ROUNDED = '0.5';

export function drawShares(figures: readonly StatedFigure[]): Drawing {
  if (figures.length > SIGNS.length) return { ok: false, reason: 'many' };
  if (figures.some(({ valueMax }) => valueMax !== undefined)) return { ok: false, reason: 'ranges' };
  if (figures.some(({ value, trend }) => value.startsWith('-') || trend !== undefined))
    return { ok: false, reason: 'negative' };
  const isPercent = figures[0]?.unit === '%';
  if (!isPercent && figures.length < 2) return { ok: false, reason: 'few' };
  const sum = figures.reduce((all, { value }) => add(all, value), '0');
  const isOver = isPercent && compare(subtract(sum, '100'), ROUNDED) > 0;
  const isSumOfOthers =
    figures.length > 2 && figures.some(({ value }) => compare(add(value, value), sum) === 0);
  if (isOver || (isSumOfOthers && !isPercent) || compare(sum, '0') === 0)
    return { ok: false, reason: 'whole' };

  const { common, names } = namesOf(figures);
  const top = heading(common);
  const whole = isPercent && compare(sum, '100') < 0 ? 100 : Number(sum);
  const nodes: SvgNode[] = [
    ...top.nodes,
    svg('rect', {
      x: 0.5,
      y: top.height + 0.5,
      width: CHART_WIDTH - 1,
      height: BAR_HEIGHT - 1,
      fill: 'none',
      stroke: 'currentColor',
      'stroke-opacity': 0.6,
    }),
  ];
  let x = 0;
  let y = top.height + BAR_HEIGHT + 28;
  figures.forEach((figure, index) => {
    const width = (Number(figure.value) / whole) * CHART_WIDTH;
    const fill = CHART_COLOURS[index] ?? CHART_COLOURS[0];
    const sign = SIGNS[index] ?? '';
    // A line between two parts stays free.
    const part = { x: tenth(x), y: top.height, width: tenth(Math.max(0.5, width - 2)), height: BAR_HEIGHT };
    nodes.push(svg('rect', { ...part, fill }));
    if (width > 24) {
      const place = { x: tenth(x + (width - 2) / 2), y: top.height + BAR_HEIGHT / 2 + 7 };
      nodes.push(svg('text', { ...place, 'font-size': 19, 'text-anchor': 'middle', fill: '#ffffff' }, sign));
    }
    x += width;
    const said = wordsOf(figure);
    const [name = ''] = wrap(names[index] ?? '', Math.max(4, LINE_WIDTH - widthOf(said)), 1);
    nodes.push(svg('rect', { x: 0, y: y - 13, width: 14, height: 14, rx: 2, fill }));
    nodes.push(words(`${sign} ${name}　${said}`, 22, y, 'start'));
    y += LINE_HEIGHT;
  });
  return { ok: true, height: Math.ceil(y - LINE_HEIGHT + 10), nodes };
}
