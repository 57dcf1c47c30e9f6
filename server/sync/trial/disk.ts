/** What a dead server left on its disk. */
import SqliteDatabase from 'better-sqlite3';
import { join } from 'node:path';
import * as Y from 'yjs';
import { checkHoldings } from '../../backup/check.ts';
import { holdingsOf, openForReading } from '../../backup/database.ts';
import { faultLine } from '../../backup/explain.ts';
import type { StoredDoc } from '../../store/docs.ts';
import { docOf } from '../../store/snapshot.ts';
import { documents } from '../../store/sqlite/docs.ts';
import { REPORT } from '../testing.ts';
import { TrialFailure } from './watch.ts';

/**
 * The content document as the next process will read it: opened beside the log that the killed one left,
 * which stays as it is. Throws {@link TrialFailure} when the log has a gap or the document is not whole.
 */
export function readDisk(dir: string, reportId = REPORT): Y.Doc {
  const db = new SqliteDatabase(join(dir, 'huigao.db'), { readonly: true });
  try {
    const stored = documents(db)({ op: 'doc.load', reportId, kind: 'content' }) as StoredDoc | null;
    if (stored === null) throw new TrialFailure('the document is gone');
    const doc = docOf(
      stored.base?.bytes ?? null,
      stored.rows.map(({ bytes }) => bytes),
    );
    if (doc.store.pendingStructs !== null || doc.store.pendingDs !== null) {
      throw new TrialFailure('the stored document lacks something that its updates build on');
    }
    return doc;
  } finally {
    db.close();
  }
}

/** The store's own check of all that is there, the one of `npm run cli -- check`. Throws {@link TrialFailure}. */
export async function checkDisk(dir: string): Promise<void> {
  const db = openForReading(join(dir, 'huigao.db'));
  try {
    const { faults } = await checkHoldings(holdingsOf(db, join(dir, 'pictures')));
    const [first] = faults;
    if (first !== undefined)
      throw new TrialFailure(`${faults.length} faults in the store: ${faultLine(first)}`);
  } finally {
    db.close();
  }
}
