/** What a person can do to the text, as ProseMirror commands: `(state, dispatch?) => whether it applies`. */
import { toggleMark } from '@tiptap/pm/commands';
import type { MarkType, Node as ProseMirrorNode, ResolvedPos, Schema } from '@tiptap/pm/model';
import {
  type Command,
  type EditorState,
  NodeSelection,
  Selection,
  TextSelection,
  type Transaction,
} from '@tiptap/pm/state';
import {
  type Alignment,
  isAllowedHref,
  MAX_LIST_LEVEL,
  type MarkName,
  type ParagraphAttrs,
  type ParagraphStyle,
  type PictureAttrs,
} from '#lib/report/model.ts';
import { newBid } from './bid.ts';
import { newParagraph, paragraphAttrs, paragraphType, storedParagraphAttrs } from './paragraph.ts';

export const isList = (style: ParagraphStyle) => style === 'bullet' || style === 'ordered';

const nodeType = (schema: Schema, name: string) => {
  const type = schema.nodes[name];
  if (!type) throw new Error(`the schema has no ${name}`);
  return type;
};

export function markType(schema: Schema, name: MarkName): MarkType {
  const type = schema.marks[name];
  if (!type) throw new Error(`the schema has no mark ${name}`);
  return type;
}

/** The paragraphs that the selection touches, with their positions. */
export function selectedParagraphs(state: EditorState): { node: ProseMirrorNode; position: number }[] {
  const found: { node: ProseMirrorNode; position: number }[] = [];
  for (const { $from, $to } of state.selection.ranges) {
    state.doc.nodesBetween($from.pos, $to.pos, (node, position) => {
      if (node.type.name === 'paragraph') found.push({ node, position });
      return !node.isTextblock;
    });
  }
  return found;
}

/** Gives a paragraph new attributes, each on its own, so that a colleague's change of another one stays. */
function changeParagraph(
  tr: Transaction,
  { node, position }: { node: ProseMirrorNode; position: number },
  attrs: Partial<ParagraphAttrs>,
): void {
  const before = paragraphAttrs(node);
  const next = storedParagraphAttrs({ ...before, ...attrs });
  // A name alone is no change: it would be an undo step that nobody sees.
  if (Object.entries(next).some(([name, value]) => node.attrs[name] !== value)) {
    tr.setNodeMarkup(position, undefined, { ...next, bid: before.bid ?? newBid() });
  }
}

const changeSelected =
  (
    change: (attrs: ParagraphAttrs, index: number, position: number) => Partial<ParagraphAttrs> | null,
  ): Command =>
  (state, dispatch) => {
    const { tr } = state;
    const paragraphs = selectedParagraphs(state);
    paragraphs.forEach((paragraph, index) => {
      const attrs = change(paragraphAttrs(paragraph.node), index, paragraph.position);
      if (attrs) changeParagraph(tr, paragraph, attrs);
    });
    if (paragraphs.length === 0) return false;
    if (tr.docChanged) dispatch?.(tr.scrollIntoView());
    return true;
  };

/** The paragraph right before a position, in the same parent. */
function paragraphBefore(doc: ProseMirrorNode, position: number): ProseMirrorNode | null {
  const before = doc.resolve(position).nodeBefore;
  return before?.type.name === 'paragraph' ? before : null;
}

/** Whether a number of `level` at `position` would go on one of the list right above it. */
function continuesNumbers(doc: ProseMirrorNode, position: number, level: number): boolean {
  let above = position;
  for (let node = paragraphBefore(doc, above); node; node = paragraphBefore(doc, above)) {
    const attrs = paragraphAttrs(node);
    if (!isList(attrs.style) || attrs.level < level) return false;
    if (attrs.style === 'ordered' && attrs.level === level) return true;
    above -= node.nodeSize;
  }
  return false;
}

/** Gives the selected paragraphs a style; a numbering that continues none above begins anew. */
export const setStyle =
  (style: ParagraphStyle): Command =>
  (state, dispatch) =>
    changeSelected((attrs, index, position) => ({
      style,
      level: isList(style) ? attrs.level : 0,
      restart: style === 'ordered' && index === 0 && !continuesNumbers(state.doc, position, attrs.level),
    }))(state, dispatch);

/** Gives the selected paragraphs a style, or body when all of them have it. */
export const toggleStyle =
  (style: ParagraphStyle): Command =>
  (state, dispatch) => {
    const all = selectedParagraphs(state).every(({ node }) => paragraphAttrs(node).style === style);
    return setStyle(all ? 'body' : style)(state, dispatch);
  };

/** Aligns the selected paragraphs; null is as the style has it. */
export const setAlign = (align: Alignment | null): Command => changeSelected(() => ({ align }));

/** Moves selected bullets and numbers in (+1) or out (−1); false outside a list. */
export const changeLevel =
  (by: 1 | -1): Command =>
  (state, dispatch) => {
    if (!selectedParagraphs(state).some(({ node }) => isList(paragraphAttrs(node).style))) return false;
    return changeSelected((attrs) =>
      isList(attrs.style) ? { level: Math.max(0, Math.min(MAX_LIST_LEVEL, attrs.level + by)) } : null,
    )(state, dispatch);
  };

/** Lets the numbering begin anew at the selected paragraph, or go on. */
export const toggleRestart: Command = (state, dispatch) =>
  selectedParagraphs(state).some(({ node }) => paragraphAttrs(node).style === 'ordered') &&
  changeSelected((attrs, index) =>
    attrs.style === 'ordered' && index === 0 ? { restart: !attrs.restart } : null,
  )(state, dispatch);

export const toggle =
  (name: MarkName): Command =>
  (state, dispatch) =>
    toggleMark(markType(state.schema, name), null, { includeWhitespace: true })(state, dispatch);

/** The range of text around a position that carries a mark. */
function markRange($at: ResolvedPos, type: MarkType): { from: number; to: number } | null {
  const { parent } = $at;
  let index = $at.index();
  if (index === parent.childCount || !type.isInSet(parent.child(index).marks)) index--;
  if (index < 0 || !type.isInSet(parent.child(index).marks)) return null;
  let first = index;
  let last = index;
  while (first > 0 && type.isInSet(parent.child(first - 1).marks)) first--;
  while (last + 1 < parent.childCount && type.isInSet(parent.child(last + 1).marks)) last++;
  let from = $at.start();
  for (let i = 0; i < first; i++) from += parent.child(i).nodeSize;
  let to = from;
  for (let i = first; i <= last; i++) to += parent.child(i).nodeSize;
  return { from, to };
}

/**
 * Makes the phrase at the paragraph's start, up to its first 。, a run-in heading, or takes it back; with
 * a selection, the selected text.
 */
export const toggleRunIn: Command = (state, dispatch) => {
  const { selection, schema } = state;
  if (!selection.empty) return toggle('runIn')(state, dispatch);
  const { $from } = selection;
  if (!$from.parent.isTextblock) return false;
  const type = markType(schema, 'runIn');
  const here = markRange($from, type);
  if (here) {
    dispatch?.(state.tr.removeMark(here.from, here.to, type).removeStoredMark(type));
    return true;
  }
  const text = $from.parent.textBetween(0, $from.parent.content.size, undefined, ' ');
  const end = text.indexOf('。') + 1;
  if (end === 0 || end > 60) return toggle('runIn')(state, dispatch);
  const start = $from.start();
  dispatch?.(state.tr.addMark(start, start + end, type.create()).removeStoredMark(type));
  return true;
};

/** The address of the link at the selection; null without one. */
export function linkAt(state: EditorState): string | null {
  const { $from, from, to, empty } = state.selection;
  const type = markType(state.schema, 'link');
  let mark = type.isInSet($from.marks());
  if (!mark && $from.nodeAfter) mark = type.isInSet($from.nodeAfter.marks);
  if (!mark && !empty) {
    state.doc.nodesBetween(from, to, (node) => {
      mark ??= type.isInSet(node.marks);
    });
  }
  const href: unknown = mark?.attrs['href'];
  return typeof href === 'string' ? href : null;
}

/** The range a link command works on: the selection, else the link around the caret. */
function linkRange(state: EditorState): { from: number; to: number } | null {
  const { selection } = state;
  if (!selection.empty) return { from: selection.from, to: selection.to };
  return selection.$from.parent.isTextblock
    ? markRange(selection.$from, markType(state.schema, 'link'))
    : null;
}

/** Links the selection, or the link around the caret; with neither, inserts the address as linked text. False for a forbidden address. */
export const setLink =
  (href: string): Command =>
  (state, dispatch) => {
    if (!isAllowedHref(href)) return false;
    const type = markType(state.schema, 'link');
    const range = linkRange(state);
    const { tr } = state;
    if (range) tr.removeMark(range.from, range.to, type).addMark(range.from, range.to, type.create({ href }));
    else if (!state.selection.$from.parent.isTextblock) return false;
    else tr.replaceSelectionWith(state.schema.text(href, [type.create({ href })]), false);
    dispatch?.(tr.scrollIntoView());
    return true;
  };

export const unsetLink: Command = (state, dispatch) => {
  const range = linkRange(state);
  if (!range) return false;
  dispatch?.(state.tr.removeMark(range.from, range.to, markType(state.schema, 'link')));
  return true;
};

/** Takes all marks off the selection. */
export const clearMarks: Command = (state, dispatch) => {
  const { from, to, empty } = state.selection;
  if (empty) return false;
  dispatch?.(state.tr.removeMark(from, to));
  return true;
};

/** Inserts blocks at the selection: in place of an empty paragraph, else after the block of the caret. */
export function insertBlocks(state: EditorState, blocks: ProseMirrorNode[]): { tr: Transaction; at: number } {
  const { tr, selection } = state;
  if (selection instanceof TextSelection && !selection.empty) tr.deleteSelection();
  const $at = tr.selection.$from;
  let at: number;
  if ($at.parent.isTextblock && $at.parent.content.size === 0 && $at.depth > 0) {
    at = $at.before();
    tr.delete(at, $at.after());
  } else if ($at.parent.isTextblock) {
    at = $at.parentOffset === 0 ? $at.before() : $at.after();
    if ($at.parentOffset > 0 && $at.parentOffset < $at.parent.content.size) {
      tr.split($at.pos, 1, [
        { type: $at.parent.type, attrs: { ...$at.parent.attrs, bid: newBid(), restart: null } },
      ]);
      at = $at.pos + 1;
    }
  } else at = tr.selection.to;
  tr.insert(at, blocks);
  return { tr, at };
}

/** Inserts an empty table with a header row, and puts the caret into its first cell. */
export const insertTable =
  (rows: number, columns: number): Command =>
  (state, dispatch) => {
    const { schema, selection } = state;
    for (let depth = selection.$from.depth; depth > 0; depth--) {
      if (selection.$from.node(depth).type.spec['tableRole']) return false;
    }
    const cell = (name: string) => nodeType(schema, name).create(null, newParagraph(schema));
    const row = (name: string) =>
      nodeType(schema, 'tableRow').create(
        null,
        Array.from({ length: columns }, () => cell(name)),
      );
    const table = nodeType(schema, 'table').create(
      null,
      Array.from({ length: rows }, (_one, index) => row(index === 0 ? 'tableHeader' : 'tableCell')),
    );
    const { tr, at } = insertBlocks(state, [table]);
    const $after = tr.doc.resolve(at + table.nodeSize);
    // Somewhere to go on writing below the table.
    if (!$after.nodeAfter) tr.insert($after.pos, newParagraph(schema));
    tr.setSelection(Selection.near(tr.doc.resolve(at + 1)));
    dispatch?.(tr.scrollIntoView());
    return true;
  };

export const insertDivider: Command = (state, dispatch) => {
  const node = nodeType(state.schema, 'divider').create();
  const { tr, at } = insertBlocks(state, [node]);
  const end = at + node.nodeSize;
  if (!tr.doc.resolve(end).nodeAfter?.isTextblock) tr.insert(end, newParagraph(state.schema));
  tr.setSelection(Selection.near(tr.doc.resolve(end + 1)));
  dispatch?.(tr.scrollIntoView());
  return true;
};

/** The node of an uploaded picture. */
export const picture = (schema: Schema, attrs: PictureAttrs): ProseMirrorNode =>
  nodeType(schema, 'picture').create(attrs);

export const insertHardBreak: Command = (state, dispatch) => {
  if (!state.selection.$from.parent.inlineContent) return false;
  const marks = state.storedMarks ?? state.selection.$from.marks();
  const node = nodeType(state.schema, 'hardBreak').create(null, null, marks);
  dispatch?.(state.tr.replaceSelectionWith(node, false).ensureMarks(marks).scrollIntoView());
  return true;
};

/** The attributes of the paragraph that Enter opens after one with these, at its end. */
function nextAttrs(attrs: ParagraphAttrs): Partial<ParagraphAttrs> {
  switch (attrs.style) {
    case 'body':
    case 'signature':
      return { style: attrs.style, align: attrs.align };
    case 'bullet':
    case 'ordered':
      return { style: attrs.style, align: attrs.align, level: attrs.level };
    case 'quote':
      return { style: 'quote' };
    default:
      return { style: 'body' };
  }
}

/**
 * Enter. In an empty bullet, number or quote: one level out, in the end to body. At a paragraph's start: an
 * empty one before it, so that the text keeps its block, and its comments and authors. At the end of a
 * heading: body. Elsewhere: two paragraphs of the style.
 */
export const splitParagraph: Command = (state, dispatch) => {
  const { tr } = state;
  if (!(state.selection instanceof TextSelection)) return false;
  if (!state.selection.empty) tr.deleteSelection();
  const { $from } = tr.selection;
  if ($from.parent.type.name !== 'paragraph') return false;
  if (!dispatch) return true;
  const node = $from.parent;
  const attrs = paragraphAttrs(node);
  const position = $from.before();
  if (node.content.size === 0 && (isList(attrs.style) || attrs.style === 'quote')) {
    changeParagraph(
      tr,
      { node, position },
      attrs.level > 0 ? { level: attrs.level - 1 } : { style: 'body', restart: false },
    );
  } else if ($from.parentOffset === 0 && node.content.size > 0) {
    const above = isList(attrs.style) || attrs.style === 'quote' ? attrs : { style: 'body' as const };
    tr.insert(position, newParagraph(state.schema, { ...above, bid: newBid() }));
    if (attrs.restart) {
      const pushed = position + 2;
      changeParagraph(tr, { node, position: pushed }, { restart: false });
    }
  } else {
    const end = $from.parentOffset === node.content.size;
    const next = end ? nextAttrs(attrs) : { ...attrs, restart: false };
    tr.split($from.pos, 1, [
      { type: paragraphType(state.schema), attrs: storedParagraphAttrs({ ...next, bid: newBid() }) },
    ]);
  }
  // What is typed next keeps the marks, except those that belong to the words before.
  const marks = (state.storedMarks ?? $from.marks()).filter(
    ({ type }) => type.name !== 'runIn' && type.name !== 'link',
  );
  if (attrs.style === 'body' && marks.length > 0) tr.ensureMarks(marks);
  dispatch(tr.scrollIntoView());
  return true;
};

/**
 * Backspace at a paragraph's start: a bullet, number or quote becomes body; an empty paragraph before it
 * is removed (rather than joined: the text keeps its block); the document's first becomes body.
 */
export const backspaceAtStart: Command = (state, dispatch) => {
  const { $from, empty } = state.selection;
  if (!empty || $from.parentOffset > 0 || $from.parent.type.name !== 'paragraph') return false;
  const node = $from.parent;
  const { style } = paragraphAttrs(node);
  const position = $from.before();
  if (isList(style) || style === 'quote' || (style !== 'body' && $from.index(-1) === 0)) {
    const { tr } = state;
    changeParagraph(tr, { node, position }, { style: 'body', level: 0, restart: false });
    dispatch?.(tr.scrollIntoView());
    return true;
  }
  const before = paragraphBefore(state.doc, position);
  if (before?.content.size === 0) {
    dispatch?.(state.tr.delete(position - before.nodeSize, position).scrollIntoView());
    return true;
  }
  return false;
};

/** Delete in an empty paragraph before another: the empty one goes, the other keeps its block. */
export const deleteEmpty: Command = (state, dispatch) => {
  const { $from, empty } = state.selection;
  if (!empty || $from.parent.type.name !== 'paragraph' || $from.parent.content.size > 0) return false;
  const after = state.doc.resolve($from.after()).nodeAfter;
  if (after?.type.name !== 'paragraph') return false;
  const { tr } = state;
  tr.delete($from.before(), $from.after());
  tr.setSelection(TextSelection.near(tr.doc.resolve($from.before() + 1)));
  dispatch?.(tr.scrollIntoView());
  return true;
};

/** Moves the selected top-level blocks past their neighbour. */
export const moveBlocks =
  (by: 1 | -1): Command =>
  (state, dispatch) => {
    const { $from, $to } = state.selection;
    const first = $from.index(0);
    const last = $to.depth === 0 ? $to.index(0) - 1 : $to.index(0);
    const { doc, tr } = state;
    if (last < first || (by < 0 ? first === 0 : last + 1 >= doc.childCount)) return false;
    if (!dispatch) return true;
    const start = $from.depth === 0 ? $from.pos : $from.before(1);
    const end = $to.depth === 0 ? $to.pos : $to.after(1);
    const neighbour = doc.child(by < 0 ? first - 1 : last + 1);
    const blocks = doc.slice(start, end).content;
    const target = by < 0 ? start - neighbour.nodeSize : start + neighbour.nodeSize;
    tr.delete(start, end).insert(target, blocks);
    const shift = target - start;
    const { selection } = state;
    if (selection instanceof TextSelection) {
      tr.setSelection(TextSelection.create(tr.doc, selection.anchor + shift, selection.head + shift));
    } else if (selection instanceof NodeSelection) {
      tr.setSelection(NodeSelection.create(tr.doc, selection.from + shift));
    }
    dispatch(tr.scrollIntoView());
    return true;
  };
