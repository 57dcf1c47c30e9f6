import { fail } from '@sveltejs/kit';
import { app } from '#server/seam.ts';
import { actorOf, formRefusal } from '../../actor.ts';
import { readPerson } from '../person-form.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals }) => ({
  departments: await app().departments.list(actorOf(locals)),
});

export const actions: Actions = {
  async default({ locals, request }) {
    const form = await request.formData();
    const person = { ...readPerson(form), username: String(form.get('username') ?? '') };
    const outcome = await app().people.create(actorOf(locals), person);
    if (!outcome.ok) return fail(400, { failure: formRefusal(outcome), values: person });
    const { name, username } = person;
    return { created: { id: outcome.value.id, name, username, password: outcome.value.password } };
  },
};
