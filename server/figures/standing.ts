/** Where registered figures stand in their report, and what its checks say of them. Pure. */
import { checkReport } from '#lib/figures/check.ts';
import type { FindingMessage, FindingRange } from '#lib/figures/figure.ts';
import { checkedBlocks } from '#lib/figures/sight.ts';
import type { Kept } from '../review/keeper.ts';

/** Of a figure that is in the text. */
export interface Standing {
  figureId: string;
  /** Where it begins in the whole text. */
  place: number;
  /** Why it is wrong as it stands, the first of the reasons; null: nothing says that it is. */
  wrong: FindingMessage | null;
}

/**
 * All that are in the text, in its order. A mismatch is told of the figure that it accuses; when nobody registered
 * that one, of all others that it is about.
 *
 * @param dismissed the keys of the findings that people let stand
 */
export function standingsOf({ anchors, sights }: Kept, dismissed: ReadonlySet<string>): Standing[] {
  const places = anchors.places();
  const figures = sights.ids().filter((id) => places.has(id));
  if (figures.length === 0) return [];
  const { report, seats } = checkedBlocks(anchors.blocks);
  const registered = ({ block, start, end }: FindingRange): string[] => {
    const seat = seats[block];
    if (seat === undefined) throw new Error(`a finding about block ${block} of ${seats.length}`);
    const range = { start: start + seat.at, end: end + seat.at };
    const figure = sights.in(seat.block).find((one) => one.start < range.end && one.end > range.start);
    const id = figure === undefined ? null : sights.registered(seat.block, figure);
    return id === null ? [] : [id];
  };
  const wrong = new Map<string, FindingMessage>();
  for (const { verdict, ranges, key, message } of checkReport(report)) {
    if (verdict !== 'mismatch' || dismissed.has(key)) continue;
    const [accused, ...others] = ranges.map(registered);
    const blamed = accused === undefined || accused.length === 0 ? others.flat() : accused;
    for (const id of blamed) if (!wrong.has(id)) wrong.set(id, message);
  }
  return figures
    .map((figureId) => ({ figureId, place: places.get(figureId) ?? 0, wrong: wrong.get(figureId) ?? null }))
    .sort((a, b) => a.place - b.place);
}
