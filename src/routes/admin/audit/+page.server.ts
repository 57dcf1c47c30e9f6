import { error } from '@sveltejs/kit';
import { app } from '#server/seam.ts';
import { actorOf, formRefusal } from '../actor.ts';
import { readFilter } from './filter.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals, url }) => {
  const filter = readFilter(url.searchParams);
  const page = Number(url.searchParams.get('page') ?? 1);
  const outcome = await app().audit.list(actorOf(locals), filter, page);
  if (!outcome.ok) error(403, formRefusal(outcome).message);
  return { filter, ...outcome.value };
};
