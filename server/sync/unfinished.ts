/** Bytes of messages that have begun and not ended: ws keeps them until the end comes. */
export class Unfinished {
  readonly #most: number;
  readonly #ofUser = new Map<string, number>();

  /** `most`: bytes that one person may have begun, over all their sockets. */
  constructor(most: number) {
    this.#most = most;
  }

  /** So many bytes came. False: it is more than the person may have. */
  add(userId: string, bytes: number): boolean {
    const sum = (this.#ofUser.get(userId) ?? 0) + bytes;
    this.#ofUser.set(userId, sum);
    return sum <= this.#most;
  }

  /** So many bytes have become a message, or are gone with their socket. */
  drop(userId: string, bytes: number): void {
    const sum = (this.#ofUser.get(userId) ?? 0) - bytes;
    if (sum > 0) this.#ofUser.set(userId, sum);
    else this.#ofUser.delete(userId);
  }
}
