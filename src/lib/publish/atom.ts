/** The newest articles as a feed (RFC 4287). Every address is absolute. */
import { xmlElement, xmlText } from './xml.ts';

export interface FeedEntry {
  /** The article's canonical address, which is its id as well. */
  url: string;
  title: string;
  author: string;
  summary: string;
  /** The department; '' for none. */
  category: string;
  /** ISO 8601, UTC. */
  published: string;
  updated: string;
}

export interface Feed {
  /** The feed's own address, which is its id as well, and that of the page it feeds from. */
  url: string;
  home: string;
  title: string;
  /** '' for none. */
  subtitle: string;
  /** ISO 8601, UTC. */
  updated: string;
  entries: readonly FeedEntry[];
}

export const ATOM_TYPE = 'application/atom+xml; charset=utf-8';

export function renderAtom({ url, home, title, subtitle, updated, entries }: Feed): string {
  return [
    '<?xml version="1.0" encoding="utf-8"?>',
    '<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="zh-CN">',
    xmlElement('title', title),
    ...(subtitle === '' ? [] : [xmlElement('subtitle', subtitle)]),
    `<link rel="self" type="application/atom+xml" href="${xmlText(url)}"/>`,
    `<link rel="alternate" type="text/html" href="${xmlText(home)}"/>`,
    xmlElement('id', url),
    xmlElement('updated', updated),
    `<author>${xmlElement('name', title)}</author>`,
    ...entries.map(entryXml),
    '</feed>\n',
  ].join('\n');
}

function entryXml({ url, title, author, summary, category, published, updated }: FeedEntry): string {
  return [
    '<entry>',
    xmlElement('title', title),
    `<link rel="alternate" type="text/html" href="${xmlText(url)}"/>`,
    xmlElement('id', url),
    xmlElement('published', published),
    xmlElement('updated', updated),
    `<author>${xmlElement('name', author)}</author>`,
    ...(category === '' ? [] : [`<category term="${xmlText(category)}"/>`]),
    ...(summary === '' ? [] : [xmlElement('summary', summary)]),
    '</entry>',
  ].join('\n');
}
