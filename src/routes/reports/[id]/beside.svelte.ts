/**
 * What stands beside the text, or over the foot of the window where there is no room beside it: the threads,
 * the figures, or nothing.
 */
import { tick } from 'svelte';
import type { ChecklistItem } from '#lib/figures/checklist.ts';
import { m } from '#lib/paraglide/messages.js';
import { onDemand } from '#lib/ui/ondemand.ts';
import { toast } from '#lib/ui/toast.ts';
import type Figures from './figures/Figures.svelte';
import type Panel from './review/Panel.svelte';
import type { Review } from './review/review.svelte.ts';

/** From this width on, in pixels of the window, the text keeps its measure beside a margin. */
const MARGIN_FROM = 1_280;

export class Beside {
  readonly #review: Review;

  /** The window's width in pixels. */
  width = $state(0);
  /** Null: nobody said. Then the threads are shown where there is room, and something to show. */
  #wantsThreads: boolean | null = $state(null);
  figuresOpen = $state(false);
  /** The figure that is to be shown as soon as there is a text to show it in; null: none. */
  wantedFigure: string | null = $state(null);
  panel: Panel | undefined = $state();
  figures: Figures | undefined = $state();

  readonly wide = $derived(this.width >= MARGIN_FROM);
  readonly openThreads = $derived.by(
    () => this.#review.threads.filter(({ status }) => status === 'open').length,
  );
  readonly threadsOpen = $derived.by(
    () =>
      !this.figuresOpen &&
      (this.#wantsThreads ?? (this.wide && (this.openThreads > 0 || this.#review.waiting.length > 0))),
  );
  readonly place = $derived(
    !this.threadsOpen && !this.figuresOpen ? null : this.wide ? ('margin' as const) : ('sheet' as const),
  );

  constructor(review: Review) {
    this.#review = review;
  }

  readonly loadPanel = onDemand(() => import('./review/Panel.svelte'));
  readonly loadFigures = onDemand(() => import('./figures/Figures.svelte'));

  switchThreads(): void {
    if (this.threadsOpen) this.#wantsThreads = false;
    else this.showThreads();
  }

  showThreads(): void {
    this.#wantsThreads = true;
    this.figuresOpen = false;
  }

  hideThreads(): void {
    this.#wantsThreads = false;
  }

  switchFigures(): void {
    this.figuresOpen = !this.figuresOpen;
  }

  /** Resolves when the threads are there to be gone to. */
  async threads(): Promise<Panel | undefined> {
    this.showThreads();
    await this.loadPanel();
    await tick();
    return this.panel;
  }

  /** Goes to the next (+1) or previous (−1) thread. */
  async step(by: 1 | -1): Promise<void> {
    if (this.#review.shown.length === 0) return void toast.message(m.review_none_to_jump());
    (await this.threads())?.step(by);
  }

  /** A mark of a thread in the text was picked; null: text without one. */
  pick(id: string | null): void {
    const review = this.#review;
    if (id === review.active || (id === null && review.draft !== null)) return;
    if (id !== null) this.showThreads();
    review.activate(id);
  }

  /** Goes to the place of what the checklist of publishing names. */
  async showItem(item: ChecklistItem): Promise<void> {
    // What closed gives the focus back first.
    await tick();
    switch (item.kind) {
      case 'blocking':
      case 'thread':
        return this.#showThread(item.id);
      case 'stale':
      case 'orphan':
      case 'unverified':
        this.figures?.showFigure(item.id);
        return;
      case 'mismatch':
      case 'query':
      case 'language':
        void this.figures?.showFinding(item.finding.key);
        return;
      case 'title':
      case 'picture':
      case 'leftOut':
        return;
      default:
        item satisfies never;
    }
  }

  /** Goes to what the address names: `#thread=…`, `#figure=…`, or all figures, `#figures`. */
  async showNamed(): Promise<void> {
    const named = new URLSearchParams(location.hash.slice(1));
    if (named.has('figures') || named.has('figure')) {
      this.figuresOpen = true;
      this.wantedFigure = named.get('figure');
    }
    const id = named.get('thread');
    if (id !== null) await this.#showThread(id);
  }

  async #showThread(id: string): Promise<void> {
    const thread = this.#review.thread(id);
    if (thread === null) return void toast.error(m.review_thread_gone());
    this.#review.filter = thread.status === 'open' ? 'open' : 'resolved';
    await (await this.threads())?.show(id);
  }
}
