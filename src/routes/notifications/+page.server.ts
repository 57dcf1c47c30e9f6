import { fail, redirect } from '@sveltejs/kit';
import { app } from '#server/seam.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals: { actor }, url }) => {
  if (actor === null) redirect(303, '/sign-in?to=/notifications');
  const page = Number(url.searchParams.get('page') ?? 1);
  const unreadOnly = url.searchParams.get('unread') === '1';
  return { unreadOnly, now: Date.now(), list: await app().notifications.list(actor, { page, unreadOnly }) };
};

export const actions: Actions = {
  async read({ locals: { actor }, request }) {
    if (actor === null) redirect(303, '/sign-in?to=/notifications');
    const id = (await request.formData()).get('id');
    const ids = id === null ? undefined : [Number(id)];
    if (ids?.every(Number.isSafeInteger) === false) return fail(400);
    await app().notifications.markRead(actor, ids);
  },
};
