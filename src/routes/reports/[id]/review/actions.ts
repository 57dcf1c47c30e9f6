/** What can be done with a thread from its card. */
import type { Answer } from '#lib/http/client.ts';
import { m } from '#lib/paraglide/messages.js';
import type { Me } from '#lib/review/list.ts';
import { actionOnThread, type ReportAction } from '#lib/review/permissions.ts';
import type { Thread } from '#lib/review/thread.ts';
import { copyText } from '#lib/ui/copy.ts';
import { toast } from '#lib/ui/toast.ts';
import type { CardActions, CardRights } from './Card.svelte';
import type { Review } from './review.svelte.ts';

/** Says what went wrong; answers whether nothing did. */
function said(answer: Answer): boolean {
  if (!answer.ok) toast.error(answer.message);
  return answer.ok;
}

/** The same of what changes the text: where that has changed meanwhile, it is not done blindly. */
function saidOfText(answer: Answer): boolean {
  return said(!answer.ok && answer.status === 409 ? { ...answer, message: m.review_stale_now() } : answer);
}

/** What somebody who may do `actions` to the report may do with one of its threads. */
export function rightsOn(actions: readonly ReportAction[], me: Me, thread: Thread): CardRights {
  return {
    comment: actions.includes('comment'),
    manage: actions.includes(actionOnThread(me, 'manage', thread)),
    decide: actions.includes(actionOnThread(me, 'decide', thread)),
    accept: actions.includes('acceptProposal'),
  };
}

export function actionsOf(review: Review, thread: Thread): CardActions {
  const { id } = thread;
  const change = async (to: Record<string, unknown>) => void said(await review.change(id, to));

  async function takeBack() {
    if (saidOfText(await review.undo(id))) toast.message(m.review_taken_back());
  }
  async function settle(decision: 'accept' | 'reject', done: string) {
    const answer = decision === 'accept' ? await review.accept(id) : await review.reject(id);
    if (saidOfText(answer)) {
      toast.success(done, { action: { label: m.review_take_back(), onClick: () => void takeBack() } });
    }
  }

  return {
    reply: (body) => review.reply(id, body),
    edit: async (comment, body) => void said(await review.editComment(id, comment.id, body)),
    remove: async (comment) => void said(await review.deleteComment(id, comment.id)),
    react: async (comment, emoji, on) => void said(await review.react(id, comment.id, emoji, on)),
    resolve: async () => {
      if (!said(await review.change(id, { status: 'resolved' }))) return;
      const reopen = () => void change({ status: 'open' });
      toast.success(m.review_resolved(), { action: { label: m.review_reopen(), onClick: reopen } });
    },
    reopen: () => change({ status: 'open' }),
    accept: () => settle('accept', m.review_accepted()),
    reject: () => settle('reject', m.review_rejected()),
    undo: takeBack,
    assign: (departmentId) => change({ assignee: departmentId }),
    block: (blocking) => change({ blocking }),
    copyLink: async () => {
      const link = `${location.origin}${location.pathname}#thread=${id}`;
      if (await copyText(link)) toast.success(m.review_link_copied());
      else toast.error(link);
    },
    discard: (key) => review.discard(key),
    unsent: (key) => review.unsent.get(key) ?? null,
    write: (key, body) => review.write(key, body),
  };
}
