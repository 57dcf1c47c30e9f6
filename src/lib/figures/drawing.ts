/** What every chart is drawn with: its width, its text, and the reasons not to draw it. */
import { svg, type SvgNode, tenth } from './svg.ts';

/**
 * `empty`: there are no figures. `few`: it takes two. `many`: more than can be told apart. `units`: they are not
 * all of one unit. `periods`: a line needs for each a time of its own, all of them of one kind (years, months).
 * `ranges`: a range is no point and no part. `negative`: no part of a whole. `whole`: the parts are more than
 * the whole, or one is the sum of the others.
 */
export type ChartRefusal = 'empty' | 'few' | 'many' | 'units' | 'periods' | 'ranges' | 'negative' | 'whole';

export type Drawing = { ok: true; height: number; nodes: SvgNode[] } | { ok: false; reason: ChartRefusal };
/** The width that charts are drawn in, in pixels: they are shown so wide, or smaller where there is less room, as on a phone. */
export const CHART_WIDTH = 440;

export const FONT_SIZE = 15;

/** One line of text, in the colour of what stands around the chart. */
export const words = (text: string, x: number, y: number, anchor: 'start' | 'middle' | 'end'): SvgNode =>
  svg(
    'text',
    { x: tenth(x), y: tenth(y), 'font-size': FONT_SIZE, 'text-anchor': anchor, fill: 'currentColor' },
    text,
  );

/** What all figures of a chart have in common, above it. */
export const heading = (common: string): { nodes: SvgNode[]; height: number } =>
  common === ''
    ? { nodes: [], height: 4 }
    : { nodes: [words(common, CHART_WIDTH / 2, 18, 'middle')], height: 34 };
