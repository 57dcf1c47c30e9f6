/** Undo right after deciding on a proposal takes that back: the editor's own undo does not know of it. */
import { isRemoteChange } from '#lib/editor/collaboration.ts';
import type { ReportEditor } from '#lib/editor/editor.ts';
import { m } from '#lib/paraglide/messages.js';
import { toast } from '#lib/ui/toast.ts';
import type { Review } from './review.svelte.ts';

/** Answers whether there was a decision to take back. */
export function undoDecision(review: Review): boolean {
  const id = review.undoable;
  if (id === null) return false;
  void (async () => {
    const answer = await review.undo(id);
    if (answer.ok) toast.message(m.review_taken_back());
    else toast.error(answer.status === 409 ? m.review_stale_now() : answer.message);
  })();
  return true;
}

/** After an edit of one's own it is that which undo takes back. Answers what ends the watch. */
export function forgetDecision(review: Review, editor: ReportEditor): () => void {
  return editor.subscribe((tr) => {
    if (tr.docChanged && !isRemoteChange(tr)) review.undoable = null;
  });
}
