import { ATOM_TYPE, renderAtom } from '#lib/publish/atom.ts';
import { app } from '#server/seam.ts';
import { articlePath, readingSite, siteFile } from '../site.ts';
import type { RequestHandler } from './$types';

/** What a feed's time is before there is anything in it: it has to have one. */
const NEVER = '1970-01-01T00:00:00.000Z';

/** The newest articles, as many as a page of the list. */
export const GET: RequestHandler = async ({ locals, url }) => {
  const site = await readingSite(locals, url);
  const { articles } = await app().articles.list({});
  const { at } = await app().articles.lastChanged();
  const feed = renderAtom({
    url: `${site.origin}/articles/feed.xml`,
    home: `${site.origin}/articles`,
    title: site.title,
    subtitle: site.slogan,
    updated: at ?? NEVER,
    entries: articles.map((article) => ({
      url: site.origin + articlePath(article.number),
      title: article.title,
      author: article.byline || article.department || site.title,
      summary: article.description,
      category: article.department,
      published: article.publishedAt,
      updated: article.changedAt,
    })),
  });
  return siteFile(site, feed, ATOM_TYPE);
};
