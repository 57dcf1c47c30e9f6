/** A document as it is on disk: the Y.Doc of a room, to which only committed updates are applied. */
import * as Y from 'yjs';
import { Authorship, type Author } from '#lib/review/authorship.ts';
import { CONTENT_FRAGMENT } from '#lib/report/model.ts';
import { keepAsStored } from '../store/snapshot.ts';
import type { StoredDoc } from '../store/docs.ts';
import type { Known } from './update.ts';
import { isDeletedIn } from './update.ts';

/** The origin of a transaction that brings what someone wrote. */
class Written {
  readonly author: Author | null;
  constructor(author: Author | null) {
    this.author = author;
  }
}

/** Who wrote what a transaction brought; null: nobody, or it was read from the store. */
export function authorOf({ origin }: Y.Transaction): Author | null {
  return origin instanceof Written ? origin.author : null;
}

export class CommittedDoc implements Known {
  readonly doc = new Y.Doc();
  /** All of it as one update, as long as it does not change: many may ask at once. */
  #whole: Uint8Array | null;
  /** Null for a document whose text has no authors. */
  readonly authorship: Authorship | null;

  /** Throws when the stored updates do not add up to a document. */
  constructor({ kind, base, rows, authorship }: StoredDoc) {
    this.#whole = null;
    keepAsStored(this.doc);
    this.authorship = kind === 'content' ? new Authorship(authorship.runs, authorship.pool) : null;
    this.doc.on('afterTransaction', (transaction: Y.Transaction) => {
      if (transaction.origin instanceof Written) {
        this.authorship?.observe(transaction, transaction.origin.author);
      }
    });
    const seen = this.authorship === null ? Infinity : authorship.seq;
    this.doc.transact(() => {
      if (base !== null) Y.applyUpdate(this.doc, base.bytes);
      for (const row of rows) if (row.seq <= seen) Y.applyUpdate(this.doc, row.bytes);
    });
    for (const { seq, bytes, userId, departmentId, at } of rows) {
      if (seq > seen) this.apply(bytes, userId === null ? null : { userId, departmentId, at });
    }
    // A log that begins in the middle would look like an emptied document.
    this.#assertWhole();
    // A snapshot decodes to itself: see takeSnapshot.
    this.#whole = rows.length === 0 ? (base?.bytes ?? null) : null;
  }

  /** All of it as one update. */
  get whole(): Uint8Array {
    return (this.#whole ??= Y.encodeStateAsUpdate(this.doc));
  }

  /** What is beyond a state vector, as one update; all deletions are in it. */
  since(stateVector: Uint8Array): Uint8Array {
    return isEmpty(stateVector) ? this.whole : Y.encodeStateAsUpdate(this.doc, stateVector);
  }

  /** Applies a committed update. Throws when it was not whole: then it must not have been committed. */
  apply(bytes: Uint8Array, author: Author | null): void {
    this.#whole = null;
    // The outer transaction keeps its origin, so that the listener above knows who wrote it.
    Y.applyUpdate(this.doc, bytes, new Written(author));
    this.#assertWhole();
  }

  clock(client: number): number {
    return Y.getState(this.doc.store, client);
  }

  isDeleted(client: number, clock: number, length: number): boolean {
    return clock + length <= this.clock(client) && isDeletedIn(this.doc, client, clock, length);
  }

  /** The struct that holds an id; null: there is none. */
  find(client: number, clock: number): Y.Item | Y.GC | null {
    const structs = this.doc.store.clients.get(client);
    if (structs === undefined || clock >= this.clock(client)) return null;
    return structs[Y.findIndexSS(structs, clock)] ?? null;
  }

  get content(): Y.XmlFragment {
    return this.doc.getXmlFragment(CONTENT_FRAGMENT);
  }

  #assertWhole(): void {
    if (this.doc.store.pendingStructs !== null || this.doc.store.pendingDs !== null) {
      throw new Error('the document lacks something that its updates build on');
    }
  }
}

/** Whether a state vector names nobody. */
function isEmpty(stateVector: Uint8Array): boolean {
  return stateVector.length === 1 && stateVector[0] === 0;
}
