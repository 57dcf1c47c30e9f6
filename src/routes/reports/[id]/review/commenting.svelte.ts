/** Comments and proposals as they are begun in the text: on the words that are selected. */
import { flushSync } from 'svelte';
import { m } from '#lib/paraglide/messages.js';
import { getLocale } from '#lib/paraglide/runtime.js';
import { toast } from '#lib/ui/toast.ts';
import type { Beside } from '../beside.svelte.ts';
import type { Rights } from '../rights.ts';
import type { ReportSession } from '../session.svelte.ts';
import type { Review } from './review.svelte.ts';

const isDeletion = ({ key }: KeyboardEvent) => key === 'Backspace' || key === 'Delete';
const isLetter = ({ key, ctrlKey, metaKey, altKey }: KeyboardEvent) =>
  [...key].length === 1 && !ctrlKey && !metaKey && !altKey;

export class Commenting {
  readonly #session: ReportSession;
  readonly #review: Review;
  readonly #beside: Beside;
  readonly #rights: () => Rights;
  /** Whether the typing of somebody who may write proposes. Who may not write always proposes. */
  proposing = $state(false);

  constructor(session: ReportSession, review: Review, beside: Beside, rights: () => Rights) {
    this.#session = session;
    this.#review = review;
    this.#beside = beside;
    this.#rights = rights;
  }

  begin(): void {
    const { editor } = this.#session;
    if (editor === null || !this.#rights().comment) return;
    const words = editor.selectedWords();
    if (words === null) return void toast.message(m.review_select_first());
    this.#beside.showThreads();
    this.#review.begin(words, null);
  }

  switchProposing(): void {
    this.proposing = !this.proposing;
    if (this.proposing) this.#beside.showThreads();
    this.#session.editor?.focus();
  }

  /**
   * Typing over selected words of text that is not being edited: what is typed is proposed instead of them.
   * Answers whether the key was such a one, and is taken.
   */
  takeKey(event: KeyboardEvent): boolean {
    const { editor } = this.#session;
    if (editor === null || !this.#rights().propose) return false;
    if (editor.view.editable || this.#review.draft !== null) return false;
    if (!(event.target instanceof Node) || !editor.view.dom.contains(event.target)) return false;
    if ((!isDeletion(event) && !isLetter(event)) || editor.selectedWords() === null) return false;
    void this.#propose(event);
    return true;
  }

  async #propose(event: KeyboardEvent): Promise<void> {
    const words = this.#session.editor?.selectedWords();
    if (words === undefined || words === null) return;
    if (/[\n\ufffc]/.test(words.exact)) return void toast.message(m.review_no_proposal(), { id: 'propose' });
    // No input method has seen the key: such a letter begins pinyin, which is typed in the field that opens.
    const isPinyin = getLocale() === 'zh-CN' && /^[a-z]$/.test(event.key);
    await this.#beside.threads();
    flushSync(() =>
      this.#review.begin(words, isDeletion(event) || isPinyin ? '' : event.key, isPinyin ? event.key : null),
    );
  }
}
