/**
 * Text that may be read and not written can still be selected, to comment on it: with the mouse, and, as
 * browsers move no caret in such text, with the usual keys, which this file gives it, and a caret to see.
 */
import { Plugin, PluginKey } from '@tiptap/pm/state';
import { Decoration, DecorationSet, type EditorView } from '@tiptap/pm/view';

interface Move {
  direction: 'backward' | 'forward';
  by: 'character' | 'word' | 'line' | 'lineboundary' | 'documentboundary';
}

/** What a key does, with and without Ctrl (⌥ on a Mac). */
const MOVES: Readonly<Record<string, readonly [Move, Move]>> = {
  ArrowLeft: [
    { direction: 'backward', by: 'character' },
    { direction: 'backward', by: 'word' },
  ],
  ArrowRight: [
    { direction: 'forward', by: 'character' },
    { direction: 'forward', by: 'word' },
  ],
  ArrowUp: [
    { direction: 'backward', by: 'line' },
    { direction: 'backward', by: 'line' },
  ],
  ArrowDown: [
    { direction: 'forward', by: 'line' },
    { direction: 'forward', by: 'line' },
  ],
  Home: [
    { direction: 'backward', by: 'lineboundary' },
    { direction: 'backward', by: 'documentboundary' },
  ],
  End: [
    { direction: 'forward', by: 'lineboundary' },
    { direction: 'forward', by: 'documentboundary' },
  ],
};

const readingKey = new PluginKey<boolean>('reading');

function caretElement(): HTMLElement {
  const caret = document.createElement('span');
  caret.className = 'reading-caret';
  caret.setAttribute('aria-hidden', 'true');
  return caret;
}

/** Shows the caret to those who use the keyboard: under a pointer that drags it would part the text. */
function show(view: EditorView, wanted: boolean): void {
  const now = wanted && !view.editable;
  if (readingKey.getState(view.state) !== now) view.dispatch(view.state.tr.setMeta(readingKey, now));
}

export function readingKeys(): Plugin {
  return new Plugin<boolean>({
    key: readingKey,
    state: {
      init: () => false,
      apply: (tr, focused) => (tr.getMeta(readingKey) as boolean | undefined) ?? focused,
    },
    props: {
      decorations(state) {
        if (readingKey.getState(state) !== true || !state.selection.empty) return null;
        return DecorationSet.create(state.doc, [
          Decoration.widget(state.selection.head, caretElement, { key: 'reading', side: -1 }),
        ]);
      },
      handleDOMEvents: {
        keydown(view, event) {
          const move = MOVES[event.key]?.[event.ctrlKey || event.altKey ? 1 : 0];
          if (view.editable || move === undefined || event.metaKey || (event.altKey && event.ctrlKey)) {
            return false;
          }
          const selection = view.dom.ownerDocument.getSelection();
          if (selection === null || !view.dom.contains(selection.anchorNode)) return false;
          show(view, true);
          selection.modify(event.shiftKey ? 'extend' : 'move', move.direction, move.by);
          event.preventDefault();
          return true;
        },
      },
    },
    view(view) {
      let pressing = false;
      const press = () => {
        pressing = true;
        show(view, false);
      };
      const release = () => (pressing = false);
      const focus = () => {
        const selection = view.dom.ownerDocument.getSelection();
        if (pressing || view.editable || selection === null) return;
        show(view, true);
        if (view.dom.contains(selection.anchorNode)) return;
        // Nothing is selected yet: the keys begin where the editor's own selection is.
        const { node, offset } = view.domAtPos(view.state.selection.head);
        selection.collapse(node, offset);
      };
      // An editor that is taken away blurs in the middle of that.
      const blur = () => queueMicrotask(() => view.isDestroyed || show(view, false));
      view.dom.addEventListener('pointerdown', press);
      addEventListener('pointerup', release);
      view.dom.addEventListener('focus', focus);
      view.dom.addEventListener('blur', blur);
      return {
        destroy() {
          view.dom.removeEventListener('pointerdown', press);
          removeEventListener('pointerup', release);
          view.dom.removeEventListener('focus', focus);
          view.dom.removeEventListener('blur', blur);
        },
      };
    },
  });
}
