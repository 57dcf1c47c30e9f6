import { app } from '#server/seam.ts';
import { actorOf, formRefusal } from '../actor.ts';
import { error } from '@sveltejs/kit';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals, url }) => {
  const text = (url.searchParams.get('q') ?? '').slice(0, 100);
  const page = Number(url.searchParams.get('page') ?? 1);
  const outcome = await app().people.list(actorOf(locals), { text, page });
  if (!outcome.ok) error(400, formRefusal(outcome).message);
  return { text, ...outcome.value };
};
