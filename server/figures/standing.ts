/** Where registered figures stand in their report, and what its checks say of them. Pure. */
import type { CheckedReport, Finding, FindingMessage, FindingRange } from '#lib/figures/figure.ts';
import { checkedBlocks, type Seated } from '#lib/figures/seating.ts';
import type { FlatBlock } from '#lib/review/flat.ts';
import type { Kept } from '../review/keeper.ts';

/** Of a figure that is in the text. */
export interface Standing {
  figureId: string;
  /** Where it begins in the whole text. */
  place: number;
  /** Why it is wrong as it stands, the first of the reasons; null: nothing says that it is. */
  wrong: FindingMessage | null;
}

/** A report as it was at one moment, whatever is written while it is checked. */
export interface Sitting {
  report: CheckedReport;
  seats: readonly Seated[];
  /** Where those that are in the text begin in it. */
  places: ReadonlyMap<string, number>;
  registered: ReadonlyMap<FlatBlock, readonly Registered[]>;
}

/** A registered figure in its block's flat text. */
interface Registered {
  id: string;
  start: number;
  end: number;
}

/** Null: nothing that is registered is in the text. */
export function sittingOf({ anchors, sights }: Kept): Sitting | null {
  const all = anchors.places();
  const places = new Map<string, number>();
  for (const id of sights.ids()) {
    const place = all.get(id);
    if (place !== undefined) places.set(id, place);
  }
  if (places.size === 0) return null;
  const registered = new Map<FlatBlock, Registered[]>();
  for (const id of places.keys()) {
    for (const stretch of anchors.stretchesOf(id)) {
      const { block } = stretch;
      const figure = sights.at(stretch);
      if (figure === null || sights.registered(block, figure) !== id) continue;
      const { start, end } = figure;
      const here = registered.get(block);
      if (here === undefined) registered.set(block, [{ id, start, end }]);
      else here.push({ id, start, end });
    }
  }
  return { ...checkedBlocks(anchors.blocks), places, registered };
}

/**
 * All that are in the text, in its order. A mismatch is told of the figure that it accuses; when nobody registered
 * that one, of all others that it is about.
 *
 * @param findings what checking its report found
 * @param dismissed the keys of the findings that people let stand
 */
export function standingsIn(
  { seats, places, registered }: Sitting,
  findings: readonly Finding[],
  dismissed: ReadonlySet<string>,
): Standing[] {
  const registeredAt = ({ block, start, end }: FindingRange): string[] => {
    const seat = seats[block];
    if (seat === undefined) throw new Error(`a finding about block ${block} of ${seats.length}`);
    const range = { start: start + seat.at, end: end + seat.at };
    const one = registered
      .get(seat.block)
      ?.find((known) => known.start < range.end && known.end > range.start);
    return one === undefined ? [] : [one.id];
  };
  const wrong = new Map<string, FindingMessage>();
  for (const { verdict, ranges, key, message } of findings) {
    if (verdict !== 'mismatch' || dismissed.has(key)) continue;
    const [accused, ...others] = ranges.map(registeredAt);
    const blamed = accused === undefined || accused.length === 0 ? others.flat() : accused;
    for (const id of blamed) if (!wrong.has(id)) wrong.set(id, message);
  }
  return [...places]
    .map(([figureId, place]) => ({ figureId, place, wrong: wrong.get(figureId) ?? null }))
    .sort((a, b) => a.place - b.place);
}
