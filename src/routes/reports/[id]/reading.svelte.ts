/** Which part of the text somebody looks at, and whom they follow through it. */
import type { ReportEditor } from '#lib/editor/editor.ts';
import type { ReportSession } from './session.svelte.ts';

export class Reading {
  readonly #session: ReportSession;
  #block = $state(0);
  #frame = 0;
  /** The element that the text scrolls in. */
  scroller: HTMLElement | undefined = $state();
  /** The user who is followed. */
  following: string | null = $state(null);
  /** The index of the innermost section that is being written or read; -1 for none. */
  readonly current = $derived.by(() =>
    this.#session.sections.findLastIndex(({ from, to }) => from <= this.#block && this.#block < to),
  );

  constructor(session: ReportSession) {
    this.#session = session;
  }

  /** Until what it answers is called. */
  watch(editor: ReportEditor): () => void {
    const stop = editor.subscribe(() => {
      this.look();
      if (this.following !== null && editor.following === null) this.following = null;
    });
    return () => {
      stop();
      cancelAnimationFrame(this.#frame);
      this.#frame = 0;
    };
  }

  /** The caret's block while it can be seen; else the one at the top of what can be. */
  look(): void {
    if (this.#frame !== 0) return;
    // Once a picture: looking where things stand in between would lay the page out each time.
    this.#frame = requestAnimationFrame(() => {
      this.#frame = 0;
      const { editor } = this.#session;
      if (editor === null || this.scroller === undefined) return;
      const { top, bottom } = this.scroller.getBoundingClientRect();
      this.#block = editor.blockInView(top, bottom);
    });
  }

  follow(userId: string | null): void {
    const { editor, people } = this.#session;
    if (editor === null) return;
    const person = people.find((one) => one.userId === userId);
    editor.follow(person?.clients.at(-1) ?? null);
    this.following = editor.following === null ? null : userId;
  }
}
