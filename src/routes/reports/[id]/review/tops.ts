/** How far down the paper the words of annotations are. */
import type { Node as ProseMirrorNode } from '@tiptap/pm/model';
import type { EditorView } from '@tiptap/pm/view';
import type { ReportEditor } from '#lib/editor/editor.ts';

/** Words within so many pixels of the window are measured themselves; farther ones by their block. */
const NEAR = 1_500;

/** The tops of the blocks of one document, in pixels from the top of the paper. */
interface Measured {
  doc: ProseMirrorNode;
  width: number;
  tops: number[];
}

/** How far below its block's top words stand, in pixels, as long as the block is the same. */
interface Inside {
  block: ProseMirrorNode;
  offset: number;
  top: number;
}

/**
 * Looks where words are. Asking the browser for every block of a long report takes longer than a
 * colleague's keystroke may: what stands before and after a changed block is not asked for again.
 */
export class WordTops {
  #measured: Measured | null = null;
  #inside = new Map<string, Inside>();

  /** Blocks may be of other heights although the text is the same. */
  forget(): void {
    this.#measured = null;
    this.#inside.clear();
  }

  /**
   * The top of each annotation's words, in pixels below `origin` (of the window). Nothing for those that
   * are not in the text.
   * @param shown what of the window shows text
   */
  read(
    editor: ReportEditor,
    ids: readonly string[],
    origin: number,
    shown: { top: number; bottom: number },
  ): Map<string, number> {
    const { view, annotations } = editor;
    const { doc } = view.state;
    const paper = view.dom.getBoundingClientRect();
    const blocks = this.#blockTops(editor, paper);
    const starts: number[] = [];
    doc.forEach((_block, offset) => starts.push(offset));
    const tops = new Map<string, number>();
    for (const id of ids) {
      const range = annotations.range(id);
      if (range === null) continue;
      const index = indexAt(starts, range.from);
      const top = paper.top + (blocks[index] ?? 0);
      const isNear = top > shown.top - NEAR && top < shown.bottom + NEAR;
      const inside = isNear
        ? this.#insideTop(view, id, { index, start: starts[index] ?? 0 }, range.from, top)
        : 0;
      tops.set(id, Math.round(top + inside - origin));
    }
    return tops;
  }

  #insideTop(
    view: EditorView,
    id: string,
    { index, start }: { index: number; start: number },
    from: number,
    blockTop: number,
  ): number {
    const block = view.state.doc.child(index);
    const offset = from - start;
    const known = this.#inside.get(id);
    if (known?.block === block && known.offset === offset) return known.top;
    const top = block.isLeaf ? 0 : view.coordsAtPos(from, 1).top - blockTop;
    this.#inside.set(id, { block, offset, top });
    return top;
  }

  #blockTops({ view }: ReportEditor, paper: DOMRect): number[] {
    const { doc } = view.state;
    const before = this.#measured;
    const count = doc.childCount;
    let same = 0;
    let sameEnd = 0;
    if (before?.width !== paper.width) this.#inside.clear();
    if (before !== null && before.width === paper.width) {
      const most = Math.min(count, before.doc.childCount);
      while (same < most && doc.child(same) === before.doc.child(same)) same++;
      const old = before.doc.childCount;
      while (
        sameEnd < most - same &&
        doc.child(count - 1 - sameEnd) === before.doc.child(old - 1 - sameEnd)
      ) {
        sameEnd++;
      }
    }
    const tops: number[] = [];
    let shift: number | null = null;
    let offset = 0;
    for (let i = 0; i < count; i++) {
      const old = before?.tops[i < same ? i : i - count + before.doc.childCount] ?? 0;
      const isKnown = i < same || (i >= count - sameEnd && shift !== null);
      if (isKnown) tops.push(i < same ? old : old + (shift ?? 0));
      else {
        const dom = view.nodeDOM(offset);
        const top = dom instanceof Element ? dom.getBoundingClientRect().top - paper.top : old;
        tops.push(top);
        if (i >= count - sameEnd) shift = top - old;
      }
      offset += doc.child(i).nodeSize;
    }
    this.#measured = { doc, width: paper.width, tops };
    return tops;
  }
}

type PositionOf = (id: string) => number;

/** The places of annotations in the order of the text; what begins at one position has one place. */
export function rank(tops: ReadonlyMap<string, number>, positionOf: PositionOf): Map<string, number> {
  const ids = [...tops.keys()].sort((a, b) => positionOf(a) - positionOf(b));
  const ranks = new Map<string, number>();
  for (const [index, id] of ids.entries()) {
    const before = ids[index - 1];
    const isSame = before !== undefined && positionOf(before) === positionOf(id);
    ranks.set(id, isSame ? (ranks.get(before) ?? index) : index);
  }
  return ranks;
}

/** Whether these places still hold, as after most keystrokes they do. */
export function areRanked(
  ranks: ReadonlyMap<string, number>,
  tops: ReadonlyMap<string, number>,
  positionOf: PositionOf,
): boolean {
  if (ranks.size !== tops.size) return false;
  let last: { place: number; position: number } | null = null;
  for (const [id, place] of ranks) {
    if (!tops.has(id)) return false;
    const position = positionOf(id);
    if (last !== null && (place === last.place ? position !== last.position : position <= last.position)) {
      return false;
    }
    last = { place, position };
  }
  return true;
}

/** The last of the sorted numbers that is not above a position. */
function indexAt(starts: readonly number[], position: number): number {
  let low = 0;
  let high = starts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((starts[middle] ?? 0) <= position) low = middle;
    else high = middle - 1;
  }
  return low;
}
