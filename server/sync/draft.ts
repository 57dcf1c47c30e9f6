import * as Y from 'yjs';
import type { Outcome } from '../outcome.ts';

/**
 * A copy of a document that only the server changes, one change at a time: it is ahead of what is committed
 * by at most the one that waits for its commit. Changes cost what they change, and the server goes on under
 * one client id instead of taking a new one for each.
 */
export class Draft {
  readonly #committed: { readonly whole: Uint8Array };
  readonly #drawClient: () => number;
  #doc: Y.Doc | null = null;

  constructor(committed: { readonly whole: Uint8Array }, drawClient: () => number) {
    this.#committed = committed;
    this.#drawClient = drawClient;
  }

  /** Runs a change; `bytes` is what it did, null: nothing. One that is refused must not have changed anything. */
  change<T>(change: (doc: Y.Doc) => Outcome<T>): { outcome: Outcome<T>; bytes: Uint8Array | null } {
    const doc = (this.#doc ??= this.#copy());
    const updates: Uint8Array[] = [];
    const keep = (update: Uint8Array) => updates.push(update);
    doc.on('update', keep);
    try {
      const outcome = doc.transact(() => change(doc));
      if (!outcome.ok && updates.length > 0) throw new Error('a change that was refused changed something');
      const [first] = updates;
      return { outcome, bytes: updates.length > 1 ? Y.mergeUpdates(updates) : (first ?? null) };
    } catch (error) {
      this.drop();
      throw error;
    } finally {
      doc.off('update', keep);
    }
  }

  /** Forgets what was not committed. */
  drop(): void {
    this.#doc?.destroy();
    this.#doc = null;
  }

  #copy(): Y.Doc {
    const doc = new Y.Doc();
    doc.clientID = this.#drawClient();
    Y.applyUpdate(doc, this.#committed.whole);
    return doc;
  }
}
