/** A promise of a trial that was not kept. */
export class TrialFailure extends Error {
  constructor(what: string) {
    super(what);
    this.name = 'TrialFailure';
  }
}

/** Waits for what several sockets do together: everyone who hears something says so here. */
export class Watch {
  readonly #looks = new Set<() => void>();
  readonly #describe: () => string;
  #trouble: TrialFailure | null = null;

  /** `describe` says how things stand, for whoever waits in vain. */
  constructor(describe: () => string = () => '') {
    this.#describe = describe;
  }

  /** Something happened. */
  look(): void {
    for (const look of this.#looks) look();
  }

  /** Something happened that must not: whoever waits, now or later, hears of the first such thing. */
  fail(what: string): void {
    this.#trouble ??= new TrialFailure(what);
    this.look();
  }

  /** Throws when something has failed. */
  check(): void {
    if (this.#trouble !== null) throw this.#trouble;
  }

  /** Resolves once it holds. Rejects with `what` when that takes longer than any honest server needs. */
  async until(what: string, holds: () => boolean, atMostMs = 60_000): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const look = () => {
      if (this.#trouble !== null || holds()) resolve();
    };
    this.#looks.add(look);
    const timer = setTimeout(
      () => this.fail(`waited ${atMostMs / 1000} s in vain: ${what} ${this.#describe()}`),
      atMostMs,
    );
    look();
    await promise;
    clearTimeout(timer);
    this.#looks.delete(look);
    this.check();
  }
}
