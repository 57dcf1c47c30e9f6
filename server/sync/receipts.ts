/** The sync frames that one socket brought: how many, and which of them are settled. */
export class Receipts {
  /** How many frames came. */
  received = 0;
  /** Up to which all are settled. */
  settled = 0;
  /** Bytes of those that are not. */
  openBytes = 0;
  readonly #ahead = new Set<number>();
  /** Those after `settled`, in order. */
  readonly #open: { bytes: number; at: number }[] = [];

  /** How many frames are not settled. */
  get open(): number {
    return this.received - this.settled;
  }

  /** A frame came at a time in milliseconds; answers its number. */
  receive(bytes: number, at: number): number {
    this.#open.push({ bytes, at });
    this.openBytes += bytes;
    return ++this.received;
  }

  /** When a frame came that is not settled; null: it is. */
  cameAt(n: number): number | null {
    return this.#open[n - this.settled - 1]?.at ?? null;
  }

  /** Marks frames as settled; calls back with when each came, once all before it are settled too. */
  settle(frames: readonly number[], onSettled: (cameAt: number) => void): void {
    for (const n of frames) if (n > this.settled) this.#ahead.add(n);
    while (this.#ahead.delete(this.settled + 1)) {
      this.settled++;
      const frame = this.#open.shift();
      if (frame === undefined) throw new Error(`frame ${this.settled} was settled before it came`);
      this.openBytes -= frame.bytes;
      onSettled(frame.at);
    }
  }
}
