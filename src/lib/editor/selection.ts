/**
 * Where the selection belongs after a remote change, which replaces the whole document.
 *
 * For text there are up to three candidates: where Yjs says the character before the caret is, the same
 * place in the block of the same `bid`, and the place that the difference of the two documents gives. The
 * one whose surroundings look most like the old ones wins: Yjs knows best while the block lives, but a
 * block that was moved or split by a colleague is, to Yjs, deleted and written anew.
 */
import type { Node as ProseMirrorNode } from '@tiptap/pm/model';
import { type EditorState, NodeSelection, Selection, TextSelection } from '@tiptap/pm/state';
import { CellSelection } from '@tiptap/pm/tables';

/** Characters on each side of a caret that are compared. */
const CONTEXT = 24;
/** Stands for a leaf, such as a line break, in text that is compared. */
const LEAF = '\ufffc';

/** The first and last difference of two documents: `from`–`toA` in one became `from`–`toB` in the other. */
function difference(
  a: ProseMirrorNode,
  b: ProseMirrorNode,
): { from: number; toA: number; toB: number } | null {
  const from = a.content.findDiffStart(b.content);
  const end = a.content.findDiffEnd(b.content);
  if (from === null || end === null) return null;
  const overlap = Math.max(0, from - Math.min(end.a, end.b));
  return { from, toA: end.a + overlap, toB: end.b + overlap };
}

/** Where a position of the old document is in the new one; null inside what changed. */
export function mapPosition(
  before: ProseMirrorNode,
  after: ProseMirrorNode,
): (position: number) => number | null {
  const found = difference(before, after);
  if (found === null) return (position) => position;
  const { from, toA, toB } = found;
  return (position) => (position <= from ? position : position >= toA ? position + toB - toA : null);
}

const bidOf = (node: ProseMirrorNode): string | null => node.attrs['bid'] ?? null;

function commonPrefix(a: string, b: string): number {
  let length = 0;
  while (length < a.length && length < b.length && a[length] === b[length]) length++;
  return length;
}
const reversed = (text: string) =>
  Array.from({ length: text.length }, (_, i) => text[text.length - 1 - i]).join('');

interface Surroundings {
  /** The text before, last character first. */
  left: string;
  right: string;
  bid: string | null;
}

function surroundings(doc: ProseMirrorNode, position: number): Surroundings {
  const $at = doc.resolve(position);
  const text = (from: number, to: number) => $at.parent.textBetween(from, to, undefined, LEAF);
  const { parentOffset: at } = $at;
  return {
    left: reversed(text(Math.max(0, at - CONTEXT), at)),
    right: text(at, Math.min($at.parent.content.size, at + CONTEXT)),
    bid: bidOf($at.parent),
  };
}

/** Where in the changed part of the new document the text around a caret stands: a split or joined block is new. */
function placesOfText(before: ProseMirrorNode, after: ProseMirrorNode, was: Surroundings): number[] {
  const changed = difference(before, after);
  if (changed === null) return [];
  const left = reversed(was.left);
  const places: number[] = [];
  after.nodesBetween(changed.from, Math.min(changed.toB, after.content.size), (node, position) => {
    if (!node.isTextblock) return true;
    const text = node.textBetween(0, node.content.size, undefined, LEAF);
    const ahead = was.right === '' ? -1 : text.indexOf(was.right);
    const behind = left === '' ? -1 : text.indexOf(left);
    if (ahead >= 0) places.push(position + 1 + ahead);
    if (behind >= 0) places.push(position + 1 + behind + left.length);
    return false;
  });
  return places;
}

/** The position in the new document that a caret of the old one goes to. */
function followCaret(before: ProseMirrorNode, after: ProseMirrorNode, old: number, restored: number): number {
  const was = surroundings(before, old);
  const { parentOffset } = before.resolve(old);
  const candidates = [restored];
  if (was.bid !== null) {
    after.descendants((node, position) => {
      if (node.isTextblock && bidOf(node) === was.bid) {
        candidates.push(position + 1 + Math.min(parentOffset, node.content.size));
      }
      return !node.isTextblock;
    });
  }
  const mapped = mapPosition(before, after)(old);
  if (mapped !== null) candidates.push(mapped);
  else candidates.push(...placesOfText(before, after, was));

  let best = restored;
  let bestScore = -1;
  for (const position of candidates) {
    if (position < 0 || position > after.content.size || !after.resolve(position).parent.isTextblock)
      continue;
    const is = surroundings(after, position);
    const score =
      commonPrefix(was.left, is.left) +
      commonPrefix(was.right, is.right) +
      (was.bid !== null && was.bid === is.bid ? 1 : 0);
    if (score > bestScore) {
      best = position;
      bestScore = score;
    }
  }
  return best;
}

/** Where a selected leaf, or table, is now: at its mapped place, else, for a picture, wherever its upload is shown. */
function findSame(after: ProseMirrorNode, node: ProseMirrorNode, mapped: number | null): number | null {
  const there = mapped === null ? null : after.nodeAt(mapped);
  const id: unknown = node.attrs['id'];
  if (there?.type === node.type && there.attrs['id'] === id) return mapped;
  let found: number | null = null;
  after.forEach((other, position) => {
    if (id && other.type === node.type && other.attrs['id'] === id) found ??= position;
  });
  return found;
}

const clamp = (doc: ProseMirrorNode, position: number) => Math.max(0, Math.min(position, doc.content.size));

/** The text nearest to a position, so that typing never replaces a neighbour that was not selected. */
function nearestText(doc: ProseMirrorNode, position: number): Selection {
  const $at = doc.resolve(clamp(doc, position));
  return Selection.findFrom($at, -1, true) ?? Selection.findFrom($at, 1, true) ?? Selection.near($at);
}

/** The selection of `before`, in the document of `after`; `after.selection` is what Yjs restored. */
export function followSelection(before: EditorState, after: EditorState): Selection {
  const { selection } = before;
  const doc = after.doc;
  if (selection instanceof NodeSelection) {
    const found = findSame(doc, selection.node, mapPosition(before.doc, doc)(selection.from));
    return found === null ? nearestText(doc, selection.from) : NodeSelection.create(doc, found);
  }
  if (selection instanceof CellSelection) {
    const map = mapPosition(before.doc, doc);
    const ends = [map(selection.$anchorCell.pos), map(selection.$headCell.pos)];
    const cells = ends.filter(
      (position) =>
        position !== null && ['cell', 'header_cell'].includes(doc.nodeAt(position)?.type.spec['tableRole']),
    );
    const [anchor, head] = cells;
    return typeof anchor !== 'number' || typeof head !== 'number'
      ? nearestText(doc, selection.from)
      : CellSelection.create(doc, anchor, head);
  }
  if (!(selection instanceof TextSelection) || !(after.selection instanceof TextSelection))
    return after.selection;
  if (!selection.$head.parent.isTextblock || !selection.$anchor.parent.isTextblock) return after.selection;
  const head = followCaret(before.doc, doc, selection.head, after.selection.head);
  const anchor = selection.empty
    ? head
    : followCaret(before.doc, doc, selection.anchor, after.selection.anchor);
  return TextSelection.between(doc.resolve(anchor), doc.resolve(head));
}
