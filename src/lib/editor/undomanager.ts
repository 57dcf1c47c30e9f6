import * as Y from 'yjs';

/**
 * Yjs's undo manager, without one of its faults (yjs#736): of text that an undo brought back, and that was
 * written into since, taking back its creation removes only what stands before the new letters. The rest
 * stayed, and was there twice as soon as the step before brought it back as well.
 */
export class UndoManager extends Y.UndoManager {
  override undo(): ReturnType<Y.UndoManager['undo']> {
    this.#split(this.undoStack);
    return super.undo();
  }

  override redo(): ReturnType<Y.UndoManager['redo']> {
    this.#split(this.redoStack);
    return super.redo();
  }

  /** Splits the items that a stack speaks of where those that stand for them now are split. */
  #split(stack: Y.UndoManager['undoStack']): void {
    this.doc.transact((transaction) => {
      for (const { insertions } of stack) {
        // The second half of what is split here comes next.
        Y.iterateDeletedStructs(transaction, insertions, (struct) => {
          if (!(struct instanceof Y.Item)) return;
          const length = standingLength(this.doc, struct);
          if (length < struct.length) {
            Y.getItemCleanStart(transaction, Y.createID(struct.id.client, struct.id.clock + length));
          }
        });
      }
    });
  }
}

/** How much of an item, from its beginning, is one item now; followed as far as it was brought back. */
function standingLength(doc: Y.Doc, item: Y.Item): number {
  let length = item.length;
  for (let id = item.redone; id !== null;) {
    const next: Y.Item | Y.GC = Y.getItem(doc.store, id);
    const inside = id.clock - next.id.clock;
    length = Math.min(length, next.length - inside);
    if (!(next instanceof Y.Item) || next.redone === null) break;
    id = Y.createID(next.redone.client, next.redone.clock + inside);
  }
  return length;
}
