/**
 * Marks on words that belong to something beside the text: comments, and proposed replacements, struck with
 * the new words after them. Where they stand comes once from their anchors; from then on they follow the
 * text, so that a thousand of them cost a colleague's keystroke next to nothing.
 */
import type { Node as ProseMirrorNode } from '@tiptap/pm/model';
import { type EditorState, Plugin, PluginKey, type Transaction } from '@tiptap/pm/state';
import { Decoration, DecorationSet, type EditorView } from '@tiptap/pm/view';
import { relativePositionToAbsolutePosition } from 'y-prosemirror';
import * as Y from 'yjs';
import { isRemoteChange, type ReportBinding } from './collaboration.ts';
import { difference, mappingOf, mapRange, type Range } from './difference.ts';

export interface Annotation {
  id: string;
  /** Relative positions in the content, as base64: before the first and after the last character. */
  from: string;
  to: string;
  /** What shall stand instead; null for a comment. */
  replacement: string | null;
  /** Publishing waits for it. */
  blocking: boolean;
}

interface Marked {
  annotation: Annotation;
  /** Null while its words are not in the text. */
  range: Range | null;
}

interface Marks {
  marked: ReadonlyMap<string, Marked>;
  active: string | null;
  drawn: DecorationSet;
}

interface Told {
  annotations?: readonly Annotation[];
  active?: string | null;
}

const annotationsKey = new PluginKey<Marks>('annotations');
const NONE: Marks = { marked: new Map(), active: null, drawn: DecorationSet.empty };
/** Milliseconds after a composition's end: the browser still writes its text. */
const AFTER_COMPOSITION = 50;

export function encodePosition(position: Y.RelativePosition): string {
  return btoa(String.fromCharCode(...Y.encodeRelativePosition(position)));
}

export function decodePosition(text: string): Y.RelativePosition {
  return Y.decodeRelativePosition(Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0)));
}

/** What one annotation looks like; nothing while its words are not in the text. */
function decorate(doc: ProseMirrorNode, { annotation, range }: Marked, active: string | null): Decoration[] {
  if (range === null) return [];
  const { id, replacement, blocking } = annotation;
  const { from, to } = range;
  const names = ['annotated'];
  if (replacement !== null) names.push('struck');
  if (blocking) names.push('blocking');
  if (id === active) names.push('active');
  const attributes = { class: names.join(' ') };
  const node = doc.nodeAt(from);
  if (node?.isAtom && node.isBlock && from + node.nodeSize === to) {
    return [Decoration.node(from, to, attributes, { id })];
  }
  const words = Decoration.inline(from, to, attributes, { id });
  if (!replacement) return [words];
  const name = id === active ? 'proposed active' : 'proposed';
  const instead = Decoration.widget(to, () => replacementElement(name, replacement), {
    id,
    key: `${id} ${name} ${replacement}`,
    side: 1,
    ignoreSelection: true,
  });
  return [words, instead];
}

/** Draws some annotations anew, or no more; the others stay as they are, and cost nothing. */
function redraw(
  drawn: DecorationSet,
  doc: ProseMirrorNode,
  marked: Marks['marked'],
  active: string | null,
  ids: ReadonlySet<string>,
): DecorationSet {
  if (ids.size === 0) return drawn;
  const old = drawn.find(undefined, undefined, (spec) => ids.has(spec['id'] as string));
  const now = [...ids].flatMap((id) => {
    const one = marked.get(id);
    return one ? decorate(doc, one, active) : [];
  });
  return drawn.remove(old).add(doc, now);
}

/** The words are drawn by CSS: text in the DOM would be read, copied and counted as part of the report. */
function replacementElement(name: string, replacement: string): HTMLElement {
  const element = document.createElement('ins');
  element.className = name;
  element.dataset['text'] = replacement;
  return element;
}

export interface Annotations {
  plugin: Plugin;
  /** Shows these and no others. Those that are shown already stay where they followed the text to. */
  set(view: EditorView, annotations: readonly Annotation[]): void;
  /** Marks one out among the others. */
  activate(view: EditorView, id: string | null): void;
}

/** Where an annotation's words are; null while they are not in the text. */
export function annotationRange(state: EditorState, id: string): Range | null {
  return annotationsKey.getState(state)?.marked.get(id)?.range ?? null;
}

/** The annotations at a position, the shortest first. */
function annotationsAt(state: EditorState, position: number): string[] {
  const { marked } = annotationsKey.getState(state) ?? NONE;
  return [...marked.values()]
    .flatMap(({ annotation, range }) => (range === null ? [] : [{ id: annotation.id, range }]))
    .filter(({ range }) => range.from <= position && position <= range.to)
    .sort((a, b) => a.range.to - a.range.from - (b.range.to - b.range.from))
    .map(({ id }) => id);
}

/** @param onPick told of the annotation that was clicked; null for text without any */
export function annotations(binding: ReportBinding, onPick: (id: string | null) => void): Annotations {
  /** Once the click has put the caret where it should be: redrawing before would put it back. */
  const pick = (id: string | null) => setTimeout(() => onPick(id));
  /** What is to be shown once a composition is over. */
  let waiting: Told | null = null;

  function resolve({ from, to }: Annotation, size: number): Range | null {
    const at = (text: string) =>
      relativePositionToAbsolutePosition(binding.doc, binding.type, decodePosition(text), binding.mapping) as
        number | null;
    const start = at(from);
    const end = at(to);
    return start === null || end === null || end <= start || end > size ? null : { from: start, to: end };
  }

  /** What a change out of Yjs did not touch moves along; the rest is looked up. */
  function followRemote({ marked, active, drawn }: Marks, before: ProseMirrorNode, doc: ProseMirrorNode) {
    const change = difference(before, doc);
    if (change === null) return { marked, active, drawn };
    const moved = new Map<string, Marked>();
    const touched = new Set<string>();
    for (const [id, one] of marked) {
      const range = one.range && mapRange(one.range, change);
      if (range === null) touched.add(id);
      const now = range ?? resolve(one.annotation, doc.content.size);
      moved.set(id, now === one.range ? one : { ...one, range: now });
    }
    // The transaction replaced everything; only this much has changed.
    const mapping = mappingOf(change);
    return {
      marked: moved,
      active,
      drawn: redraw(drawn.map(mapping, doc), doc, moved, active, touched),
    };
  }

  function followLocal({ marked, active, drawn }: Marks, { mapping, doc }: Transaction): Marks {
    const moved = new Map<string, Marked>();
    for (const [id, { annotation, range }] of marked) {
      const from = range && mapping.map(range.from, 1);
      const to = range && mapping.map(range.to, -1);
      const isThere = from !== null && to !== null && from < to;
      moved.set(id, { annotation, range: isThere ? { from, to } : null });
    }
    return { marked: moved, active, drawn: drawn.map(mapping, doc) };
  }

  function place({ marked, active, drawn }: Marks, list: readonly Annotation[], doc: ProseMirrorNode): Marks {
    const placed = new Map<string, Marked>();
    const changed = new Set(marked.keys());
    for (const annotation of list) {
      const { id } = annotation;
      const before = marked.get(id);
      const isSame = before?.annotation.from === annotation.from && before.annotation.to === annotation.to;
      // An anchor that the text has meanwhile gone past says less than where the words were followed to.
      const range =
        isSame && before.range
          ? before.range
          : (resolve(annotation, doc.content.size) ?? before?.range ?? null);
      placed.set(id, { annotation, range });
      const looksSame =
        before?.annotation.replacement === annotation.replacement &&
        before.annotation.blocking === annotation.blocking &&
        before.range?.from === range?.from &&
        before.range?.to === range?.to;
      if (looksSame) changed.delete(id);
      else changed.add(id);
    }
    return { marked: placed, active, drawn: redraw(drawn, doc, placed, active, changed) };
  }

  function activate({ marked, active, drawn }: Marks, now: string | null, doc: ProseMirrorNode): Marks {
    const changed = new Set([active, now].filter((id) => id !== null && active !== now) as string[]);
    return { marked, active: now, drawn: redraw(drawn, doc, marked, now, changed) };
  }

  function tell(view: EditorView, told: Told): void {
    // Redrawing under a composition would end it.
    if (view.composing) waiting = { ...waiting, ...told };
    else view.dispatch(view.state.tr.setMeta(annotationsKey, told).setMeta('addToHistory', false));
  }

  const plugin = new Plugin<Marks>({
    key: annotationsKey,
    state: {
      init: () => NONE,
      apply(tr, before, old, { doc }) {
        const told: Told | undefined = tr.getMeta(annotationsKey);
        let marks = before;
        if (tr.docChanged && marks.marked.size > 0) {
          marks = isRemoteChange(tr) ? followRemote(marks, old.doc, doc) : followLocal(marks, tr);
        }
        if (told?.annotations) marks = place(marks, told.annotations, doc);
        if (told?.active !== undefined) marks = activate(marks, told.active, doc);
        return marks;
      },
    },
    props: {
      decorations: (state) => annotationsKey.getState(state)?.drawn,
      handleClick(view, position) {
        pick(annotationsAt(view.state, position)[0] ?? null);
        return false;
      },
      handleClickOn(view, _position, node, nodePosition, _event, direct) {
        if (direct && node.isAtom && node.isBlock) {
          const ids = annotationsAt(view.state, nodePosition);
          const exact = ids.find((id) => annotationRange(view.state, id)?.from === nodePosition);
          if (exact !== undefined) pick(exact);
        }
        return false;
      },
    },
    view(view) {
      let timer: ReturnType<typeof setTimeout> | undefined;
      const composed = () => {
        clearTimeout(timer);
        timer = setTimeout(() => {
          if (waiting === null || view.composing) return;
          const told = waiting;
          waiting = null;
          tell(view, told);
        }, AFTER_COMPOSITION);
      };
      view.dom.addEventListener('compositionend', composed);
      return {
        destroy() {
          clearTimeout(timer);
          view.dom.removeEventListener('compositionend', composed);
        },
      };
    },
  });
  return {
    plugin,
    set: (view, list) => tell(view, { annotations: list }),
    activate: (view, id) => tell(view, { active: id }),
  };
}
