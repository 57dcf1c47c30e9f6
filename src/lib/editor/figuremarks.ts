/**
 * Quiet marks on the figures of the text, and on what checking them found: decorations, never content. A
 * paragraph is read when it changes, and no other; while pinyin is composed nothing is read or drawn anew.
 * Whether a registered figure is still what somebody vouched for is computed here, at once; the server's
 * word follows.
 */
import type { Node as ProseMirrorNode } from '@tiptap/pm/model';
import { type EditorState, Plugin, PluginKey, type Transaction } from '@tiptap/pm/state';
import type { Mappable } from '@tiptap/pm/transform';
import { Decoration, DecorationSet, type EditorView } from '@tiptap/pm/view';
import { relativePositionToAbsolutePosition } from 'y-prosemirror';
import type { DetectedFigure } from '#lib/figures/figure.ts';
import { decodePosition } from './annotations.ts';
import { isRemoteChange, type ReportBinding } from './collaboration.ts';
import { difference, mappingOf, mapRange, type Range } from './difference.ts';
import { type FigureReader, readingOf } from './figurereading.ts';
import { nearKey, nearWindow } from './near.ts';

/** What the register says of a figure, as far as the text shows it. */
export interface KnownFigure {
  id: string;
  /** Relative positions in the content, as base64: before the first and after the last character. */
  from: string;
  to: string;
  /** What somebody vouched for; null: nobody did. */
  verifiedKey: string | null;
}

export type MarkState = 'detected' | 'registered' | 'verified' | 'stale';

/** A figure of the text as it stands. */
export interface FigureMark extends Range {
  figure: DetectedFigure;
  /** The index of its top-level block. */
  block: number;
  /** Those of the register that it is; more than one when figures have become one. */
  ids: readonly string[];
  state: MarkState;
}

/** What checking found, on its words. */
export interface Flag extends Range {
  kind: 'mismatch' | 'query' | 'language';
}

/** What the text is to show from now on; what is left out stays. */
export interface FigureTold {
  reader?: FigureReader;
  known?: readonly KnownFigure[];
  flags?: readonly Flag[];
  shown?: boolean;
}

interface Followed {
  known: KnownFigure;
  /** Null while its words are not in the text. */
  range: Range | null;
}

interface Marks {
  reader: FigureReader | null;
  followed: ReadonlyMap<string, Followed>;
  shown: boolean;
  /** The part of the text that is drawn, as `near.ts` has it. */
  near: Range;
  drawn: DecorationSet;
  /** On the whole text; what of it is drawn is in `flaggedNear`. */
  flagged: DecorationSet;
  flaggedNear: DecorationSet;
  /** The document that was read last; null: none yet. */
  read: ProseMirrorNode | null;
}

const marksKey = new PluginKey<Marks>('figures');
const NONE: Marks = {
  reader: null,
  followed: new Map(),
  shown: true,
  near: { from: 0, to: 0 },
  drawn: DecorationSet.empty,
  flagged: DecorationSet.empty,
  flaggedNear: DecorationSet.empty,
  read: null,
};
/** Milliseconds after a composition's end: the browser still writes its text. */
const AFTER_COMPOSITION = 50;
/** Asks for what was left while a composition ran. */
const SETTLE: FigureTold = {};

const overlap = (a: Range, b: Range) => Math.min(a.to, b.to) - Math.max(a.from, b.from);

/** The figures of one block with what is registered of them. A registered one is the figure that it has most of. */
function marksOf(
  reader: FigureReader,
  node: ProseMirrorNode,
  offset: number,
  index: number,
  followed: Iterable<Followed>,
): FigureMark[] {
  const located = readingOf(reader).block(node);
  const marks = located.map(({ from, to, figure }) => ({
    figure,
    from: offset + from,
    to: offset + to,
    block: index,
    ids: [] as string[],
    state: 'detected' as MarkState,
  }));
  if (marks.length === 0) return marks;
  for (const { known, range } of followed) {
    if (range === null || range.to <= offset || range.from >= offset + node.nodeSize) continue;
    let best: (typeof marks)[number] | null = null;
    let most = 0;
    for (const mark of marks) {
      const common = overlap(mark, range);
      if (common > most) [best, most] = [mark, common];
    }
    if (best === null) continue;
    const state: MarkState =
      known.verifiedKey === null
        ? 'registered'
        : reader.keyOf(best.figure) === known.verifiedKey
          ? 'verified'
          : 'stale';
    // Of figures that have become one, what speaks against one of them is shown.
    if (best.ids.length === 0 || state === 'stale') best.state = state;
    best.ids.push(known.id);
  }
  return marks;
}

/** Years, periods and dates are shown where somebody registered them: otherwise every line would have some. */
const isQuiet = ({ figure: { kind }, state }: FigureMark) =>
  state === 'detected' && (kind === 'year' || kind === 'period' || kind === 'date');

const classOf = ({ state }: FigureMark) => `figure ${state}`;

/** Draws one block anew, unless it looks as it did. */
function redrawBlock(
  drawn: DecorationSet,
  doc: ProseMirrorNode,
  node: ProseMirrorNode,
  offset: number,
  marks: readonly FigureMark[],
): DecorationSet {
  const wanted = marks.filter((mark) => !isQuiet(mark));
  const old = drawn.find(offset, offset + node.nodeSize).sort((a, b) => a.from - b.from);
  const isSame =
    old.length === wanted.length &&
    old.every((decoration, i) => {
      const mark = wanted[i];
      return (
        decoration.from === mark?.from &&
        decoration.to === mark.to &&
        decoration.spec['name'] === classOf(mark)
      );
    });
  if (isSame) return drawn;
  const added = wanted.map((mark) => {
    const name = classOf(mark);
    return Decoration.inline(mark.from, mark.to, { class: name }, { name });
  });
  return drawn.remove(old).add(doc, added);
}

/** What is registered in each top-level block, by its index. */
function registeredByBlock(
  doc: ProseMirrorNode,
  followed: ReadonlyMap<string, Followed>,
): ReadonlyMap<number, Followed[]> {
  const ends: number[] = [];
  doc.forEach((node, offset) => ends.push(offset + node.nodeSize));
  const blocks = new Map<number, Followed[]>();
  for (const one of followed.values()) {
    if (one.range === null) continue;
    // The first block that ends behind where it begins; it may reach into those after it.
    let low = 0;
    let high = ends.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((ends[middle] ?? 0) > one.range.from) high = middle;
      else low = middle + 1;
    }
    for (let index = low; index < ends.length; index++) {
      const known = blocks.get(index);
      if (known) known.push(one);
      else blocks.set(index, [one]);
      if ((ends[index] ?? 0) >= one.range.to) break;
    }
  }
  return blocks;
}

/** Blocks that a change reached, or that hold what changed. */
type IsDirty = (from: number, to: number) => boolean;

const isIn = ({ from, to }: Range, offset: number, end: number) => offset >= from && end <= to;

/**
 * Reads the blocks that are dirty, and draws those of them that are near the window. A registered figure grows
 * with what was typed in front of it.
 */
function draw(marks: Marks, doc: ProseMirrorNode, isDirty: IsDirty): Marks {
  const { reader } = marks;
  if (reader === null) return marks;
  let { drawn, followed } = marks;
  const dirty: { node: ProseMirrorNode; offset: number; index: number }[] = [];
  doc.forEach((node, offset, index) => {
    if (isDirty(offset, offset + node.nodeSize)) dirty.push({ node, offset, index });
  });
  // One paragraph is looked through as it is; for many it pays to sort what is registered first.
  const sorted = dirty.length > 3 ? registeredByBlock(doc, followed) : null;
  for (const { node, offset, index } of dirty) {
    const here = sorted === null ? followed.values() : (sorted.get(index) ?? []);
    const read = marksOf(reader, node, offset, index, here);
    for (const { from, to, ids } of read) {
      const [id] = ids;
      const one = id === undefined || ids.length > 1 ? undefined : followed.get(id);
      if (one?.range && (one.range.from > from || one.range.to < to)) {
        const range = { from: Math.min(one.range.from, from), to: Math.max(one.range.to, to) };
        followed = new Map(followed).set(one.known.id, { known: one.known, range });
      }
    }
    if (isIn(marks.near, offset, offset + node.nodeSize)) drawn = redrawBlock(drawn, doc, node, offset, read);
  }
  return { ...marks, followed, drawn, read: doc };
}

const everything: IsDirty = () => true;
const never: IsDirty = () => false;

/** What a change made dirty. */
function dirtyBy(before: ProseMirrorNode | null, doc: ProseMirrorNode): IsDirty {
  if (before === null) return everything;
  const change = difference(before, doc);
  if (change === null) return never;
  return (from, to) => from <= change.afterTo && to >= change.from;
}

function flagAll(doc: ProseMirrorNode, flags: readonly Flag[]): DecorationSet {
  const size = doc.content.size;
  return DecorationSet.create(
    doc,
    flags
      .filter(({ from, to }) => from < to && to <= size)
      .map(({ from, to, kind }) => Decoration.inline(from, to, { class: `flag ${kind}` })),
  );
}

const within = (all: DecorationSet, { from, to }: Range, doc: ProseMirrorNode) =>
  DecorationSet.create(doc, all.find(from, to));

/** All figures of the text, in its order. */
export function figureMarks(state: EditorState): FigureMark[] {
  const { reader, followed } = marksKey.getState(state) ?? NONE;
  const marks: FigureMark[] = [];
  if (reader === null) return marks;
  const sorted = registeredByBlock(state.doc, followed);
  state.doc.forEach((node, offset, index) => {
    marks.push(...marksOf(reader, node, offset, index, sorted.get(index) ?? []));
  });
  return marks;
}

/** The figure at a position; null: none is there. */
export function figureMarkAt(state: EditorState, position: number): FigureMark | null {
  const { reader, followed } = marksKey.getState(state) ?? NONE;
  if (reader === null) return null;
  const { index, offset, node } = state.doc.childBefore(Math.min(position, state.doc.content.size));
  if (node === null) return null;
  const marks = marksOf(reader, node, offset, index, followed.values());
  return (
    marks.find(({ from, to }) => from <= position && position < to) ??
    marks.find(({ to }) => to === position) ??
    null
  );
}

export interface FigureMarks {
  plugin: Plugin;
  tell(view: EditorView, told: FigureTold): void;
}

export function figures(binding: ReportBinding): FigureMarks {
  let composing = false;
  /** What is to be shown once a composition is over. */
  let waiting: FigureTold | null = null;

  function resolve({ from, to }: KnownFigure, size: number): Range | null {
    const at = (text: string) =>
      relativePositionToAbsolutePosition(binding.doc, binding.type, decodePosition(text), binding.mapping) as
        number | null;
    const start = at(from);
    const end = at(to);
    return start === null || end === null || end <= start || end > size ? null : { from: start, to: end };
  }

  /** Takes everything along with a change of the text. */
  function follow(marks: Marks, tr: Transaction, before: ProseMirrorNode, doc: ProseMirrorNode): Marks {
    const isRemote = isRemoteChange(tr);
    const change = isRemote ? difference(before, doc) : null;
    if (isRemote && change === null) return marks;
    const followed = new Map<string, Followed>();
    for (const [id, one] of marks.followed) {
      const { known, range } = one;
      if (range !== null && change === null) followed.set(id, moved(one, range, tr.mapping));
      else if (change !== null) {
        const now = (range && mapRange(range, change)) ?? resolve(known, doc.content.size);
        followed.set(id, now === range ? one : { known, range: now });
      } else followed.set(id, one);
    }
    // A transaction out of Yjs replaced everything; only this much has changed.
    const mapping = change === null ? tr.mapping : mappingOf(change);
    return {
      ...marks,
      followed,
      drawn: marks.drawn.map(mapping, doc),
      flagged: marks.flagged.map(mapping, doc),
      flaggedNear: marks.flaggedNear.map(mapping, doc),
    };
  }

  function place(marks: Marks, list: readonly KnownFigure[], doc: ProseMirrorNode): [Marks, IsDirty] {
    const followed = new Map<string, Followed>();
    const dirty: Range[] = [];
    for (const known of list) {
      const before = marks.followed.get(known.id);
      const isSame = before?.known.from === known.from && before.known.to === known.to;
      // An anchor that the text has meanwhile gone past says less than where the words were followed to.
      const range =
        isSame && before.range ? before.range : (resolve(known, doc.content.size) ?? before?.range ?? null);
      followed.set(known.id, { known, range });
      if (before?.known.verifiedKey !== known.verifiedKey || before.range !== range) {
        if (before?.range) dirty.push(before.range);
        if (range) dirty.push(range);
      }
    }
    for (const [id, { range }] of marks.followed) if (range && !followed.has(id)) dirty.push(range);
    const isDirty: IsDirty = (from, to) => dirty.some((range) => range.from < to && range.to > from);
    return [{ ...marks, followed }, isDirty];
  }

  function tell(view: EditorView, told: FigureTold): void {
    // Redrawing under a composition would end it.
    if (composing || view.composing) waiting = { ...waiting, ...told };
    else view.dispatch(view.state.tr.setMeta(marksKey, told).setMeta('addToHistory', false));
  }

  const plugin = new Plugin<Marks>({
    key: marksKey,
    state: {
      init: () => NONE,
      apply(tr, before, old, state) {
        const { doc } = state;
        const told: FigureTold | undefined = tr.getMeta(marksKey);
        const near = nearWindow(state);
        const isElsewhere = tr.getMeta(nearKey) !== undefined;
        if (!tr.docChanged && told === undefined && !isElsewhere) return before;
        let marks = tr.docChanged ? follow(before, tr, old.doc, doc) : before;
        marks = { ...marks, near };
        let isDirty: IsDirty = never;
        if (told?.shown !== undefined) marks = { ...marks, shown: told.shown };
        if (told?.flags) marks = { ...marks, flagged: flagAll(doc, told.flags) };
        if (told?.flags || isElsewhere) {
          marks = { ...marks, flaggedNear: within(marks.flagged, near, doc) };
        }
        if (isElsewhere) marks = { ...marks, drawn: within(marks.drawn, near, doc) };
        if (told?.reader && told.reader !== marks.reader) {
          marks = { ...marks, reader: told.reader, read: null };
        }
        if (told?.known) [marks, isDirty] = place(marks, told.known, doc);
        // What is left now is drawn with everything else once it is over.
        if (composing) return isElsewhere ? { ...marks, read: null } : marks;
        const isChanged = marks.read === doc ? never : dirtyBy(marks.read, doc);
        const isNew: IsDirty = isElsewhere ? (from, to) => isIn(near, from, to) : never;
        if ([isDirty, isChanged, isNew].every((one) => one === never)) return marks;
        return draw(marks, doc, (from, to) => isNew(from, to) || isChanged(from, to) || isDirty(from, to));
      },
    },
    props: {
      decorations: (state) => {
        const { shown, drawn } = marksKey.getState(state) ?? NONE;
        return shown ? drawn : null;
      },
    },
    view(view) {
      let timer: ReturnType<typeof setTimeout> | undefined;
      const start = () => {
        clearTimeout(timer);
        composing = true;
      };
      const end = () => {
        clearTimeout(timer);
        timer = setTimeout(() => {
          composing = false;
          const told = waiting ?? SETTLE;
          waiting = null;
          tell(view, told);
        }, AFTER_COMPOSITION);
      };
      view.dom.addEventListener('compositionstart', start);
      view.dom.addEventListener('compositionend', end);
      return {
        destroy() {
          clearTimeout(timer);
          view.dom.removeEventListener('compositionstart', start);
          view.dom.removeEventListener('compositionend', end);
        },
      };
    },
  });
  return { plugin, tell };
}

/** What findings are about, drawn by a plugin of its own: a plugin has one set of decorations. */
export function figureFlags(): Plugin {
  return new Plugin({
    props: {
      decorations: (state) => {
        const { shown, flaggedNear } = marksKey.getState(state) ?? NONE;
        return shown ? flaggedNear : null;
      },
    },
  });
}

/** Where words are after an edit made here; what is typed at their edges is outside. */
function moved(one: Followed, range: Range, mapping: Mappable): Followed {
  const from = mapping.map(range.from, 1);
  const to = mapping.map(range.to, -1);
  if (range.from === from && range.to === to) return one;
  return { known: one.known, range: from < to ? { from, to } : null };
}
