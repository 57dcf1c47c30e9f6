/** Top-level blocks by where they stand in the window. */
import type { EditorView } from '@tiptap/pm/view';

/** Where a block stands in the window. */
export function boxOf(view: EditorView, offset: number): DOMRect {
  const dom = view.nodeDOM(offset);
  return dom instanceof Element ? dom.getBoundingClientRect() : new DOMRect();
}

/**
 * The first block of which something holds that holds of all below it too, with its position; their number and
 * the end of the text when there is none. It is looked for by halves: to look at each would take as long as a
 * key may.
 */
export function firstBlock(
  view: EditorView,
  isIt: (box: DOMRect) => boolean,
): { index: number; offset: number } {
  const { doc } = view.state;
  const offsets: number[] = [];
  doc.forEach((_block, offset) => offsets.push(offset));
  let low = 0;
  let high = offsets.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (isIt(boxOf(view, offsets[middle] ?? 0))) high = middle;
    else low = middle + 1;
  }
  return { index: low, offset: offsets[low] ?? doc.content.size };
}
