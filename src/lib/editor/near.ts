/**
 * The part of a long text that is near the window. Marks that there may be thousands of are drawn there only:
 * each is an element, and all of them together double what a key costs the browser. They must not change where
 * anything stands, or the text would move under the reader when they appear.
 */
import type { Node as ProseMirrorNode } from '@tiptap/pm/model';
import { type EditorState, Plugin, PluginKey, type Transaction } from '@tiptap/pm/state';
import type { EditorView } from '@tiptap/pm/view';
import { isRemoteChange } from './collaboration.ts';
import { firstBlock } from './blocks.ts';
import { difference, mappingOf, type Range } from './difference.ts';

/** Drawn above and below the window, in heights of it. */
const AHEAD = 1;
/** What has to be drawn there at least, in heights of it: with less, more is drawn. */
const LEAST = 0.5;
/** Milliseconds after an edit: one may have brought far text near, and to look costs a layout. */
const AFTER_EDIT = 400;

const NOWHERE: Range = { from: 0, to: 0 };
/** Null: nobody has looked yet. As a transaction's meta: the part that is near from then on. */
export const nearKey = new PluginKey<Range | null>('near');

/** The positions of the blocks that are near the window; an empty range before anybody has looked. */
export function nearWindow(state: EditorState): Range {
  return nearKey.getState(state) ?? NOWHERE;
}

function follow(near: Range, tr: Transaction, before: ProseMirrorNode): Range {
  // A transaction out of Yjs replaces everything; only this much has changed.
  const change = isRemoteChange(tr) ? difference(before, tr.doc) : null;
  if (change === null && isRemoteChange(tr)) return near;
  const mapping = change === null ? tr.mapping : mappingOf(change);
  return { from: mapping.map(near.from, -1), to: mapping.map(near.to, 1) };
}

/** The top-level blocks that reach into a stretch of the window. */
function blocksBetween(view: EditorView, top: number, bottom: number): Range {
  const begin = firstBlock(view, (box) => box.bottom > top);
  const end = firstBlock(view, (box) => box.top >= bottom);
  return { from: begin.offset, to: end.offset };
}

export function near(): Plugin {
  return new Plugin<Range | null>({
    key: nearKey,
    state: {
      init: () => null,
      apply(tr, before, old) {
        const seen: Range | undefined = tr.getMeta(nearKey);
        if (seen !== undefined) return seen;
        return before !== null && tr.docChanged ? follow(before, tr, old.doc) : before;
      },
    },
    view(view) {
      let frame = 0;
      let timer: ReturnType<typeof setTimeout> | undefined;
      let pressing = false;
      const look = () => {
        frame = 0;
        // Redrawing would end a composition, and disturb a selection that is being drawn.
        if (view.composing || pressing) return;
        const height = innerHeight;
        const known = nearKey.getState(view.state) ?? null;
        const least = blocksBetween(view, -LEAST * height, (1 + LEAST) * height);
        if (known !== null && known.from <= least.from && known.to >= least.to) return;
        const seen = blocksBetween(view, -AHEAD * height, (1 + AHEAD) * height);
        view.dispatch(view.state.tr.setMeta(nearKey, seen).setMeta('addToHistory', false));
      };
      const soon = () => (frame ||= requestAnimationFrame(look));
      const later = () => {
        clearTimeout(timer);
        timer = setTimeout(soon, AFTER_EDIT);
      };
      const press = () => (pressing = true);
      const release = () => {
        pressing = false;
        soon();
      };
      const listening = new AbortController();
      const { signal } = listening;
      // Whatever scrolls: scrolling does not bubble.
      document.addEventListener('scroll', soon, { signal, capture: true, passive: true });
      addEventListener('resize', soon, { signal });
      addEventListener('pointerup', release, { signal });
      addEventListener('pointercancel', release, { signal });
      view.dom.addEventListener('pointerdown', press, { signal });
      view.dom.addEventListener('compositionend', later, { signal });
      soon();
      return {
        update: (_view, { doc }) => {
          if (doc !== view.state.doc) later();
        },
        destroy() {
          listening.abort();
          clearTimeout(timer);
          cancelAnimationFrame(frame);
        },
      };
    },
  });
}
