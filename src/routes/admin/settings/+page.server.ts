import { fail } from '@sveltejs/kit';
import { app } from '#server/seam.ts';
import { actorOf, formRefusal } from '../actor.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async () => ({
  site: await app().site.facts(),
  /** Without one, published files cannot say where they are read. */
  hasOrigin: app().config.origin !== null,
});

export const actions: Actions = {
  async workspace({ locals, request }) {
    const name = String((await request.formData()).get('name') ?? '');
    const outcome = await app().workspace.rename(actorOf(locals), name);
    return outcome.ok ? { saved: 'workspace' as const } : fail(400, { name, failure: formRefusal(outcome) });
  },
  async site({ locals, request }) {
    const form = await request.formData();
    const text = (field: string) => String(form.get(field) ?? '');
    const site = {
      name: text('siteName'),
      slogan: text('slogan'),
      footer: text('footer'),
      audience: form.get('audience') === 'public' ? ('public' as const) : ('members' as const),
    };
    const outcome = await app().site.change(actorOf(locals), site);
    return outcome.ok ? { saved: 'site' as const } : fail(400, { site, failure: formRefusal(outcome) });
  },
};
