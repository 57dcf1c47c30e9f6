/** What checking the text finds, as one browser window has it, and what people let stand of it. */
import type { Node as ProseMirrorNode } from '@tiptap/pm/model';
import type * as Y from 'yjs';
import { difference } from '#lib/editor/difference.ts';
import type { ReportEditor } from '#lib/editor/editor.ts';
import type { Flag } from '#lib/editor/figuremarks.ts';
import { checkedReport } from '#lib/figures/document.ts';
import type { GlossaryTerm } from '#lib/figures/glossary.ts';
import { normalisePunctuation } from '#lib/figures/punctuation.ts';
import { type Dismissal, dismissalsOf, readDismissals } from '#lib/figures/register.ts';
import { api, type Answer } from '#lib/http/client.ts';
import { newKey } from '#lib/sync/outbox.ts';
import { Checker } from './checker.ts';
import { followed, placed, type PlacedFinding } from './findings.ts';
import { paragraphsIn } from './paragraphs.ts';
import type { ShownFigure } from './shown.ts';

/** Milliseconds without a change after which the whole report is checked. */
const CHECKS_AFTER = 900;

export class Checks {
  readonly #reportId: string;
  readonly #editor: ReportEditor;
  readonly #review: Y.Doc;
  #checking: ReturnType<typeof setTimeout> | undefined;
  #checker: Checker | null = null;
  /** The document that was checked last. */
  #checked: ProseMirrorNode | null = null;
  /** The document that the findings stand in. */
  #placed: ProseMirrorNode | null = null;
  #terms: readonly GlossaryTerm[] = [];

  found = $state.raw<readonly PlacedFinding[]>([]);
  dismissals = $state.raw<readonly Dismissal[]>([]);
  /** Whether what is found of marks and wording is shown in the text. */
  language = $state(false);

  readonly #dismissedKeys = $derived(new Set(this.dismissals.map(({ finding }) => finding)));
  /** What a person should look at. */
  readonly findings = $derived(
    this.found.filter(
      ({ finding: { verdict, key } }) =>
        (verdict === 'mismatch' || verdict === 'query') && !this.#dismissedKeys.has(key),
    ),
  );
  /** What somebody let stand. */
  readonly dismissed = $derived(this.found.filter(({ finding: { key } }) => this.#dismissedKeys.has(key)));
  readonly sound = $derived(this.found.filter(({ finding: { verdict } }) => verdict === 'ok'));

  constructor(reportId: string, editor: ReportEditor, review: Y.Doc) {
    this.#reportId = reportId;
    this.#editor = editor;
    this.#review = review;
  }

  /** Checks the text whenever it has rested, from now on; answers what ends that. `onDismissals`: they are others. */
  open(onDismissals: () => void): () => void {
    const dismissals = dismissalsOf(this.#review);
    const read = () => {
      this.dismissals = readDismissals(this.#review);
      this.#flag();
      onDismissals();
    };
    dismissals.observe(read);
    read();
    const checker = new Checker();
    this.#checker = checker;
    this.#checkLater();
    const stop = this.#editor.subscribe((tr) => {
      if (tr.docChanged) this.#checkLater();
    });
    return () => {
      stop();
      clearTimeout(this.#checking);
      checker.end();
      this.#checker = null;
      dismissals.unobserve(read);
    };
  }

  /** Holds the text against other names from now on. */
  setTerms(terms: readonly GlossaryTerm[]): void {
    this.#terms = terms;
    this.#checked = null;
    this.#checkLater();
  }

  #checkLater(): void {
    clearTimeout(this.#checking);
    this.#checking = setTimeout(() => void this.check(), CHECKS_AFTER);
  }

  /** Checks the text as it is now; what changes meanwhile asks for another check. */
  async check(): Promise<void> {
    const { doc } = this.#editor.view.state;
    if (this.#editor.view.composing) return this.#checkLater();
    if (this.#checked === doc || this.#checker === null) return;
    const terms = this.#terms;
    const findings = await this.#checker.findings(checkedReport(doc.toJSON()), terms);
    const now = this.#editor.view.state.doc;
    const change = difference(doc, now);
    const found = placed(findings, doc);
    this.found = change === null ? found : followed(found, change);
    // Names that have come meanwhile are still to be held against it.
    this.#checked = terms === this.#terms ? doc : null;
    this.#placed = now;
    this.#flag();
  }

  showLanguage(shown: boolean): void {
    this.language = shown;
    this.#flag();
  }

  #flag(): void {
    // Positions of another document say nothing; the next check tells them.
    if (this.#placed !== this.#editor.view.state.doc) return;
    const flags: Flag[] = [];
    for (const { finding, isLanguage, ranges } of this.findings) {
      const [range] = ranges;
      if (range === undefined || (isLanguage && !this.language)) continue;
      const kind = isLanguage ? 'language' : finding.verdict === 'mismatch' ? 'mismatch' : 'query';
      flags.push({ ...range, kind });
    }
    this.#editor.figures.tell({ flags });
  }

  /** What was found of a figure. */
  findingsOf({ mark }: ShownFigure): PlacedFinding[] {
    if (mark === null) return [];
    return this.findings.filter(({ ranges }) =>
      ranges.some(({ from, to }) => from < mark.to && to > mark.from),
    );
  }

  /** The same finding in the text as it is now; null: it is gone. */
  async #current({ finding: { key } }: PlacedFinding): Promise<PlacedFinding | null> {
    await this.check();
    return this.found.find(({ finding }) => finding.key === key) ?? null;
  }

  async goTo(found: PlacedFinding, index = 0): Promise<void> {
    const range = (await this.#current(found))?.ranges[index];
    if (range !== undefined) this.#editor.show(range);
  }

  /** Goes to what a check found, by its key, and marks it in the text; null: it is gone. Answers where it begins. */
  async goToKey(key: string): Promise<number | null> {
    await this.check();
    const found = this.found.find(({ finding }) => finding.key === key);
    const range = found?.ranges[0];
    if (found === undefined || range === undefined) return null;
    if (found.isLanguage) this.showLanguage(true);
    this.#editor.show(range);
    return range.from;
  }

  /** Puts what a finding proposes into the text, as one undo step; false: it does not stand there any more. */
  async fix(found: PlacedFinding): Promise<boolean> {
    const now = await this.#current(found);
    if (now === null || now.fix === null) return false;
    const isDone = this.#editor.replaceEach(now.fix);
    await this.check();
    return isDone;
  }

  /** Sets marks full width and pairs quotes, everywhere, as one undo step; answers how many changed. */
  normalise(): number {
    const { doc } = this.#editor.view.state;
    const edits = paragraphsIn(doc, []).flatMap(({ at, text }) => changesOf(text, at));
    if (edits.length === 0 || !this.#editor.replaceEach(edits)) return 0;
    void this.check();
    return edits.reduce((sum, { text }) => sum + text.length, 0);
  }

  dismiss({ finding }: PlacedFinding, reason: string): Promise<Answer> {
    const { key, rule } = finding;
    return api('POST', this.#dismissalsPath, { key: newKey(), finding: key, rule, reason });
  }

  restore({ finding }: PlacedFinding): Promise<Answer> {
    return api('DELETE', this.#dismissalsPath, { key: newKey(), finding: finding.key });
  }

  get #dismissalsPath(): string {
    return `/api/reports/${this.#reportId}/dismissals`;
  }
}

/** The runs of characters in which the marks of a paragraph are not as they should be. */
function changesOf(text: string, at: number): { from: number; to: number; text: string }[] {
  const better = normalisePunctuation(text);
  const edits: { from: number; to: number; text: string }[] = [];
  for (let i = 0; i < text.length; i++) {
    const letter = better[i] ?? '';
    if (letter === text[i]) continue;
    const last = edits.at(-1);
    if (last?.to === at + i) {
      last.to++;
      last.text += letter;
    } else edits.push({ from: at + i, to: at + i + 1, text: letter });
  }
  return edits;
}
