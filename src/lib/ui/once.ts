import type { SubmitFunction } from '@sveltejs/kit';

/**
 * For `use:enhance`: a form that is on its way is not sent again. A second press would show the second
 * answer, and what the first one said once (a new password) would be lost. `reload` false: what the page
 * has loaded stays as it is.
 */
export function once({ reload = true } = {}): SubmitFunction {
  let isSending = false;
  return ({ cancel }) => {
    if (isSending) return cancel();
    isSending = true;
    return async ({ update }) => {
      await update({ invalidateAll: reload });
      isSending = false;
    };
  };
}
