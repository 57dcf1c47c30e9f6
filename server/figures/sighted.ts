/** Registered figures as the text has them at one moment, and where our JSON says that they stand. Pure. */
import type { FigureValue } from '#lib/figures/register.ts';
import { Seating } from '#lib/figures/seating.ts';
import type { ContentJson, FigurePlace } from '#lib/report/model.ts';
import { paragraphsOf, paragraphText } from '#lib/report/text.ts';
import type { Kept } from '../review/keeper.ts';

export interface SightedFigure {
  now: FigureValue;
  /** Null: what leaves of its paragraph is not as it is written there. */
  at: FigurePlace | null;
}

/**
 * Those of some figures that are in the text.
 *
 * @param content what leaves of the content that is kept, of the same moment
 */
export function sightedFigures(
  content: ContentJson,
  { anchors, sights }: Kept,
  ids: Iterable<string>,
): Map<string, SightedFigure> {
  const seating = new Seating(anchors.blocks);
  const paragraphs = (content.content ?? []).flatMap((block) => [...paragraphsOf(block)]);
  const sighted = new Map<string, SightedFigure>();
  for (const id of ids) {
    const found = sights.has(id) ? sights.find(id) : null;
    if (found === null) continue;
    const { start, end: _, ...now } = found.figure;
    const at = seating.placeOf(found.block, start);
    const paragraph = at === null ? undefined : paragraphs[at.paragraph];
    const isThere =
      at !== null && paragraph !== undefined && paragraphText(paragraph).startsWith(now.surface, at.start);
    sighted.set(id, { now, at: isThere ? at : null });
  }
  return sighted;
}
