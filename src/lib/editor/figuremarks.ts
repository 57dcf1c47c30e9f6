/**
 * Quiet marks on the figures of the text, and on what checking them found: decorations, never content. A
 * paragraph is read when it changes, and no other; while pinyin is composed nothing is read or drawn anew.
 * Whether a registered figure is still what somebody vouched for is computed here, at once; the server's
 * word follows.
 */
import type { Node as ProseMirrorNode } from '@tiptap/pm/model';
import { type EditorState, Plugin, PluginKey, type Transaction } from '@tiptap/pm/state';
import { Decoration, DecorationSet, type EditorView } from '@tiptap/pm/view';
import { relativePositionToAbsolutePosition } from 'y-prosemirror';
import type { DetectedFigure } from '#lib/figures/figure.ts';
import { decodePosition } from './annotations.ts';
import { isRemoteChange, type ReportBinding } from './collaboration.ts';
import { difference, mappingOf, mapRange, type Range } from './difference.ts';
import {
  type FigurePlaces,
  followed,
  type KnownFigure,
  NOWHERE,
  placed,
  placedIn,
  placesOf,
  replacedBy,
  withBlock,
} from './figureplaces.ts';
import { type FigureReader, readingOf } from './figurereading.ts';
import { nearKey, nearWindow } from './near.ts';

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

interface Marks {
  reader: FigureReader | null;
  places: FigurePlaces;
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
  places: NOWHERE,
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

/** A top-level block, with its position and its index. */
interface Block {
  node: ProseMirrorNode;
  offset: number;
  index: number;
}

/** The figures of one block with what is registered of them. A registered one is the figure that it has most of. */
function marksOf(reader: FigureReader, places: FigurePlaces, { node, offset, index }: Block): FigureMark[] {
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
  for (const { known, range } of placedIn(places, { index, offset, size: node.nodeSize })) {
    let best: (typeof marks)[number] | null = null;
    let most = 0;
    for (const mark of marks) {
      const common = Math.min(mark.to - offset, range.to) - Math.max(mark.from - offset, range.from);
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

/** Blocks that a change reached, or that hold what changed. */
type IsDirty = (from: number, to: number) => boolean;

const isIn = ({ from, to }: Range, offset: number, end: number) => offset >= from && end <= to;

/**
 * Reads the blocks that are dirty, and draws those of them that are near the window. A registered figure grows
 * with what was typed in front of it.
 */
function draw(marks: Marks, doc: ProseMirrorNode, isDirty: IsDirty): Marks {
  const { reader, near } = marks;
  if (reader === null) return marks;
  let { drawn, places } = marks;
  doc.forEach((node, offset, index) => {
    if (!isDirty(offset, offset + node.nodeSize)) return;
    const block = { node, offset, index };
    const read = marksOf(reader, places, block);
    places = grown(places, block, read);
    if (isIn(near, offset, offset + node.nodeSize)) drawn = redrawBlock(drawn, doc, node, offset, read);
  });
  return { ...marks, places, drawn, read: doc };
}

/** The places with each figure as long as it is read, unless it has become one with another. */
function grown(places: FigurePlaces, { offset, index }: Block, read: readonly FigureMark[]): FigurePlaces {
  const longer = new Map<string, Range>();
  const here = new Map((places.blocks[index] ?? []).map(({ known, range }) => [known.id, range]));
  for (const { from, to, ids } of read) {
    const [id] = ids;
    const range = id === undefined || ids.length > 1 ? undefined : here.get(id);
    if (id === undefined || range === undefined) continue;
    const whole = { from: Math.min(range.from, from - offset), to: Math.max(range.to, to - offset) };
    if (whole.from !== range.from || whole.to !== range.to) longer.set(id, whole);
  }
  if (longer.size === 0) return places;
  return withBlock(places, index, (one) => ({
    known: one.known,
    range: longer.get(one.known.id) ?? one.range,
  }));
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
      .map(({ from, to, kind }) => Decoration.inline(from, to, { class: `flag ${kind}` }, { kind })),
  );
}

interface Placed extends Range {
  kind: string;
}
const inOrder = (a: Placed, b: Placed) => a.from - b.from || a.to - b.to || a.kind.localeCompare(b.kind);

/** Whether the flags stand there already: after most checks they all do. */
function isFlagged(flagged: DecorationSet, flags: readonly Flag[]): boolean {
  const known = flagged.find().map(({ from, to, spec }) => ({ from, to, kind: String(spec['kind']) }));
  if (known.length !== flags.length) return false;
  known.sort(inOrder);
  return flags.toSorted(inOrder).every((flag, i) => {
    const one = known[i];
    return one !== undefined && inOrder(one, flag) === 0;
  });
}

const within = (all: DecorationSet, { from, to }: Range, doc: ProseMirrorNode) =>
  DecorationSet.create(doc, all.find(from, to));

/** All figures of the text, in its order. */
export function figureMarks(state: EditorState): FigureMark[] {
  const { reader, places } = marksKey.getState(state) ?? NONE;
  const marks: FigureMark[] = [];
  if (reader === null) return marks;
  state.doc.forEach((node, offset, index) => {
    marks.push(...marksOf(reader, places, { node, offset, index }));
  });
  return marks;
}

/** The figure at a position; null: none is there. */
export function figureMarkAt(state: EditorState, position: number): FigureMark | null {
  const { reader, places } = marksKey.getState(state) ?? NONE;
  if (reader === null) return null;
  const { index, offset, node } = state.doc.childBefore(Math.min(position, state.doc.content.size));
  if (node === null) return null;
  const marks = marksOf(reader, places, { node, offset, index });
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
    // A transaction out of Yjs replaced everything; only so much has changed.
    const change = isRemote ? difference(before, doc) : replacedBy(tr);
    if (change === null) return marks;
    const { size } = doc.content;
    const places = followed(marks.places, before, doc, change, (known, range) => {
      if (isRemote) return (range && mapRange(range, change)) ?? resolve(known, size);
      return range && moved(range, tr);
    });
    const mapping = isRemote ? mappingOf(change) : tr.mapping;
    return {
      ...marks,
      places,
      drawn: marks.drawn.map(mapping, doc),
      flagged: marks.flagged.map(mapping, doc),
      flaggedNear: marks.flaggedNear.map(mapping, doc),
    };
  }

  function place(marks: Marks, list: readonly KnownFigure[], doc: ProseMirrorNode): [Marks, IsDirty] {
    const before = new Map(placed(marks.places, doc).map((one) => [one.known.id, one]));
    const dirty: Range[] = [];
    const now = list.map((known) => {
      const old = before.get(known.id);
      before.delete(known.id);
      const isSame = old?.known.from === known.from && old.known.to === known.to;
      // An anchor that the text has meanwhile gone past says less than where the words were followed to.
      const range = isSame ? old.range : (resolve(known, doc.content.size) ?? old?.range ?? null);
      if (old?.known.verifiedKey !== known.verifiedKey || old.range !== range) {
        if (old) dirty.push(old.range);
        if (range) dirty.push(range);
      }
      return { known, range };
    });
    for (const { range } of before.values()) dirty.push(range);
    const isDirty: IsDirty = (from, to) => dirty.some((range) => range.from < to && range.to > from);
    return [{ ...marks, places: placesOf(doc, now) }, isDirty];
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
        const flags = told?.flags && !isFlagged(marks.flagged, told.flags) ? told.flags : null;
        if (flags) marks = { ...marks, flagged: flagAll(doc, flags) };
        if (flags || isElsewhere) marks = { ...marks, flaggedNear: within(marks.flagged, near, doc) };
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
function moved(range: Range, { mapping }: Transaction): Range | null {
  const from = mapping.map(range.from, 1);
  const to = mapping.map(range.to, -1);
  return from < to ? { from, to } : null;
}
