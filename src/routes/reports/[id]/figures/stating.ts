/** Keeps what the tables and charts of the text show up to the text and the register. */
import type { ReportEditor } from '#lib/editor/editor.ts';
import type { FigureMark } from '#lib/editor/figuremarks.ts';
import type { Stated, StatedById } from '#lib/editor/stated.ts';
import type { RegisteredFigure } from '#lib/figures/register.ts';
import { nameOf, statedOf } from '#lib/figures/stated.ts';
import { stateOf } from './shown.ts';

/** Milliseconds that tables and charts may lag behind the text. */
const AFTER = 150;

/** Every registered figure as the text has it; what is not in the text says nothing. */
export function statedNow(registered: readonly RegisteredFigure[], marks: readonly FigureMark[]): StatedById {
  const byId = new Map(marks.flatMap((mark) => mark.ids.map((id) => [id, mark] as const)));
  return Object.fromEntries(
    registered.map((entry): [string, Stated] => {
      const mark = byId.get(entry.id);
      const figure = mark === undefined ? null : statedOf(mark.figure, entry.set);
      const last = statedOf(entry, entry.set);
      const name = figure === null ? (last === null ? entry.id : nameOf(last)) : nameOf(figure);
      return [entry.id, { figure, name, state: mark === undefined ? 'orphan' : stateOf(mark, entry) }];
    }),
  );
}

/** @param registered what is registered at the moment; null: that is not known yet */
export function keepStated(
  editor: ReportEditor,
  registered: () => readonly RegisteredFigure[] | null,
): { now(): void; close(): void } {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const now = () => {
    clearTimeout(timer);
    timer = undefined;
    // Nothing is drawn under a composition.
    if (editor.view.composing) return later();
    const entries = registered();
    if (entries !== null) editor.figures.stated.set(statedNow(entries, editor.figures.list()));
  };
  const later = () => {
    timer ??= setTimeout(now, AFTER);
  };
  const stop = editor.subscribe((tr) => {
    if (tr.docChanged && editor.figures.stated.isShown) later();
  });
  return {
    now,
    close() {
      stop();
      clearTimeout(timer);
    },
  };
}
