/**
 * Charts of figures, drawn by hand: figures in, a drawing out, the same everywhere. A chart has no axis with
 * numbers of its own and computes no share: every number in it is one that the text has. What cannot be drawn
 * honestly is refused with its reason. Colours stand out on white, on dark paper and in print; nothing is told
 * by colour alone.
 */
import type { FigureView, StatedFigure } from '#lib/report/model.ts';
import { drawBars } from './bars.ts';
import { drawLine } from './chartline.ts';
import { CHART_WIDTH, type ChartRefusal, type Drawing } from './drawing.ts';
import { drawShares } from './shares.ts';
import { svg, type SvgNode } from './svg.ts';

export type ChartView = Exclude<FigureView, 'table'>;

export type Chart = { ok: true; svg: SvgNode } | { ok: false; reason: ChartRefusal };

const DRAW: Readonly<Record<ChartView, (figures: readonly StatedFigure[]) => Drawing>> = {
  bar: drawBars,
  line: drawLine,
  share: drawShares,
};

const NAMES: Readonly<Record<ChartView, string>> = { bar: '柱形图', line: '折线图', share: '占比图' };

/** @param caption what the chart is called, for those who cannot see it */
export function drawChart(view: ChartView, figures: readonly StatedFigure[], caption: string): Chart {
  if (figures.length === 0) return { ok: false, reason: 'empty' };
  if (figures.some(({ unit }) => unit !== figures[0]?.unit)) return { ok: false, reason: 'units' };
  const drawing = DRAW[view](figures);
  if (!drawing.ok) return drawing;
  const label = caption.trim() === '' ? NAMES[view] : `${NAMES[view]}：${caption.trim()}`;
  return {
    ok: true,
    svg: svg(
      'svg',
      {
        xmlns: 'http://www.w3.org/2000/svg',
        viewBox: `0 0 ${CHART_WIDTH} ${drawing.height}`,
        width: CHART_WIDTH,
        height: drawing.height,
        style: 'max-width:100%;height:auto',
        role: 'img',
        'aria-label': label,
      },
      ...drawing.nodes,
    ),
  };
}
