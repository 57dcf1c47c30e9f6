/** Which figure of the text a command means. */
import type { DetectedFigure } from '#lib/figures/figure.ts';
import type { Selection } from '#lib/review/anchors.ts';
import type { Stretch } from '#lib/review/range.ts';
import type { Anchor } from '#lib/review/thread.ts';
import { done, refuse, type Outcome } from '../outcome.ts';
import type { Keeper } from '../review/keeping.ts';

/** Where a browser's selection is, and the figure that stands there. */
export function placeOf(
  { anchors, sights }: Keeper,
  selection: Selection,
): Outcome<{ anchor: Anchor; block: Stretch['block']; detected: DetectedFigure }> {
  const located = anchors.locate(selection);
  for (const stretch of located.state === 'orphan' ? [] : anchors.stretchesOn(located)) {
    const detected = sights.at(stretch);
    if (detected === null) continue;
    const { block } = stretch;
    const anchor = anchors.anchorAt({ block, from: detected.start, to: detected.end });
    if (anchor !== null) return done({ anchor, block, detected });
  }
  return refuse('invalid', 'exact');
}
