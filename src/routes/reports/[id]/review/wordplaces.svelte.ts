/** Where the words of cards stand beside the column of cards, and which places are near the window. */
import type { ReportEditor } from '#lib/editor/editor.ts';
import { areRanked, rank, WordTops } from './tops.ts';

/** Cards within so many pixels of the window are drawn. */
const AROUND = 700;

export interface Surroundings {
  /** Null: the text is not here yet. */
  readonly editor: ReportEditor | null;
  readonly column: HTMLElement | undefined;
  /** The element that the text scrolls in. */
  readonly scroller: HTMLElement;
  /** Whose words are looked for. */
  ids(): string[];
}

export class WordPlaces {
  readonly #around: Surroundings;
  readonly #words = new WordTops();
  #frame = 0;
  #view = $state.raw({ from: 0, to: 2_000 });
  /** In pixels from the top of the column. */
  tops = $state.raw<ReadonlyMap<string, number>>(new Map());
  /** Where words stand in the order of the text, those of one line from the left. */
  ranks = $state.raw<ReadonlyMap<string, number>>(new Map());

  constructor(around: Surroundings) {
    this.#around = around;
  }

  isNear(top: number, height: number): boolean {
    return top + height > this.#view.from && top < this.#view.to;
  }

  /** Lines may have moved although the text is the same. */
  forget(): void {
    this.#words.forget();
  }

  /** Looks where the words are, once before the next picture is drawn. */
  readonly measure = (): void => {
    if (this.#frame !== 0) return;
    this.#frame = requestAnimationFrame(() => {
      this.#frame = 0;
      const { editor, column, scroller } = this.#around;
      if (editor === null || column === undefined) return;
      const origin = column.getBoundingClientRect().top;
      const now = this.#words.read(editor, this.#around.ids(), origin, scroller.getBoundingClientRect());
      const { tops } = this;
      // Most keystrokes move no line: nothing need be laid out anew.
      if (now.size !== tops.size || [...now].some(([id, top]) => tops.get(id) !== top)) this.tops = now;
      const positionOf = (id: string) => editor.annotations.range(id)?.from ?? 0;
      if (!areRanked(this.ranks, now, positionOf)) this.ranks = rank(now, positionOf);
      this.#look(column, scroller);
    });
  };

  #look(column: HTMLElement, scroller: HTMLElement): void {
    const start = scroller.getBoundingClientRect().top - column.getBoundingClientRect().top;
    const to = start + scroller.clientHeight + AROUND;
    // A little scrolling shows nothing that is not drawn yet.
    if (Math.abs(to - this.#view.to) > AROUND / 2) this.#view = { from: start - AROUND, to };
  }

  /** Measures whenever the text changes or scrolls, from now on; answers what ends that. */
  follow(): (() => void) | undefined {
    const { editor, scroller } = this.#around;
    if (editor === null) return undefined;
    const stop = editor.subscribe((tr) => tr.docChanged && this.measure());
    // As when a picture has arrived: the text is the same, and stands elsewhere.
    const resized = new ResizeObserver(() => {
      this.forget();
      this.measure();
    });
    resized.observe(editor.view.dom);
    scroller.addEventListener('scroll', this.measure, { passive: true });
    return () => {
      stop();
      resized.disconnect();
      scroller.removeEventListener('scroll', this.measure);
      cancelAnimationFrame(this.#frame);
      this.#frame = 0;
    };
  }
}
