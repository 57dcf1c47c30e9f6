import { fail, redirect } from '@sveltejs/kit';
import { refusalMessage } from '#lib/http/refusal.ts';
import { signInMessage } from '#lib/http/sign-in.ts';
import { m } from '#lib/paraglide/messages.js';
import { app } from '#server/seam.ts';
import type { SignInRefusal } from '#server/people/auth.ts';
import { fieldMessage } from '../admin/field-message.ts';
import type { Actions } from './$types';

function failed(refusal: SignInRefusal) {
  switch (refusal.code) {
    case 'wrong_password':
      return fail(400, { field: 'current', message: refusalMessage(refusal) });
    case 'invalid':
      return fail(400, { field: 'next', message: fieldMessage('password') });
    case 'too_many':
      return fail(429, { field: 'current', message: signInMessage(refusal) });
    default:
      return redirect(303, '/sign-in?to=/account');
  }
}

export const actions: Actions = {
  async password({ request }) {
    const form = await request.formData();
    const text = (name: string) => String(form.get(name) ?? '').slice(0, 1000);
    if (text('next') !== text('repeat')) {
      return fail(400, { field: 'repeat', message: m.people_password_differs() });
    }
    const change = { current: text('current'), next: text('next') };
    const outcome = await app().auth.changePassword(request.headers, change);
    if (!outcome.ok) return failed(outcome);
    return { isChanged: true };
  },
};
