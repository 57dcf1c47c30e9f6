/** What the pages of the reading site have in common. */
import { error } from '@sveltejs/kit';
import { m } from '#lib/paraglide/messages.js';
import { articleNumberIn } from '#lib/review/articlenumber.ts';
import type { SiteFacts } from '#server/publications/site.ts';
import { app } from '#server/seam.ts';

export interface ReadingSite extends SiteFacts {
  /** Never empty. */
  title: string;
  /** What its addresses begin with, without a trailing slash. */
  origin: string;
  /** Whether this answer may go to anybody: the site is public, and nobody is signed in. */
  isForAnybody: boolean;
}

export async function readingSite(locals: App.Locals, url: URL): Promise<ReadingSite> {
  const facts = await app().site.facts();
  return {
    ...facts,
    title: facts.title ?? m.app_name(),
    origin: app().config.origin ?? url.origin,
    isForAnybody: facts.audience === 'public' && locals.actor === null,
  };
}

/** May be kept by anybody, who asks each time whether it still holds: what was withdrawn is gone at once. */
export const FOR_ANYBODY = 'public, no-cache';

/** An answer of the site that is not a page. */
export function siteFile(site: ReadingSite, body: string, type: string): Response {
  const cache = site.isForAnybody ? FOR_ANYBODY : 'private, no-cache';
  return new Response(body, { headers: { 'content-type': type, 'cache-control': cache } });
}

/** A number in an address. Throws the answer 404 for what cannot be one. */
export function articleNumber(text: string): number {
  return articleNumberIn(text) ?? noSuchArticle();
}

export function noSuchArticle(): never {
  error(404, { message: m.articles_not_found(), code: 'not_found' });
}

export const articlePath = (number: number) => `/articles/${number}`;
