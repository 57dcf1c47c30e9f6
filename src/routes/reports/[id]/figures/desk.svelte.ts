/** The figures of a report as one browser window has them: those of the text, and what the register says of them. */
import type * as Y from 'yjs';
import type { ReportEditor } from '#lib/editor/editor.ts';
import type { FigureMark } from '#lib/editor/figuremarks.ts';
import type { FigureReader } from '#lib/editor/figurereading.ts';
import { detectIn } from '#lib/figures/cell.ts';
import { figuresOf, readFigure, type RegisteredFigure, valueKeyOf } from '#lib/figures/register.ts';
import { api, type Answer } from '#lib/http/client.ts';
import type { Section } from '#lib/report/outline.ts';
import { actionOnFigure, type Actor, type ReportAction } from '#lib/review/permissions.ts';
import type { ReportSession } from '../session.svelte.ts';
import { NO_NAMES, type Names } from '../review/names.ts';
import { Checks } from './checks.svelte.ts';
import { RegisterCommands } from './commands.ts';
import { type DefinedTerm, measuresIn, type ShownMeasure } from './measures.ts';
import { placeKey, type ShownFigure, stateOf } from './shown.ts';

/** Milliseconds that the lists may lag behind the text. */
const LISTS_AFTER = 250;

const reader: FigureReader = {
  detect: detectIn,
  keyOf: valueKeyOf,
};

export class FigureDesk {
  readonly #session: ReportSession;
  readonly #editor: ReportEditor;
  readonly #review: Y.Doc;
  readonly #actor: Actor;
  readonly checks: Checks;
  readonly commands: RegisterCommands;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #terms: readonly DefinedTerm[] = [];
  /** What looks like a measure and is none. */
  #notMeasures: readonly string[] = [];

  registered = $state.raw<readonly RegisteredFigure[]>([]);
  marks = $state.raw<readonly FigureMark[]>([]);
  measures = $state.raw<readonly ShownMeasure[]>([]);
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

  constructor(session: ReportSession, editor: ReportEditor, review: Y.Doc, actor: Actor) {
    this.#session = session;
    this.#editor = editor;
    this.#review = review;
    this.#actor = actor;
    this.checks = new Checks(session.reportId, editor, review);
    this.commands = new RegisterCommands({
      reportId: session.reportId,
      content: session.connection.doc,
      words: (mark) => editor.words(mark),
    });
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
    const endChecks = this.checks.open(() => {
      if (this.checks.dismissals.some(({ by }) => !(by in this.names.people))) void this.loadNames();
    });
    this.#editor.figures.tell({ reader });
    read();
    void this.#loadGlossary();
    const stop = this.#editor.subscribe((tr) => {
      // What is told to the text says so by a transaction too.
      if (tr.docChanged || tr.getMeta('addToHistory') === false) this.#later();
    });
    return () => {
      stop();
      clearTimeout(this.#timer);
      endChecks();
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
    this.checks.setTerms(this.#terms);
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

  get canWrite(): boolean {
    return this.actions.includes('write') && this.#editor.view.editable;
  }
  get canDismiss(): boolean {
    return this.actions.includes('dismissFinding');
  }

  undo(): void {
    this.#editor.undo();
  }

  #isUnnamed(entry: RegisteredFigure): boolean {
    return peopleOf(entry).some((id) => !(id in this.names.people));
  }

  #naming: Promise<void> | null = null;
  #isAskedFor: string | null = null;
  /** Looks up who is who. Somebody whose account is gone stays unknown: that is no reason to ask again. */
  loadNames(): Promise<void> {
    const people = this.registered.flatMap(peopleOf);
    const wanted = [...new Set([...people, ...this.checks.dismissals.map(({ by }) => by)])].join();
    if (this.#isAskedFor === wanted) return this.#naming ?? Promise.resolve();
    this.#isAskedFor = wanted;
    this.#naming = api('GET', `/api/reports/${this.reportId}/figures`).then((answer) => {
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
}

/** Whose names it takes to show a figure. */
function peopleOf({ owner, verifiedBy, registeredBy, history }: RegisteredFigure): string[] {
  const people = [owner, verifiedBy, registeredBy, ...history.map(({ by }) => by)];
  return people.filter((id) => id !== null);
}
