/** The addresses of a site for search engines (sitemaps.org, protocol 0.9). */
import { xmlElement } from './xml.ts';

export interface SitemapAddress {
  /** Absolute. */
  url: string;
  /** When it last changed, ISO 8601; null: that is not said. */
  changedAt: string | null;
}

/** The most that the protocol allows in one file. */
export const MAX_SITEMAP_ADDRESSES = 50_000;

export function renderSitemap(addresses: readonly SitemapAddress[]): string {
  return [
    '<?xml version="1.0" encoding="utf-8"?>',
    '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">',
    ...addresses
      .slice(0, MAX_SITEMAP_ADDRESSES)
      .map(
        ({ url, changedAt }) =>
          `<url>${xmlElement('loc', url)}${changedAt === null ? '' : xmlElement('lastmod', changedAt)}</url>`,
      ),
    '</urlset>\n',
  ].join('\n');
}
