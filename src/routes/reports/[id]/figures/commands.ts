/** What a window asks of the register of figures: each command under a key of its own, so that it is done once. */
import * as Y from 'yjs';
import type { SelectedWords } from '#lib/editor/words.ts';
import type { FigureMark } from '#lib/editor/figuremarks.ts';
import { type RegisteredFigure, valueKeyOf } from '#lib/figures/register.ts';
import { api, type Answer } from '#lib/http/client.ts';
import { newKey } from '#lib/sync/outbox.ts';
import type { ShownFigure } from './shown.ts';

/** What somebody may set of a figure; null takes their word back. */
export type FigureChanges = Record<string, unknown>;

/** The report that commands are about. */
export interface Register {
  reportId: string;
  /** Its content as this window has it. */
  content: Y.Doc;
  /** The words of a figure; null: it is in the text no more. */
  words(mark: FigureMark): SelectedWords | null;
}

export class RegisterCommands {
  readonly #of: Register;

  constructor(of: Register) {
    this.#of = of;
  }

  #path(rest = ''): string {
    return `/api/reports/${this.#of.reportId}/figures${rest}`;
  }

  #stateVector(): string {
    const bytes = Y.encodeStateVector(this.#of.content);
    return btoa(String.fromCharCode(...bytes));
  }

  register(figures: readonly ShownFigure[]): Promise<Answer> {
    const selections = figures.flatMap(({ mark }) => {
      const words = mark === null ? null : this.#of.words(mark);
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
    const words = this.#of.words(mark);
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
