import { renderSitemap } from '#lib/publish/sitemap.ts';
import { app } from '#server/seam.ts';
import { articlePath, readingSite, siteFile } from '../articles/site.ts';
import type { RequestHandler } from './$types';

export const GET: RequestHandler = async ({ locals, url }) => {
  const site = await readingSite(locals, url);
  const { at } = await app().articles.lastChanged();
  const articles = await app().articles.addresses();
  const sitemap = renderSitemap([
    { url: `${site.origin}/articles`, changedAt: at },
    ...articles.map(({ number, changedAt }) => ({ url: site.origin + articlePath(number), changedAt })),
  ]);
  return siteFile(site, sitemap, 'application/xml; charset=utf-8');
};
