import { error, fail, type RequestEvent } from '@sveltejs/kit';
import { m } from '#lib/paraglide/messages.js';
import { app } from '#server/seam.ts';
import type { PersonChange } from '#server/people/people.ts';
import { actorOf, formRefusal } from '../../actor.ts';
import { readPerson } from '../person-form.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals, params }) => {
  const actor = actorOf(locals);
  const { departments, people } = app();
  const outcome = await people.get(actor, params.id);
  if (!outcome.ok) error(404, { message: m.people_error_not_found(), code: 'not_found' });
  return { person: outcome.value, departments: await departments.list(actor) };
};

async function change({ locals, params }: RequestEvent<{ id: string }>, to: PersonChange) {
  const outcome = await app().people.update(actorOf(locals), params.id, to);
  return outcome.ok ? { isSaved: true } : fail(400, { failure: formRefusal(outcome) });
}

export const actions: Actions = {
  save: async (event) => change(event, readPerson(await event.request.formData())),
  disable: (event) => change(event, { disabled: true }),
  enable: (event) => change(event, { disabled: false }),
  async password({ locals, params }) {
    const outcome = await app().people.resetPassword(actorOf(locals), params.id);
    if (!outcome.ok) return fail(400, { failure: formRefusal(outcome) });
    return { password: outcome.value.password };
  },
};
