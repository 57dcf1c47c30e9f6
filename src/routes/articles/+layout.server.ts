import { FOR_ANYBODY, readingSite } from './site.ts';
import type { LayoutServerLoad } from './$types';

/** The pages are complete without scripts; what little there is, is static/reading.js. */
export const csr = false;

export const load: LayoutServerLoad = async ({ locals, setHeaders, url }) => {
  const site = await readingSite(locals, url);
  if (site.isForAnybody) setHeaders({ 'cache-control': FOR_ANYBODY });
  return { site };
};
