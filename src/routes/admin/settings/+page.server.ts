import { fail } from '@sveltejs/kit';
import { app } from '#server/seam.ts';
import { actorOf, formRefusal } from '../actor.ts';
import type { Actions } from './$types';

export const actions: Actions = {
  async default({ locals, request }) {
    const name = String((await request.formData()).get('name') ?? '');
    const outcome = await app().workspace.rename(actorOf(locals), name);
    return outcome.ok ? { isSaved: true } : fail(400, { name, failure: formRefusal(outcome) });
  },
};
