/**
 * The binding of the editor to the Yjs content: y-prosemirror's, with five differences, each of which
 * loses text or the caret without it (the table in `e2e/editor-binding.spec.ts` has a row for each).
 *
 * 1. A block that was moved is deleted from Yjs and inserted again before the ordinary diff runs. The
 *    diff alone would turn one block's text into the other's, under the hands of whoever types in it.
 * 2. The caret is remembered by the character before it, so that what a colleague types at the same spot
 *    comes after it; node and cell selections are not remembered by position at all.
 * 3. After a remote change the selection follows its block, and its surrounding text (`selection.ts`).
 * 4. The undo manager is ours, and lives as long as the editor (`undo.ts`).
 * 5. A transaction that leaves the document as it was is not synced.
 *
 * y-prosemirror 2 maps moves and positions itself; when it is out for Yjs 13 and passes that table, this
 * file can go.
 */
import { Fragment, type Node as ProseMirrorNode } from '@tiptap/pm/model';
import { type EditorState, NodeSelection, Plugin, TextSelection, type Transaction } from '@tiptap/pm/state';
import type { EditorView } from '@tiptap/pm/view';
import {
  absolutePositionToRelativePosition,
  ProsemirrorBinding,
  relativePositionToAbsolutePosition,
  updateYFragment,
  ySyncPluginKey,
} from 'y-prosemirror';
import * as Y from 'yjs';
import { longestIncreasing } from './increasing.ts';
import { followSelection } from './selection.ts';
import { dropAbsentSpans } from './spans.ts';

/** A selection in terms of Yjs, as y-prosemirror keeps it; `null` positions restore nothing. */
export interface RelativeSelection {
  type: string;
  anchor: Y.RelativePosition | null;
  head: Y.RelativePosition | null;
}

interface SyncState {
  type: Y.XmlFragment;
  doc: Y.Doc;
  binding: ReportBinding;
  snapshot: null;
  prevSnapshot: null;
  isChangeOrigin: boolean;
  isUndoRedoOperation: boolean;
  addToHistory: boolean;
}

const syncMeta = (tr: Transaction): Partial<SyncState> | undefined => tr.getMeta(ySyncPluginKey);

/** Whether a transaction brings a change out of Yjs: a colleague's, or an undo or redo of one's own. */
export function isRemoteChange(tr: Transaction): boolean {
  return syncMeta(tr)?.isChangeOrigin === true;
}

export class ReportBinding extends ProsemirrorBinding {
  /** The document as Yjs has it: difference 5. */
  private synced: ProseMirrorNode | null = null;

  constructor(fragment: Y.XmlFragment) {
    super(fragment);
    this.beforeAllTransactions = () => {
      if (this.beforeTransactionSelection === null && this.prosemirrorView !== null) {
        this.beforeTransactionSelection = this.relativeSelection(this.view.state);
      }
    };
  }

  private get view(): EditorView {
    return this.prosemirrorView;
  }

  /** The top-level blocks that the selection touches, by index. */
  selectedBlocks(): { first: number; last: number } {
    const { $from, $to } = this.view.state.selection;
    return { first: $from.index(0), last: $to.depth === 0 ? $to.index(0) - 1 : $to.index(0) };
  }

  /** The selection in terms of Yjs, each end held by the character before it: difference 2. */
  relativeSelection({ selection }: EditorState): RelativeSelection {
    if (!(selection instanceof TextSelection)) {
      const all = selection.toJSON()['type'] === 'all';
      const anchor = all ? this.leftAssociated(selection.anchor) : null;
      return { type: all ? 'all' : 'none', anchor, head: anchor };
    }
    return {
      type: 'text',
      anchor: this.leftAssociated(selection.anchor),
      head: this.leftAssociated(selection.head),
    };
  }

  private leftAssociated(position: number): Y.RelativePosition | null {
    const right: Y.RelativePosition = absolutePositionToRelativePosition(position, this.type, this.mapping);
    const found = Y.createAbsolutePositionFromRelativePosition(right, this.doc);
    if (found === null) return null;
    if (found.type instanceof Y.XmlText) {
      return Y.createRelativePositionFromTypeIndex(found.type, found.index, -1);
    }
    // An empty block: its start, where text that a colleague types into it comes after the caret.
    return right.item === null && right.type !== null
      ? new Y.RelativePosition(right.type, null, null, -1)
      : right;
  }

  /**
   * Two ends of something that stays with its own characters: what is typed at either edge does not join
   * it. A block (a picture) is held by its place among its siblings. Null when there is nothing between.
   */
  anchor(from: number, to: number): { from: Y.RelativePosition; to: Y.RelativePosition } | null {
    const block = this.view.state.doc.nodeAt(from);
    if (block?.isBlock && block.isAtom) {
      const type = [...this.mapping].find(([, node]) => node === block)?.[0];
      const parent = type?.parent;
      if (!(type instanceof Y.XmlElement)) return null;
      if (!(parent instanceof Y.XmlElement) && !(parent instanceof Y.XmlFragment)) return null;
      const index = parent.toArray().indexOf(type);
      return {
        from: Y.createRelativePositionFromTypeIndex(parent, index, 0),
        to: Y.createRelativePositionFromTypeIndex(parent, index + 1, -1),
      };
    }
    const end = to > from ? this.leftAssociated(to) : null;
    const start: Y.RelativePosition = absolutePositionToRelativePosition(from, this.type, this.mapping);
    return end && { from: start, to: end };
  }

  /**
   * Replaces stretches of text, none reaching over a paragraph's end or a line break, each by itself: whatever
   * holds on to the characters between them stays where it is, which an edit of the editor's own, written to
   * Yjs as one change from the first to the last, would undo. In reverse order of the text.
   */
  replaceEach(edits: readonly { from: number; to: number; text: string }[]): void {
    const placed = edits.map(({ from, to, text }) => {
      const position: Y.RelativePosition = absolutePositionToRelativePosition(from, this.type, this.mapping);
      const at = Y.createAbsolutePositionFromRelativePosition(position, this.doc);
      if (!(at?.type instanceof Y.XmlText)) throw new Error(`no text at ${from}`);
      return { type: at.type, index: at.index, length: to - from, text };
    });
    this.doc.transact(() => {
      for (const { type, index, length, text } of placed) {
        // Behind its first character, it takes that one's marks.
        type.insert(index + Math.min(1, length), text);
        type.delete(index + (length > 0 ? 1 : 0) + text.length, Math.max(0, length - 1));
        if (length > 0) type.delete(index, 1);
      }
    }, ySyncPluginKey);
    this.synced = this.view.state.doc;
  }

  /** Where a remembered selection is now; null when its text is gone. */
  absoluteSelection(relative: RelativeSelection): { anchor: number; head: number } | null {
    if (relative.anchor === null || relative.head === null) return null;
    const find = (position: Y.RelativePosition) =>
      relativePositionToAbsolutePosition(this.doc, this.type, position, this.mapping);
    const anchor = find(relative.anchor);
    const head = find(relative.head);
    return anchor === null || head === null ? null : { anchor, head };
  }

  override _forceRerender(): void {
    // Nothing to restore: upstream would put a text selection at the start, where there may be no text.
    this.beforeTransactionSelection = { type: 'none', anchor: null, head: null };
    super._forceRerender();
    this.afterAllTransactions();
    this.synced = this.view.state.doc;
  }

  override _typeChanged(events: Y.YEvent<Y.AbstractType<unknown>>[], transaction: Y.Transaction): void {
    super._typeChanged(events, transaction);
    // Inside our own edit the binding's mutex skips the call, and the document is synced by that edit.
    if (transaction.origin !== ySyncPluginKey) this.synced = this.view.state.doc;
  }

  override _prosemirrorChanged(doc: ProseMirrorNode): void {
    this.doc.transact(() => {
      if (!this.pushBlock(doc)) {
        moveBlocks(this, doc);
        updateYFragment(this.doc, this.type, doc, this);
        dropAbsentSpans(this.type, this.mapping);
      }
      this.beforeTransactionSelection = this.relativeSelection(this.view.state);
    }, ySyncPluginKey);
  }

  /**
   * Writes the only top-level block that differs from what Yjs has, as typing leaves it, without going through the
   * others; false: there is more to it.
   */
  private pushBlock(doc: ProseMirrorNode): boolean {
    const index = this.synced === null ? null : onlyChanged(this.synced, doc);
    if (index === null) return false;
    const known = this.synced?.child(index);
    const node = doc.child(index);
    const type = this.type.get(index);
    if (!(type instanceof Y.XmlElement) || this.mapping.get(type) !== known || known?.type !== node.type) {
      return false;
    }
    updateYFragment(this.doc, type, node, this);
    dropAbsentSpans(type, this.mapping);
    this.mapping.set(this.type, doc);
    return true;
  }

  /** Writes the editor's document to Yjs if it has changed. */
  push(state: EditorState, addToHistory: boolean): void {
    if (state.doc === this.synced) return;
    this.mux(() => {
      this.doc.transact((transaction) => {
        transaction.meta.set('addToHistory', addToHistory);
        this._prosemirrorChanged(state.doc);
      }, ySyncPluginKey);
      this.synced = state.doc;
    });
  }
}

/** The index of the only child that is not the same in two documents of equally many; null: they differ in more. */
function onlyChanged(before: ProseMirrorNode, after: ProseMirrorNode): number | null {
  if (before.childCount !== after.childCount) return null;
  let changed: number | null = null;
  for (let index = 0; index < after.childCount; index++) {
    if (before.child(index) === after.child(index)) continue;
    if (changed !== null) return null;
    changed = index;
  }
  return changed;
}

interface Placed {
  /** The block's index in Yjs. */
  at: number;
  /** Its index in the new document. */
  index: number;
}

/** Of unchanged blocks those that were moved: the selected ones if that explains it, else the fewest. */
function movedAmong(placed: readonly Placed[], selected: { first: number; last: number }): Placed[] {
  const inOrder = (blocks: readonly Placed[]) =>
    blocks.every(({ index }, i) => i === 0 || index > (blocks[i - 1]?.index ?? -1));
  if (inOrder(placed)) return [];
  const isSelected = ({ index }: Placed) => index >= selected.first && index <= selected.last;
  if (inOrder(placed.filter((block) => !isSelected(block)))) return placed.filter(isSelected);
  const ordered = longestIncreasing(placed.map(({ index }) => index));
  return placed.filter((_block, i) => !ordered.has(i));
}

/**
 * Difference 1. Moved blocks are deleted from Yjs, and inserted again one run at a time, so that each diff has a single insertion to find.
 */
function moveBlocks(binding: ReportBinding, doc: ProseMirrorNode): void {
  const places = new Map<ProseMirrorNode, number[]>();
  doc.forEach((node, _offset, index) => {
    const known = places.get(node);
    if (known) known.push(index);
    else places.set(node, [index]);
  });
  const kept: Placed[] = [];
  binding.type.toArray().forEach((child, at) => {
    const node = binding.mapping.get(child);
    const index = node && !Array.isArray(node) ? places.get(node)?.shift() : undefined;
    if (index !== undefined) kept.push({ at, index });
  });
  const moved = movedAmong(kept, binding.selectedBlocks());
  if (moved.length === 0) return;

  for (const { at } of moved.toReversed()) {
    binding.mapping.delete(binding.type.get(at));
    binding.type.delete(at, 1);
  }
  const missing = new Set(moved.map(({ index }) => index));
  while (missing.size > 0) {
    const present: ProseMirrorNode[] = [];
    doc.forEach((node, _offset, index) => {
      if (!missing.has(index)) present.push(node);
    });
    updateYFragment(binding.doc, binding.type, doc.copy(Fragment.from(present)), binding);
    for (let index = Math.min(...missing); missing.delete(index); index++);
  }
}

/** The binding of a Y.XmlFragment as a ProseMirror plugin, under the key that upstream's own code looks for. */
export function collaboration(fragment: Y.XmlFragment): { plugins: Plugin[]; binding: ReportBinding } {
  const { doc } = fragment;
  if (doc === null) throw new Error('the content fragment belongs to no Y.Doc');
  const binding = new ReportBinding(fragment);
  const sync = new Plugin<SyncState>({
    key: ySyncPluginKey,
    state: {
      init: () => ({
        type: fragment,
        doc,
        binding,
        snapshot: null,
        prevSnapshot: null,
        isChangeOrigin: false,
        isUndoRedoOperation: false,
        addToHistory: true,
      }),
      apply: (tr, before) => ({
        ...before,
        addToHistory: tr.getMeta('addToHistory') !== false,
        isChangeOrigin: isRemoteChange(tr),
        isUndoRedoOperation: isRemoteChange(tr) && syncMeta(tr)?.isUndoRedoOperation === true,
      }),
    },
    view(view) {
      binding.initView(view);
      binding._forceRerender();
      return {
        update: (view) => binding.push(view.state, sync.getState(view.state)?.addToHistory ?? true),
        destroy: () => binding.destroy(),
      };
    },
  });
  const follow = new Plugin({
    appendTransaction(transactions, before, after) {
      if (!transactions.some(isRemoteChange)) return null;
      const selection = followSelection(before, after);
      return selection.eq(after.selection) && !(after.selection instanceof NodeSelection)
        ? null
        : after.tr.setSelection(selection);
    },
  });
  return { plugins: [sync, follow], binding };
}
