import { redirect } from '@sveltejs/kit';
import { app } from '#server/seam.ts';
import type { PageServerLoad } from './$types';
import { readQuery } from './query.ts';

export const load: PageServerLoad = async ({ locals: { actor }, url }) => {
  if (actor === null) redirect(303, '/sign-in');
  const query = readQuery(url.searchParams);
  const { figures, departments } = app();
  const [page, units, all] = await Promise.all([
    figures.search(actor, query),
    figures.units(actor),
    departments.list(actor),
  ]);
  return {
    query,
    page,
    units,
    departments: all.map(({ id, name }) => ({ id, name })),
    hasDepartment: actor.departmentId !== null,
  };
};
