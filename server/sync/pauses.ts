/** Sockets that are not read from for a while. One timer serves them all, and runs only while there are any. */

export interface Paused {
  /** Goes on when it may. Answers whether it does. */
  resumeIfDue(): boolean;
}

/** How often it is looked whether one may go on, in milliseconds. */
const LOOK_MS = 50;

export class Pauses {
  readonly #paused = new Set<Paused>();
  #timer: NodeJS.Timeout | null = null;

  get size(): number {
    return this.#paused.size;
  }

  add(one: Paused): void {
    this.#paused.add(one);
    this.#schedule();
  }

  delete(one: Paused): void {
    this.#paused.delete(one);
  }

  #schedule(): void {
    if (this.#timer !== null) return;
    this.#timer = setTimeout(() => this.#look(), LOOK_MS).unref();
  }

  #look(): void {
    this.#timer = null;
    for (const one of this.#paused) if (one.resumeIfDue()) this.#paused.delete(one);
    if (this.#paused.size > 0) this.#schedule();
  }
}
