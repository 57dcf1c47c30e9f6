import { app } from '#server/seam.ts';
import type { PageServerLoad } from './$types';
import { readQuery } from './query.ts';

export const load: PageServerLoad = async ({ url }) => {
  const query = readQuery(url.searchParams);
  const [found, shelves] = await Promise.all([app().articles.list(query), app().articles.shelves()]);
  return { query, found, shelves };
};
