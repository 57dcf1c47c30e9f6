import { api } from '#lib/http/client.ts';
import { m } from '#lib/paraglide/messages.js';

/** Signs in on this page, for as long as the browser is open. Answers what was wrong, or null. */
export async function signIn(username: string, password: string): Promise<string | null> {
  const body = { username, password, rememberMe: false };
  const answer = await api('POST', '/api/auth/sign-in/username', body);
  if (answer.ok) return null;
  switch (answer.code) {
    case 'wrong_password':
      return m.people_sign_in_wrong();
    case 'forbidden':
      return m.people_sign_in_disabled();
    case 'too_many':
      return m.report_sign_in_again_locked();
    default:
      return answer.message;
  }
}
