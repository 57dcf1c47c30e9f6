/** From so many updates a second on, commits keep apart; from so many on, as far as they ever do. */
const QUIET = 200;
const BUSY = 600;
/** As far as that, from the beginning of one to the beginning of the next, in milliseconds. */
const FARTHEST_MS = 20;
/** How long back the rate is looked at, in milliseconds. */
const MEMORY_MS = 500;

/**
 * How far apart commits begin. Each costs the same, however much it brings, so the busier the process is the
 * more of them it saves by waiting; while it is quiet nobody waits. Times are milliseconds of one clock.
 */
export class Pace {
  /** Updates a second. */
  #rate = 0;
  #begunAt = -Infinity;

  /** A commit of so many updates begins. */
  begin(now: number, updates: number): void {
    const elapsed = Math.max(1, now - this.#begunAt);
    const share = 1 - Math.exp(-elapsed / MEMORY_MS);
    this.#rate += share * ((1000 * updates) / elapsed - this.#rate);
    this.#begunAt = now;
  }

  /** How long the next commit is to wait yet; 0: not at all. */
  pause(now: number): number {
    const busyness = (this.#rate - QUIET) / (BUSY - QUIET);
    const apart = FARTHEST_MS * Math.min(1, Math.max(0, busyness));
    return Math.max(0, this.#begunAt + apart - now);
  }
}
