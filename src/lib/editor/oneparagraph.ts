/**
 * A document or a cell without a block has nowhere to type, and breaks pinyin. After a local change, and
 * only then (after a remote one every client would write it), an emptied one gets a paragraph.
 */
import type { Node as ProseMirrorNode } from '@tiptap/pm/model';
import { type EditorState, Plugin, Selection, type Transaction } from '@tiptap/pm/state';
import { isRemoteChange } from './collaboration.ts';
import { newParagraph } from './paragraph.ts';

const isCell = (node: ProseMirrorNode) => ['cell', 'header_cell'].includes(node.type.spec['tableRole']);

/** A transaction that gives each empty cell, and an empty document, a paragraph; null when none is empty. */
function fillEmpty(state: EditorState): Transaction | null {
  const { doc, schema } = state;
  if (doc.childCount === 0) {
    const tr = state.tr.insert(0, newParagraph(schema));
    return tr.setSelection(Selection.atStart(tr.doc));
  }
  const empty: number[] = [];
  doc.forEach((block, at) => {
    if (block.type.spec['tableRole'] !== 'table') return;
    block.descendants((node, inside) => {
      if (isCell(node) && node.childCount === 0) empty.push(at + 1 + inside + 1);
      return !node.isTextblock;
    });
  });
  if (empty.length === 0) return null;
  const { tr } = state;
  for (const position of empty.toReversed()) tr.insert(position, newParagraph(schema));
  const { $from } = state.selection;
  if ($from.depth > 0 && isCell($from.parent) && empty.includes($from.pos)) {
    tr.setSelection(Selection.near(tr.doc.resolve(tr.mapping.map($from.pos, -1) + 1)));
  }
  return tr;
}

export function keepOneParagraph(): Plugin {
  return new Plugin({
    appendTransaction(transactions, _before, after) {
      const local = transactions.some((tr) => tr.docChanged) && !transactions.some(isRemoteChange);
      return local ? fillEmpty(after) : null;
    },
    view: (view) => {
      const focus = () => {
        const tr = view.editable && view.state.doc.childCount === 0 ? fillEmpty(view.state) : null;
        if (tr) view.dispatch(tr);
      };
      view.dom.addEventListener('focus', focus);
      return { destroy: () => view.dom.removeEventListener('focus', focus) };
    },
  });
}
