/** The figures of a report as one browser window has them: those of the text, and what the register says of them. */
import type { Node as ProseMirrorNode } from '@tiptap/pm/model';
import * as Y from 'yjs';
import { difference } from '#lib/editor/difference.ts';
import type { ReportEditor } from '#lib/editor/editor.ts';
import type { FigureMark, FigureReader } from '#lib/editor/figuremarks.ts';
import { detectInCell } from '#lib/figures/cell.ts';
import { detectFigures } from '#lib/figures/detect.ts';
import { checkedReport } from '#lib/figures/document.ts';
import { normalisePunctuation } from '#lib/figures/punctuation.ts';
import {
  type Dismissal,
  dismissalsOf,
  figuresOf,
  readDismissals,
  readFigure,
  type RegisteredFigure,
  valueKeyOf,
} from '#lib/figures/register.ts';
import { api, type Answer } from '#lib/http/client.ts';
import type { Section } from '#lib/report/outline.ts';
import { actionOnFigure, type Actor, type ReportAction } from '#lib/review/permissions.ts';
import { newKey } from '#lib/sync/outbox.ts';
import type { ReportSession } from '../session.svelte.ts';
import { NO_NAMES, type Names } from '../review/names.ts';
import { isCalendarKind } from './calendar.ts';
import { Checker } from './checker.ts';
import { followed, placed, type PlacedFinding } from './findings.ts';
import { type DefinedTerm, measuresIn, type ShownMeasure } from './measures.ts';
import { paragraphsIn } from './paragraphs.ts';

/** A figure as the panel and the card show it. */
export interface ShownFigure {
  /** The same while the figure is: of the register's id, else of its place. */
  key: string;
  /** As the text has it; null: it is not in the text. */
  mark: FigureMark | null;
  /** What the register says; null: it is not registered. */
  entry: RegisteredFigure | null;
  state: FigureMark['state'] | 'orphan';
}

/** Names a figure that is not registered, as long as nothing before it changes. */
export const placeKey = ({ from, figure }: FigureMark): string => `${from} ${figure.surface}`;

/** What somebody may set of a figure; null takes their word back. */
export type FigureChanges = Record<string, unknown>;

/** Milliseconds that the lists may lag behind the text. */
const LISTS_AFTER = 250;
/** Milliseconds without a change after which the whole report is checked. */
const CHECKS_AFTER = 900;

const reader: FigureReader = {
  detect: ({ text, cell }) => (cell === undefined ? detectFigures(text) : detectInCell(text, cell)),
  keyOf: valueKeyOf,
};

/** Years, periods and dates are listed apart. */
export const isCalendar = ({ mark, entry }: ShownFigure): boolean => {
  const kind = mark?.figure.kind ?? entry?.kind;
  return kind !== undefined && isCalendarKind(kind);
};

export class FigureDesk {
  readonly #session: ReportSession;
  readonly #editor: ReportEditor;
  readonly #review: Y.Doc;
  readonly #actor: Actor;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #checking: ReturnType<typeof setTimeout> | undefined;
  #checker: Checker | null = null;
  /** The document that was checked last. */
  #checked: ProseMirrorNode | null = null;
  /** The document that the findings stand in. */
  #placed: ProseMirrorNode | null = null;
  #terms: readonly DefinedTerm[] = [];
  /** What looks like a measure and is none. */
  #notMeasures: readonly string[] = [];

  registered = $state.raw<readonly RegisteredFigure[]>([]);
  marks = $state.raw<readonly FigureMark[]>([]);
  measures = $state.raw<readonly ShownMeasure[]>([]);
  found = $state.raw<readonly PlacedFinding[]>([]);
  dismissals = $state.raw<readonly Dismissal[]>([]);
  /** Whether what is found of marks and wording is shown in the text. */
  language = $state(false);
  names = $state.raw<Names>(NO_NAMES);
  actions = $state.raw<readonly ReportAction[]>([]);

  /** In the order of the text; what is registered and not in it comes last. */
  readonly figures = $derived.by((): ShownFigure[] => {
    const entries = new Map(this.registered.map((entry) => [entry.id, entry]));
    const seen = new Set<string>();
    const shown = this.marks.flatMap((mark): ShownFigure[] => {
      const known = mark.ids.flatMap((id) => {
        const entry = entries.get(id);
        if (entry === undefined || seen.has(id)) return [];
        seen.add(id);
        return [{ key: id, mark, entry, state: stateOf(mark, entry) }];
      });
      if (known.length > 0) return known;
      return [{ key: placeKey(mark), mark, entry: null, state: 'detected' }];
    });
    const lost = this.registered
      .filter(({ id }) => !seen.has(id))
      .map((entry): ShownFigure => ({ key: entry.id, mark: null, entry, state: 'orphan' }));
    return [...shown, ...lost];
  });

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

  constructor(session: ReportSession, editor: ReportEditor, review: Y.Doc, actor: Actor) {
    this.#session = session;
    this.#editor = editor;
    this.#review = review;
    this.#actor = actor;
  }

  /** Reads the text and the register from now on; answers what ends that. */
  open(): () => void {
    const known = new Map<string, RegisteredFigure>();
    const map = figuresOf(this.#review);
    const forget = (events: Y.YEvent<Y.AbstractType<unknown>>[]) => {
      for (const event of events) {
        if (event.target === map) for (const id of event.keys.keys()) known.delete(id);
        else known.delete(String(event.path[0]));
      }
      read();
    };
    const read = () => {
      const entries: RegisteredFigure[] = [];
      map.forEach((one, id) => {
        const entry = known.get(id) ?? readFigure(one, id);
        known.set(id, entry);
        entries.push(entry);
      });
      this.#editor.figures.tell({
        known: entries.map(({ id, anchor: { from, to }, verifiedKey }) => ({ id, from, to, verifiedKey })),
      });
      this.registered = entries;
      if (this.#isWatched) this.marks = this.#editor.figures.list();
      if (entries.some((entry) => this.#isUnnamed(entry))) void this.loadNames();
    };
    map.observeDeep(forget);
    const dismissals = dismissalsOf(this.#review);
    const readDismissed = () => {
      this.dismissals = readDismissals(this.#review);
      this.#flag();
      if (this.dismissals.some(({ by }) => !(by in this.names.people))) void this.loadNames();
    };
    dismissals.observe(readDismissed);
    readDismissed();
    const checker = new Checker();
    this.#checker = checker;
    this.#editor.figures.tell({ reader });
    read();
    this.#checkLater();
    void this.#loadGlossary();
    const stop = this.#editor.subscribe((tr) => {
      // What is told to the text says so by a transaction too.
      if (tr.docChanged || tr.getMeta('addToHistory') === false) this.#later();
      if (tr.docChanged) this.#checkLater();
    });
    return () => {
      stop();
      clearTimeout(this.#timer);
      clearTimeout(this.#checking);
      checker.end();
      this.#checker = null;
      dismissals.unobserve(readDismissed);
      map.unobserveDeep(forget);
    };
  }

  #isWatched = false;
  /** Whether somebody looks at the lists; else they are not kept up. */
  watch(isWatched: boolean): void {
    if (isWatched && !this.#isWatched) this.list();
    this.#isWatched = isWatched;
  }

  #later(): void {
    if (!this.#isWatched) return;
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      this.list();
    }, LISTS_AFTER);
  }

  /** Brings the lists up to the text as it is now. */
  list(): void {
    this.marks = this.#editor.figures.list();
    this.measures = measuresIn(this.#editor.view.state.doc, this.marks, {
      terms: this.#terms,
      refused: this.#notMeasures,
    });
  }

  /** The workspace's names; where they cannot be had, nothing is held against them. */
  async #loadGlossary(): Promise<void> {
    const [terms, dismissed] = await Promise.all([
      api('GET', '/api/glossary?format=json'),
      api('GET', '/api/measures/dismissed'),
    ]);
    if (terms.ok) this.#terms = (terms.value as { terms: DefinedTerm[] }).terms;
    if (dismissed.ok) {
      const { measures } = dismissed.value as { measures: { name: string }[] };
      this.#notMeasures = measures.map(({ name }) => name);
    }
    this.#checked = null;
    this.#checkLater();
    if (this.#isWatched) this.list();
  }

  /** Says for the whole workspace that something is no measure, or that it is one after all. */
  async setMeasure(name: string, isMeasure: boolean): Promise<Answer> {
    const path = '/api/measures/dismissed';
    const answer = isMeasure
      ? await api('DELETE', `${path}?name=${encodeURIComponent(name)}`)
      : await api('PUT', path, { name });
    if (answer.ok) {
      const others = this.#notMeasures.filter((one) => one !== name);
      this.#notMeasures = isMeasure ? others : [...others, name];
      this.list();
    }
    return answer;
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
    this.#editor.figures.tell({
      flags: this.findings
        .filter(({ isLanguage }) => !isLanguage || this.language)
        .flatMap(({ finding, isLanguage, ranges }) =>
          ranges.slice(0, 1).map((range) => ({
            ...range,
            kind: isLanguage
              ? ('language' as const)
              : finding.verdict === 'mismatch'
                ? ('mismatch' as const)
                : ('query' as const),
          })),
        ),
    });
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

  get canWrite(): boolean {
    return this.actions.includes('write') && this.#editor.view.editable;
  }
  get canDismiss(): boolean {
    return this.actions.includes('dismissFinding');
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

  undo(): void {
    this.#editor.undo();
  }

  dismiss({ finding }: PlacedFinding, reason: string): Promise<Answer> {
    const { key, rule } = finding;
    return api('POST', this.#dismissalsPath, { key: newKey(), finding: key, rule, reason });
  }

  restore({ finding }: PlacedFinding): Promise<Answer> {
    return api('DELETE', this.#dismissalsPath, { key: newKey(), finding: finding.key });
  }

  get #dismissalsPath(): string {
    return `/api/reports/${this.#session.reportId}/dismissals`;
  }

  #isUnnamed(entry: RegisteredFigure): boolean {
    return peopleOf(entry).some((id) => !(id in this.names.people));
  }

  #naming: Promise<void> | null = null;
  #isAskedFor: string | null = null;
  /** Looks up who is who. Somebody whose account is gone stays unknown: that is no reason to ask again. */
  loadNames(): Promise<void> {
    const people = this.registered.flatMap(peopleOf);
    const wanted = [...new Set([...people, ...this.dismissals.map(({ by }) => by)])].join();
    if (this.#isAskedFor === wanted) return this.#naming ?? Promise.resolve();
    this.#isAskedFor = wanted;
    this.#naming = api('GET', this.#path()).then((answer) => {
      if (answer.ok) this.names = (answer.value as { people: Names }).people;
    });
    return this.#naming;
  }

  /** The section that a figure stands in; null: in none that has a heading. */
  sectionOf({ mark }: ShownFigure): Section | null {
    if (mark === null) return null;
    return this.#session.sections.findLast(({ from, to }) => from <= mark.block && mark.block < to) ?? null;
  }

  /** What is registered under an id, as the text has it now. */
  registeredAs(id: string): ShownFigure | null {
    this.list();
    return this.figures.find(({ entry }) => entry?.id === id) ?? null;
  }

  /** The figure at the caret, or where the selection begins. */
  atCaret(): ShownFigure | null {
    const { from, to, head } = this.#editor.view.state.selection;
    return this.at(from === to ? head : from);
  }

  /** Calls back whenever the text or the selection changes; answers what ends that. */
  follow(callback: () => void): () => void {
    return this.#editor.subscribe(callback);
  }

  at(position: number): ShownFigure | null {
    const mark = this.#editor.figures.at(position);
    if (mark === null) return null;
    const entry = this.registered.find(({ id }) => mark.ids.includes(id)) ?? null;
    return {
      key: entry?.id ?? placeKey(mark),
      mark,
      entry,
      state: entry === null ? 'detected' : stateOf(mark, entry),
    };
  }

  show({ mark }: ShownFigure): void {
    if (mark !== null) this.#editor.show(mark);
  }

  get reportId(): string {
    return this.#session.reportId;
  }

  get canRegister(): boolean {
    return this.actions.includes('registerFigure');
  }
  canEdit(entry: RegisteredFigure): boolean {
    return this.actions.includes(actionOnFigure(this.#actor, 'edit', entry));
  }
  canVerify(entry: RegisteredFigure): boolean {
    return this.actions.includes(actionOnFigure(this.#actor, 'verify', entry));
  }

  #path(rest = ''): string {
    return `/api/reports/${this.#session.reportId}/figures${rest}`;
  }

  #stateVector(): string {
    const bytes = Y.encodeStateVector(this.#session.connection.doc);
    return btoa(String.fromCharCode(...bytes));
  }

  register(figures: readonly ShownFigure[]): Promise<Answer> {
    const selections = figures.flatMap(({ mark }) => {
      const words = mark === null ? null : this.#editor.words(mark);
      if (words === null) return [];
      const { anchor, exact, prefix, suffix } = words;
      return [{ ...anchor, exact, prefix, suffix }];
    });
    return api('POST', this.#path(), {
      key: newKey(),
      stateVector: this.#stateVector(),
      figures: selections,
    });
  }

  registerAll(): Promise<Answer> {
    return api('POST', this.#path(), { key: newKey(), stateVector: this.#stateVector(), all: true });
  }

  change({ id }: RegisteredFigure, changes: FigureChanges): Promise<Answer> {
    return api('PATCH', this.#path(`/${id}`), { key: newKey(), ...changes });
  }

  /** Puts a figure on another that the text has: one that was lost, as the caret's. */
  rebind({ id }: RegisteredFigure, mark: FigureMark): Promise<Answer> {
    const words = this.#editor.words(mark);
    if (words === null) throw new Error('a figure without words');
    const { anchor, exact, prefix, suffix } = words;
    const place = { stateVector: this.#stateVector(), ...anchor, exact, prefix, suffix };
    return api('PATCH', this.#path(`/${id}`), { key: newKey(), rebind: place });
  }

  assign(ids: readonly string[], department: string | null): Promise<Answer> {
    return api('PATCH', this.#path(), { key: newKey(), ids, department });
  }

  /** Vouches for what the text says here: where it says something else meanwhile, it is refused. */
  verify(figures: readonly ShownFigure[]): Promise<Answer> {
    const seen = figures.flatMap(({ mark, entry }) =>
      mark === null || entry === null ? [] : [{ id: entry.id, valueKey: valueKeyOf(mark.figure) }],
    );
    const [one] = seen;
    if (seen.length === 1 && one !== undefined) {
      return api('POST', this.#path(`/${one.id}/verify`), { key: newKey(), valueKey: one.valueKey });
    }
    return api('POST', this.#path('/verify'), { key: newKey(), figures: seen });
  }

  unverify({ id }: RegisteredFigure): Promise<Answer> {
    return api('DELETE', this.#path(`/${id}/verify`), { key: newKey() });
  }

  remove({ id }: RegisteredFigure): Promise<Answer> {
    return api('DELETE', this.#path(`/${id}`), { key: newKey() });
  }

  fileAddress(format: 'csv' | 'xlsx'): string {
    return this.#path(`?format=${format}`);
  }
}

/** Whose names it takes to show a figure. */
function peopleOf({ owner, verifiedBy, registeredBy, history }: RegisteredFigure): string[] {
  const people = [owner, verifiedBy, registeredBy, ...history.map(({ by }) => by)];
  return people.filter((id) => id !== null);
}

/** How a figure stands by the text that is here, which may be newer than what the server has said. */
export function stateOf(
  { figure }: FigureMark,
  { verifiedKey }: RegisteredFigure,
): Exclude<FigureMark['state'], 'detected'> {
  if (verifiedKey === null) return 'registered';
  return valueKeyOf(figure) === verifiedKey ? 'verified' : 'stale';
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
