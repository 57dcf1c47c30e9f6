/**
 * The numbers of ordered paragraphs. As in Word, a numbering goes on past other text until `restart`,
 * and a shallower item begins those below it anew.
 */
export class Numbering {
  readonly #last: number[] = [];

  /** The number that an item at this level would have if it did not restart. */
  peek(level: number): number {
    return (this.#last[level] ?? 0) + 1;
  }

  next(level: number, restart: boolean): number {
    const number = restart ? 1 : this.peek(level);
    this.#last.length = level + 1;
    this.#last[level] = number;
    return number;
  }

  /** A bullet at this level ends the numberings below it. */
  bullet(level: number): void {
    if (this.#last.length > level + 1) this.#last.length = level + 1;
  }
}
