/** Who wrote what, while somebody wants to see it: tints in the text, shares in the outline. */
import type { ReportEditor } from '#lib/editor/editor.ts';
import { m } from '#lib/paraglide/messages.js';
import { onDemand } from '#lib/ui/ondemand.ts';
import { toast } from '#lib/ui/toast.ts';
import type { ReportSession } from '../session.svelte.ts';
import type { DepartmentShare } from './authorship.ts';

/** Milliseconds after a change until it is asked for again: the server writes it down by then. */
const READ_AFTER = 2_500;

const authorship = onDemand(() => import('./authorship.ts'));

export class Authors {
  readonly #session: ReportSession;
  shown = $state(false);
  /** Of the report and of each of its sections; null: not there, or not wanted. */
  shares: { report: DepartmentShare[]; sections: DepartmentShare[][] } | null = $state.raw(null);

  constructor(session: ReportSession) {
    this.#session = session;
  }

  switch(): void {
    this.shown = !this.shown;
    if (this.shown) return void this.#read();
    this.shares = null;
    this.#session.editor?.showAuthors(null);
  }

  /** Reads it again after changes, until what it answers is called. */
  watch(editor: ReportEditor): () => void {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const stop = editor.subscribe((tr) => {
      if (!tr.docChanged) return;
      clearTimeout(timer);
      timer = setTimeout(() => void this.#read(), READ_AFTER);
    });
    return () => {
      stop();
      clearTimeout(timer);
    };
  }

  async #read(): Promise<void> {
    const { authoredRuns, departmentShares, loadAuthorship } = await authorship();
    const read = await loadAuthorship(this.#session.reportId);
    if (!this.shown) return;
    if (read === null) {
      this.shown = false;
      return void toast.error(m.review_authors_failed());
    }
    this.shares = {
      report: departmentShares(read.report, read.people),
      sections: read.sections.map(({ shares }) => departmentShares(shares, read.people)),
    };
    this.#session.editor?.showAuthors(authoredRuns(read));
  }
}
