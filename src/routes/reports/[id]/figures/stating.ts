/** Keeps what the tables and charts of the text show up to the text and the register. */
import type { Node as ProseMirrorNode } from '@tiptap/pm/model';
import type { ReportEditor } from '#lib/editor/editor.ts';
import type { FigureMark } from '#lib/editor/figuremarks.ts';
import type { Stated, StatedById } from '#lib/editor/stated.ts';
import type { RegisteredFigure } from '#lib/figures/register.ts';
import { nameOf, statedOf } from '#lib/figures/stated.ts';
import { paragraphsIn } from './paragraphs.ts';
import { stateOf } from './shown.ts';

/** Milliseconds that tables and charts may lag behind the text. */
const AFTER = 150;

/**
 * Every registered figure as the text has it; what is not in the text says nothing.
 *
 * @param marks all figures of the document, in its order
 */
function statedNow(
  registered: readonly RegisteredFigure[],
  doc: ProseMirrorNode,
  marks: readonly FigureMark[],
): StatedById {
  const byId = new Map<string, { mark: FigureMark; paragraph: number }>();
  for (const [paragraph, { figures }] of paragraphsIn(doc, marks).entries())
    for (const mark of figures) for (const id of mark.ids) byId.set(id, { mark, paragraph });
  return Object.fromEntries(
    registered.map((entry): [string, Stated] => {
      const { mark, paragraph = 0 } = byId.get(entry.id) ?? {};
      const said = mark === undefined ? null : statedOf(mark.figure, entry.set);
      const figure =
        mark === undefined || said === null ? null : { ...said, at: { paragraph, start: mark.figure.start } };
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
    if (entries !== null)
      editor.figures.stated.set(statedNow(entries, editor.view.state.doc, editor.figures.list()));
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
