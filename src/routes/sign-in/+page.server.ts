import { fail, redirect } from '@sveltejs/kit';
import { destination } from '#lib/http/destination.ts';
import { signInMessage } from '#lib/http/sign-in.ts';
import { getLocale } from '#lib/paraglide/runtime.js';
import { app } from '#server/seam.ts';
import { callerOf } from '../api/auth/caller.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = ({ locals, url }) => {
  const to = destination(url.searchParams.get('to'));
  if (locals.actor !== null) redirect(303, to);
  return { to };
};

export const actions: Actions = {
  async default(event) {
    const form = await event.request.formData();
    const username = String(form.get('username') ?? '').slice(0, 200);
    const password = String(form.get('password') ?? '').slice(0, 1000);
    const remember = form.get('remember') === 'on';
    const outcome = await app().auth.signIn({ username, password, remember }, callerOf(event));
    if (!outcome.ok) return fail(400, { username, remember, message: signInMessage(outcome) });
    event.locals.setCookie = outcome.value.setCookie;
    await app().people.reads(outcome.value.actor, getLocale());
    redirect(303, destination(form.get('to')));
  },
};
