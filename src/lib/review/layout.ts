/** Where cards stand beside the text: level with their words, and never over one another. */

export interface CardBox {
  /** Where the card's words are, in pixels from the top of the column. */
  wanted: number;
  /** Its height in pixels. */
  height: number;
}

/**
 * The top of each card, in the order given, which is that of the text. The card at `active` stands level
 * with its words; the others give way, upwards above it and downwards below it, also above 0 where too many are
 * above it: {@link roomAbove} says how far. Without an active card none stands above 0. None is closer than
 * `gap` pixels to the next.
 */
export function layoutCards(boxes: readonly CardBox[], active: number, gap: number): number[] {
  const tops: number[] = [];
  let free = 0;
  for (const { wanted, height } of boxes) {
    const top = Math.max(wanted, free);
    tops.push(top);
    free = top + height + gap;
  }
  const chosen = boxes[active];
  if (chosen === undefined) return tops;
  let limit = chosen.wanted;
  tops[active] = limit;
  for (let i = active - 1; i >= 0; i--) {
    const box = boxes[i];
    if (box === undefined) break;
    limit = Math.min(tops[i] ?? 0, limit - gap - box.height);
    tops[i] = limit;
  }
  free = (tops[active] ?? 0) + chosen.height + gap;
  for (let i = active + 1; i < boxes.length; i++) {
    const box = boxes[i];
    if (box === undefined) break;
    const top = Math.max(box.wanted, free);
    tops[i] = top;
    free = top + box.height + gap;
  }
  return tops;
}

/** How many pixels must be free above the column for all of its cards to be reached. */
export function roomAbove(tops: readonly number[]): number {
  return Math.max(0, -(tops[0] ?? 0));
}
