/**
 * Who is sent a document next. What is on its way to slow peers is bounded in bytes; whoever has to wait is
 * served in the order of asking, except that one person cannot take all of it.
 */

export interface Turn {
  readonly userId: string;
  /**
   * Sends what is due and answers how many bytes it was. `taken` is called when they have left, or never will.
   */
  serve(taken: () => void): number;
}

export interface TurnLimits {
  /** Bytes on their way at most; a document larger than what is left overshoots once. */
  bytes: number;
  /** The same for one person. */
  bytesPerUser: number;
}

/** What is smaller is not counted, in bytes: it fits into what every socket may hold anyway. */
const SMALL_BYTES = 64 * 1024;

export class Turns {
  readonly #limits: TurnLimits;
  readonly #waiting = new Set<Turn>();
  readonly #underWay = new Map<Turn, number>();
  readonly #ofUser = new Map<string, number>();
  #bytes = 0;
  #next: NodeJS.Immediate | null = null;

  constructor(limits: TurnLimits) {
    this.#limits = limits;
  }

  /** How many wait. */
  get waiting(): number {
    return this.#waiting.size;
  }

  /** Asks for a turn. It may come at once. */
  ask(turn: Turn): void {
    this.#waiting.add(turn);
    this.#go();
  }

  /** Whoever waited or was being served is gone. */
  leave(turn: Turn): void {
    this.#waiting.delete(turn);
    this.#release(turn);
  }

  #go(): void {
    if (this.#next !== null) return;
    for (const turn of this.#waiting) {
      if (this.#bytes >= this.#limits.bytes) return;
      if (!this.#mayGo(turn)) continue;
      this.#waiting.delete(turn);
      if (this.#serve(turn) < SMALL_BYTES) continue;
      // Encoding takes time: others are heard between two large documents.
      this.#next = setImmediate(() => {
        this.#next = null;
        this.#go();
      });
      return;
    }
  }

  /** One thing at a time for each socket, and not everything for one person. */
  #mayGo(turn: Turn): boolean {
    if (this.#underWay.has(turn)) return false;
    return (this.#ofUser.get(turn.userId) ?? 0) < this.#limits.bytesPerUser;
  }

  #serve(turn: Turn): number {
    let isTaken = false;
    const bytes = turn.serve(() => {
      isTaken = true;
      this.#release(turn);
    });
    if (isTaken || bytes < SMALL_BYTES) return bytes;
    this.#underWay.set(turn, bytes);
    this.#bytes += bytes;
    this.#ofUser.set(turn.userId, (this.#ofUser.get(turn.userId) ?? 0) + bytes);
    return bytes;
  }

  #release(turn: Turn): void {
    const bytes = this.#underWay.get(turn);
    if (bytes === undefined) return;
    this.#underWay.delete(turn);
    this.#bytes -= bytes;
    const left = (this.#ofUser.get(turn.userId) ?? 0) - bytes;
    if (left > 0) this.#ofUser.set(turn.userId, left);
    else this.#ofUser.delete(turn.userId);
    this.#go();
  }
}
