/** Keys act on the selection that is on the screen. */
import { Plugin } from '@tiptap/pm/state';

type Ends = readonly [Node | null, number, Node | null, number];

/**
 * Browsers tell of a moved caret a task later, and a key that is already waiting overtakes the news: the
 * second of two quick keys, or the first on a page that is busy, would act where the caret was before.
 * So before each key ProseMirror is told first.
 */
export function freshSelection(): Plugin {
  let told: Ends = [null, 0, null, 0];
  const ends = (document: Document): Ends => {
    const selection = document.getSelection();
    return [
      selection?.anchorNode ?? null,
      selection?.anchorOffset ?? 0,
      selection?.focusNode ?? null,
      selection?.focusOffset ?? 0,
    ];
  };
  return new Plugin({
    view(view) {
      const { ownerDocument } = view.dom;
      const note = () => (told = ends(ownerDocument));
      ownerDocument.addEventListener('selectionchange', note);
      return { destroy: () => ownerDocument.removeEventListener('selectionchange', note) };
    },
    props: {
      handleDOMEvents: {
        keydown(view, event) {
          if (event.isComposing || view.composing) return false;
          const { ownerDocument } = view.dom;
          if (ends(ownerDocument).some((end, index) => end !== told[index])) {
            ownerDocument.dispatchEvent(new Event('selectionchange'));
          }
          return false;
        },
      },
    },
  });
}
