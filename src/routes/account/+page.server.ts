import { fail, redirect } from '@sveltejs/kit';
import { refusalMessage } from '#lib/http/refusal.ts';
import { signInMessage } from '#lib/http/sign-in.ts';
import { m } from '#lib/paraglide/messages.js';
import { app } from '#server/seam.ts';
import type { SignInRefusal } from '#server/people/auth.ts';
import { fieldMessage } from '../admin/field-message.ts';
import { NOTIFICATION_KINDS, type NotificationSettings } from '#lib/review/notification.ts';
import type { Actions, PageServerLoad } from './$types';

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

export const load: PageServerLoad = async ({ locals: { actor } }) => {
  if (actor === null) redirect(303, '/sign-in?to=/account');
  const { config, notifications, people } = app();
  const hasAddress = await people.hasAddress(actor);
  return {
    settings: await notifications.settings(actor),
    mail:
      config.mail === null ? ('notSetUp' as const) : hasAddress ? ('ready' as const) : ('noAddress' as const),
  };
};

export const actions: Actions = {
  async notifications({ locals: { actor }, request }) {
    if (actor === null) redirect(303, '/sign-in?to=/account');
    const form = await request.formData();
    const { notifications } = app();
    const settings: NotificationSettings = await notifications.settings(actor);
    for (const kind of NOTIFICATION_KINDS) {
      settings[kind] = { page: form.has(`${kind}.page`), mail: form.has(`${kind}.mail`) };
    }
    await notifications.saveSettings(actor, settings);
    return { areNotificationsSaved: true };
  },
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
