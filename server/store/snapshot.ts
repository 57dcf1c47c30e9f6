import * as Y from 'yjs';
import { sha256 } from './digest.ts';

export interface Snapshot {
  bytes: Uint8Array;
  sha256: string;
}

/**
 * A document's state from a snapshot and the rows after it, with every struct id kept. Applied in one
 * transaction: merging updates one by one costs fifty times as much. Throws when the result does not
 * decode to itself or lacks a dependency: then the log must stay.
 */
export function takeSnapshot(base: Uint8Array | null, rows: readonly Uint8Array[]): Snapshot {
  const doc = docOf(base, rows);
  const bytes = Y.encodeStateAsUpdate(doc);
  const again = docOf(bytes, []);
  const isSame = Buffer.compare(bytes, Y.encodeStateAsUpdate(again)) === 0;
  const isWhole = [doc, again].every(
    ({ store }) => store.pendingStructs === null && store.pendingDs === null,
  );
  doc.destroy();
  again.destroy();
  if (!isSame || !isWhole) throw new Error(`a snapshot of ${rows.length} rows does not decode to itself`);
  return { bytes, sha256: sha256(bytes) };
}

/** A fresh Y.Doc holding the given state and nothing of its own. */
export function docOf(base: Uint8Array | null, rows: readonly Uint8Array[]): Y.Doc {
  const doc = new Y.Doc();
  keepAsStored(doc);
  doc.transact(() => {
    if (base !== null) Y.applyUpdate(doc, base);
    for (const row of rows) Y.applyUpdate(doc, row);
  });
  return doc;
}

/**
 * Keeps Yjs from editing the document by itself: after remote changes it deletes formatting that became
 * redundant, and the server's state would then hold deletions that no one committed.
 */
export function keepAsStored(doc: Y.Doc): void {
  doc.on('afterTransaction', (transaction: Y.Transaction) => {
    transaction._needFormattingCleanup = false;
  });
}
