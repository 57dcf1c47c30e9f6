/**
 * Undo and redo of one's own edits, on an undo manager that lives as long as the editor. (y-prosemirror's
 * undo plugin destroys its manager whenever ProseMirror rebuilds its plugin views.)
 */
import { type EditorState, Plugin, TextSelection, type Transaction } from '@tiptap/pm/state';
import type { EditorView } from '@tiptap/pm/view';
import { defaultDeleteFilter, ySyncPluginKey } from 'y-prosemirror';
import type * as Y from 'yjs';
import { isRemoteChange, type RelativeSelection, type ReportBinding } from './collaboration.ts';
import { UndoManager } from './undomanager.ts';

/** Edits less than this many milliseconds apart are one step. */
export const CAPTURE_TIMEOUT = 500;

const SELECTION = 'selection';

/** Pasting, dropping and cutting are a step each, however quickly one types before and after. */
export function isOneStep(tr: Transaction): boolean {
  const event: unknown = tr.getMeta('uiEvent');
  return event === 'paste' || event === 'drop' || event === 'cut';
}

export interface Undo {
  plugin: Plugin;
  manager: UndoManager;
  /** Takes back one's last step, and the selection with it; false when there is none. */
  undo(view: EditorView): boolean;
  redo(view: EditorView): boolean;
  destroy(): void;
}

export function createUndo(fragment: Y.XmlFragment, binding: ReportBinding): Undo {
  const manager = new UndoManager(fragment, {
    trackedOrigins: new Set([ySyncPluginKey]),
    captureTimeout: CAPTURE_TIMEOUT,
    // A paragraph that a colleague has written into since stays when its creation is taken back.
    deleteFilter: (item) => defaultDeleteFilter(item, new Set(['paragraph'])),
    captureTransaction: (transaction) => transaction.meta.get('addToHistory') !== false,
  });
  /** The selection before the edit that is being made. */
  let before: RelativeSelection | null = null;

  manager.on('stack-item-added', ({ stackItem }) => stackItem.meta.set(SELECTION, before));

  function step(view: EditorView, direction: 'undo' | 'redo'): boolean {
    before = binding.relativeSelection(view.state);
    const item = direction === 'undo' ? manager.undo() : manager.redo();
    if (item === null) return false;
    const remembered: RelativeSelection | null = item.meta.get(SELECTION) ?? null;
    const found = remembered && binding.absoluteSelection(remembered);
    const { tr, doc } = view.state;
    if (found && found.anchor <= doc.content.size && found.head <= doc.content.size) {
      tr.setSelection(TextSelection.between(doc.resolve(found.anchor), doc.resolve(found.head)));
    }
    view.dispatch(tr.scrollIntoView());
    return true;
  }

  const plugin = new Plugin({
    state: {
      init: () => null,
      apply(tr, _value, old: EditorState) {
        // Positions must be read while Yjs still has the document of before; an appended transaction is later.
        const first = tr.getMeta('appendedTransaction') === undefined;
        if (first && tr.docChanged && !isRemoteChange(tr)) before = binding.relativeSelection(old);
        if (isOneStep(tr)) manager.stopCapturing();
        return null;
      },
    },
  });
  return {
    plugin,
    manager,
    undo: (view) => step(view, 'undo'),
    redo: (view) => step(view, 'redo'),
    destroy: () => manager.destroy(),
  };
}
