import { NodeSelection } from '@tiptap/pm/state';
import { isInTable } from '@tiptap/pm/tables';
import type { EditorView } from '@tiptap/pm/view';
import { type Alignment, MARKS, type MarkName, type ParagraphStyle } from '#lib/report/model.ts';
import { linkAt, markType, selectedParagraphs } from './commands.ts';
import { paragraphAttrs } from './paragraph.ts';

/** What the toolbar shows of the selection. */
export interface EditorStatus {
  editable: boolean;
  /** The style, alignment of the selected paragraphs; null when they differ, or there is none. */
  style: ParagraphStyle | null;
  align: Alignment | null;
  marks: ReadonlySet<MarkName>;
  link: string | null;
  inTable: boolean;
  /** Whether text is selected. */
  range: boolean;
  /** Whether anything is: text, cells, a picture. */
  selected: boolean;
  selection: { from: number; to: number };
  canUndo: boolean;
  canRedo: boolean;
}

/** `history`: whether there is something to undo and to redo. */
export function readStatus(
  view: EditorView,
  history: { canUndo(): boolean; canRedo(): boolean },
): EditorStatus {
  const paragraphs = selectedParagraphs(view.state).map(({ node }) => paragraphAttrs(node));
  const { selection } = view.state;
  return {
    editable: view.editable,
    style: common(paragraphs.map(({ style }) => style)),
    align: common(paragraphs.map(({ align }) => align)),
    marks: activeMarks(view),
    link: linkAt(view.state),
    inTable: isInTable(view.state),
    range: !selection.empty && !(selection instanceof NodeSelection),
    selected: !selection.empty,
    selection: { from: selection.from, to: selection.to },
    canUndo: history.canUndo(),
    canRedo: history.canRedo(),
  };
}

/** The value that all have; null when they differ or there are none. */
const common = <T>(values: readonly T[]): T | null => {
  const [first] = values;
  return first !== undefined && values.every((value) => value === first) ? first : null;
};

function activeMarks({ state }: EditorView): ReadonlySet<MarkName> {
  const { from, to, empty, $from } = state.selection;
  const active = (name: MarkName) => {
    const type = markType(state.schema, name);
    return empty
      ? type.isInSet(state.storedMarks ?? $from.marks()) !== undefined
      : state.doc.rangeHasMark(from, to, type);
  };
  return new Set(MARKS.filter(active));
}
