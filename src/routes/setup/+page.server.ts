import { error, fail, redirect } from '@sveltejs/kit';
import { m } from '#lib/paraglide/messages.js';
import { refusalMessage } from '#lib/http/refusal.ts';
import { app } from '#server/seam.ts';
import type { Refusal } from '#server/outcome.ts';
import { callerOf } from '../api/auth/caller.ts';
import { fieldMessage } from '../admin/field-message.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = ({ url }) => {
  const { setup } = app();
  const token = url.searchParams.get('token');
  return {
    mayEnter: setup.accepts(token),
    token: token ?? '',
    isTokenWrong: token !== null && !setup.accepts(token),
  };
};

/** The form, once the token in it has been accepted. */
async function entered(request: Request): Promise<FormData> {
  const form = await request.formData();
  if (!app().setup.accepts(String(form.get('token') ?? ''))) {
    error(403, { message: m.people_setup_token_wrong(), code: 'forbidden' });
  }
  return form;
}

function failed(refusal: Refusal, values: Record<string, string>) {
  if (refusal.code === 'already_set_up') redirect(303, '/');
  const field = refusal.detail ?? '';
  const message = refusal.code === 'invalid' ? fieldMessage(field) : refusalMessage(refusal);
  return fail(400, { ...values, field, message });
}

export const actions: Actions = {
  async create(event) {
    const form = await entered(event.request);
    const text = (name: string) => String(form.get(name) ?? '');
    const values = { workspace: text('workspace'), name: text('name'), username: text('username') };
    const password = text('password');
    if (password !== text('repeat')) {
      return fail(400, { ...values, field: 'repeat', message: m.people_password_differs() });
    }
    const admin = { username: values.username, name: values.name, password };
    const outcome = await app().setup.create(null, { workspace: values.workspace, admin });
    if (!outcome.ok) return failed(outcome, values);
    const signedIn = await app().auth.signIn({ username: values.username, password }, callerOf(event));
    if (signedIn.ok) event.locals.setCookie = signedIn.value.setCookie;
    redirect(303, '/');
  },
  async example({ request }) {
    await entered(request);
    const outcome = await app().setup.createExample(null);
    if (!outcome.ok) return failed(outcome, {});
    return { setUp: outcome.value };
  },
};
