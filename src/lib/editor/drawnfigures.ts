/**
 * A block of figures as it is shown where people write: the chart or the table, and what of it is not as it
 * should be. A tree, which the server's text and the editor each make into elements.
 */
import { drawChart } from '#lib/figures/chart.ts';
import type { ChartRefusal } from '#lib/figures/drawing.ts';
import { statedTable } from '#lib/figures/stated.ts';
import { m } from '#lib/paraglide/messages.js';
import type { FiguresAttrs, StatedFigure } from '#lib/report/model.ts';
import type { Stated } from './stated.ts';

export interface Branch {
  tag: string;
  attributes: Readonly<Record<string, string | number>>;
  children: readonly (Branch | string)[];
}

const branch = (tag: string, attributes: Branch['attributes'], ...children: (Branch | string)[]): Branch => ({
  tag,
  attributes,
  children,
});

const REFUSALS: Record<ChartRefusal, () => string> = {
  empty: m.figures_block_empty,
  few: m.figures_block_few,
  many: m.figures_block_many,
  units: m.figures_block_units,
  periods: m.figures_block_periods,
  ranges: m.figures_block_ranges,
  negative: m.figures_block_negative,
  whole: m.figures_block_whole,
};

/** @param look what is known of a figure; undefined: the register does not have it */
export function drawFigures(
  { show, figures: ids, caption }: FiguresAttrs,
  look: (id: string) => Stated | undefined,
): Branch[] {
  const known = ids.map(look);
  const shown = known.flatMap((one) => one?.figure ?? []);
  const notes: string[] = [];
  const chart = show === 'table' || shown.length === 0 ? null : drawChart(show, shown, caption);
  if (ids.length === 0) notes.push(m.figures_block_empty());
  if (chart?.ok === false) notes.push(m.figures_block_as_table({ reason: REFUSALS[chart.reason]() }));
  const lost = known.filter((one) => one?.figure === null).map((one) => one?.name ?? '');
  const unknown = known.filter((one) => one === undefined).length;
  const stale = known.filter((one) => one?.state === 'stale').length;
  if (lost.length > 0) notes.push(m.figures_block_lost({ names: lost.join('、') }));
  if (unknown > 0) notes.push(m.figures_block_unknown({ count: unknown }));
  if (stale > 0) notes.push(m.figures_block_stale({ count: stale }));
  const drawn: Branch[] = [];
  if (chart?.ok === true) {
    drawn.push(chart.svg);
    drawn.push(branch('div', { class: 'visually-hidden' }, tableOf(shown, caption)));
  } else if (shown.length > 0) drawn.push(tableOf(shown, caption));
  if (notes.length > 0) {
    drawn.push(branch('ul', { class: 'figures-notes' }, ...notes.map((note) => branch('li', {}, note))));
  }
  return drawn;
}

/** The table of figures, for a screen reader with its caption. */
export function tableOf(figures: readonly StatedFigure[], caption: string): Branch {
  const { head, rows } = statedTable(figures);
  const last = head.length - 1;
  return branch(
    'table',
    caption === '' ? {} : { 'aria-label': caption },
    branch(
      'thead',
      {},
      branch(
        'tr',
        {},
        ...head.map((text, at) =>
          branch('th', { scope: 'col', ...(at === last && { class: 'number' }) }, text),
        ),
      ),
    ),
    branch(
      'tbody',
      {},
      ...rows.map((row) =>
        branch(
          'tr',
          {},
          ...row.map((text, at) =>
            branch(
              at === 0 ? 'th' : 'td',
              { ...(at === 0 && { scope: 'row' }), ...(at === last && { class: 'number' }) },
              text,
            ),
          ),
        ),
      ),
    ),
  );
}

const SVG = 'http://www.w3.org/2000/svg';

/** Makes a tree into elements. */
export function elementOf({ tag, attributes, children }: Branch, isInSvg = false): Element {
  const isSvg = isInSvg || tag === 'svg';
  const element = isSvg ? document.createElementNS(SVG, tag) : document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name !== 'xmlns') element.setAttribute(name, String(value));
  }
  element.append(...children.map((child) => (typeof child === 'string' ? child : elementOf(child, isSvg))));
  return element;
}
