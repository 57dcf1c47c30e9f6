import { m } from '#lib/paraglide/messages.js';
import type { SignInRefusal } from '#server/people/auth.ts';
import { refusalMessage } from './refusal.ts';

/** Why signing in was refused, and for how long. */
export function signInMessage(refusal: SignInRefusal): string {
  const { code, retryAfter = 0 } = refusal;
  if (code === 'wrong_password') return m.people_sign_in_wrong();
  if (code === 'forbidden') return m.people_sign_in_disabled();
  if (code !== 'too_many') return refusalMessage(refusal);
  return retryAfter > 90
    ? m.people_sign_in_locked_minutes({ minutes: Math.ceil(retryAfter / 60) })
    : m.people_sign_in_locked_seconds({ seconds: retryAfter });
}
