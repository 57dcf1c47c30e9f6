/** What somebody may do with the report in this window, now. */
import type { ReportAction } from '#lib/review/permissions.ts';
import type { SavedState } from '#lib/sync/saved.ts';

export interface Rights {
  write: boolean;
  comment: boolean;
  propose: boolean;
}

/** The connection ended with one of these: nothing more is taken from this window. */
const ENDED: readonly (SavedState['kind'] | undefined)[] = ['forbidden', 'gone', 'clientTooOld'];

/** What the page's head allows, less what the connection has found out since. `saved` is null before it was opened. */
export function rightsNow(actions: readonly ReportAction[], saved: SavedState | null): Rights {
  const isEnded = ENDED.includes(saved?.kind);
  const comment = actions.includes('comment') && !isEnded;
  return {
    write: actions.includes('write') && !isEnded && saved?.kind !== 'readOnly',
    comment,
    propose: comment && actions.includes('propose'),
  };
}
