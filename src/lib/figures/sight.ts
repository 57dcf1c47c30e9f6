/**
 * Which detected figure each registered one is, while the content changes: the one that its anchor overlaps
 * most. A block is detected once for each of its texts, and only when a registered figure is in it.
 */
import type { Anchors } from '#lib/review/anchors.ts';
import type { Stretch } from '#lib/review/range.ts';
import type { FlatBlock } from '#lib/review/flat.ts';
import { detectIn } from './cell.ts';
import type { DetectedFigure } from './figure.ts';
import { sameValue, stateOf, type FigureState, type FigureValue, type Sight } from './register.ts';
import { paragraphsIn } from './seating.ts';

/** How much around a figure tells whether it was reworded, in UTF-16 units on each side. */
const AROUND = 16;

/** The figures of a block; their offsets are in its flat text. */
function figuresIn(block: FlatBlock): DetectedFigure[] {
  return paragraphsIn(block).flatMap(({ at, paragraph }) =>
    detectIn(paragraph).map((figure) => ({ ...figure, start: figure.start + at, end: figure.end + at })),
  );
}

/** What the register says of a figure. */
export interface Known {
  now: FigureValue;
  state: FigureState;
  reworded: boolean;
  /** What somebody vouched for, and what stood around it then. */
  verified: { key: string; around: string } | null;
}

/** How the text has each registered figure. */
export class Sights {
  readonly #anchors: Anchors;
  readonly #known = new Map<string, Known>();
  readonly #figures = new WeakMap<FlatBlock, DetectedFigure[]>();

  constructor(anchors: Anchors) {
    this.#anchors = anchors;
  }

  /** Looks after a figure, whose anchor is kept, from now on. */
  put(id: string, known: Known): void {
    this.#known.set(id, known);
  }

  remove(id: string): void {
    this.#known.delete(id);
  }

  has(id: string): boolean {
    return this.#known.has(id);
  }

  ids(): string[] {
    return [...this.#known.keys()];
  }

  /** Which figure of a block stands where words are, if any: the one that has most of them. */
  at({ block, from, to }: Stretch): DetectedFigure | null {
    let best: DetectedFigure | null = null;
    let most = 0;
    for (const figure of this.in(block)) {
      const overlap = Math.min(figure.end, to) - Math.max(figure.start, from);
      if (overlap > most) [best, most] = [figure, overlap];
    }
    return best;
  }

  /** The figures of a block. */
  in(block: FlatBlock): readonly DetectedFigure[] {
    let figures = this.#figures.get(block);
    if (figures === undefined) {
      figures = figuresIn(block);
      this.#figures.set(block, figures);
    }
    return figures;
  }

  /** Which registered figure a detected one is; null: it is not registered. */
  registered(block: FlatBlock, { start, end }: DetectedFigure): string | null {
    return this.#claiming(block, start, end)[0] ?? null;
  }

  /** How the text has a figure now. Its anchor grows with it. */
  look(id: string): Sight {
    const found = this.find(id);
    return found === null ? { now: null, around: '' } : sightOf(found.block, found.figure);
  }

  /** The same, when it is not what the register says; null: it is. From then on it is taken for written. */
  news(id: string): Sight | null {
    const known = this.#known.get(id);
    if (known === undefined) return null;
    const sight = this.look(id);
    const { verified } = known;
    const state = stateOf(sight.now, verified?.key ?? null);
    const reworded = state === 'verified' && verified !== null && verified.around !== sight.around;
    const isSame = sight.now === null || sameValue(sight.now, known.now);
    if (isSame && state === known.state && reworded === known.reworded) return null;
    this.#known.set(id, { now: sight.now ?? known.now, state, reworded, verified });
    return sight;
  }

  /** Where the text has a figure now. Its anchor grows with it. */
  find(id: string): { block: FlatBlock; figure: DetectedFigure } | null {
    const stretches = this.#anchors.stretchesOf(id);
    for (const stretch of stretches) {
      const figure = this.at(stretch);
      if (figure === null) continue;
      if (stretches.length === 1) this.#grow(id, stretch, figure);
      return { block: stretch.block, figure };
    }
    return stretches.length === 0 ? this.#replaced(id) : null;
  }

  /** What is typed in front of a number belongs to it, unless two registered ones have become one. */
  #grow(id: string, { block, from, to }: Stretch, { start, end }: DetectedFigure): void {
    if (from <= start && to >= end) return;
    if (this.#claiming(block, start, end).some((other) => other !== id)) return;
    this.#anchors.putOn(id, { block, from: Math.min(from, start), to: Math.max(to, end) });
  }

  /** A number that was put in the place of all of another, in the same unit: it is that one, changed. */
  #replaced(id: string): { block: FlatBlock; figure: DetectedFigure } | null {
    const instead = this.#anchors.insteadOf(id);
    const known = this.#known.get(id);
    if (instead === null || known === undefined) return null;
    const { block, from, to } = instead;
    const there = this.in(block).filter(({ start, end }) => start < to && end > from);
    const [figure] = there;
    if (figure === undefined || there.length > 1) return null;
    if (figure.unit !== known.now.unit && figure.unit !== '' && known.now.unit !== '') return null;
    if (this.#claiming(block, figure.start, figure.end).length > 0) return null;
    this.#anchors.putOn(id, { block, from: figure.start, to: figure.end });
    return { block, figure };
  }

  /** The registered figures whose anchors are on a part of this stretch. */
  #claiming(block: FlatBlock, start: number, end: number): string[] {
    return this.#anchors
      .idsIn(block)
      .filter(
        (id) =>
          this.has(id) &&
          this.#anchors
            .stretchesOf(id)
            .some((one) => one.block === block && one.from < end && one.to > start),
      );
  }
}

/** What is registered of a detected figure. */
export function sightOf(
  block: FlatBlock,
  { start, end, ...now }: DetectedFigure,
): Sight & { now: FigureValue } {
  return { now, around: aroundOf(block, start, end) };
}

/** What stands around a stretch of a paragraph. */
function aroundOf({ text }: FlatBlock, start: number, end: number): string {
  const before = text.slice(Math.max(0, start - AROUND), start);
  const after = text.slice(end, end + AROUND);
  return `${before.slice(before.lastIndexOf('\n') + 1)}\n${after.split('\n', 1)[0] ?? ''}`;
}
