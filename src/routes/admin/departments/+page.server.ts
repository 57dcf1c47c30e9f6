import { fail } from '@sveltejs/kit';
import type { Outcome } from '#server/outcome.ts';
import { app } from '#server/seam.ts';
import { actorOf, formRefusal } from '../actor.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals }) => ({
  departments: await app().departments.list(actorOf(locals)),
});

/** `id` says which row the answer belongs to; empty: the form that adds one. */
function answer(outcome: Outcome<unknown>, id: string, name: string) {
  return outcome.ok ? { saved: id } : fail(400, { id, name, failure: formRefusal(outcome) });
}

export const actions: Actions = {
  async create({ locals, request }) {
    const name = String((await request.formData()).get('name') ?? '');
    return answer(await app().departments.create(actorOf(locals), name), '', name);
  },
  async rename({ locals, request }) {
    const form = await request.formData();
    const [id, name] = [String(form.get('id') ?? ''), String(form.get('name') ?? '')];
    return answer(await app().departments.rename(actorOf(locals), id, name), id, name);
  },
  async remove({ locals, request }) {
    const id = String((await request.formData()).get('id') ?? '');
    return answer(await app().departments.remove(actorOf(locals), id), id, '');
  },
};
