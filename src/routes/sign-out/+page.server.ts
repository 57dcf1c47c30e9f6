import { redirect } from '@sveltejs/kit';
import { app } from '#server/seam.ts';
import type { Actions } from './$types';

export const actions: Actions = {
  async default({ locals, request }) {
    locals.setCookie = (await app().auth.signOut(request.headers)).setCookie;
    redirect(303, '/sign-in');
  },
};
