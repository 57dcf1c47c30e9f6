/** Milliseconds after which it is done though no picture was drawn: a window may be covered, or print. */
const AT_MOST = 100;

/**
 * Does what it is given in that order, once the next picture is drawn: what goes to other processes makes them take the
 * processors from the one that draws. At once where nothing is drawn, and when the window goes.
 */
export class AfterPicture {
  #waiting: (() => void)[] = [];
  #timer: ReturnType<typeof setTimeout> | undefined;

  do(task: () => void): void {
    const isFirst = this.#waiting.push(task) === 1;
    if (typeof document === 'undefined' || document.visibilityState === 'hidden') return this.now();
    if (!isFirst) return;
    // A callback before a picture is the last that can be asked for; a timer of none comes after it.
    requestAnimationFrame(() => setTimeout(this.now));
    this.#timer = setTimeout(this.now, AT_MOST);
    addEventListener('pagehide', this.now, { once: true });
  }

  /** Does what waits. */
  readonly now = (): void => {
    const tasks = this.#waiting;
    if (tasks.length === 0) return;
    this.#waiting = [];
    clearTimeout(this.#timer);
    globalThis.removeEventListener?.('pagehide', this.now);
    for (const task of tasks) task();
  };
}
