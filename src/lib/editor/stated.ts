/** What the editor knows of the register's figures, for the tables and charts that show them. */
import type { FigureState } from '#lib/figures/register.ts';
import { nameOf } from '#lib/figures/stated.ts';
import type { StatedFigure } from '#lib/report/model.ts';

export interface Stated {
  /** As the text has it at this moment; null: it is registered, and not in the text. */
  figure: StatedFigure | null;
  /** What it is of. */
  name: string;
  state: FigureState;
}

export type StatedById = Readonly<Record<string, Stated>>;

/** What is known before the register is here. */
export const statedAtFirst = (figures: Readonly<Record<string, StatedFigure>>): StatedById =>
  Object.fromEntries(
    Object.entries(figures).map(([id, figure]): [string, Stated] => [
      id,
      { figure, name: nameOf(figure), state: 'registered' },
    ]),
  );

/** What is known of figures, and who shows them. */
export class StatedFigures {
  #known: StatedById;
  readonly #shown = new Set<() => void>();

  constructor(known: StatedById) {
    this.#known = known;
  }

  get all(): StatedById {
    return this.#known;
  }

  /** Undefined: this report's register has no such figure. */
  get(id: string): Stated | undefined {
    return Object.hasOwn(this.#known, id) ? this.#known[id] : undefined;
  }

  set(known: StatedById): void {
    this.#known = known;
    for (const show of this.#shown) show();
  }

  /** Whether anything shows figures. */
  get isShown(): boolean {
    return this.#shown.size > 0;
  }

  /** Calls back when something else may be known; answers what ends that. */
  show(callback: () => void): () => void {
    this.#shown.add(callback);
    return () => this.#shown.delete(callback);
  }
}
