/** The standalone article: one file that opens anywhere, asks nothing of the network, and prints to the standard. */
import type { Article } from './article.ts';
import { el, htmlDocument, jsonLd, styleSheet, type Markup } from './element.ts';
import { safeHref } from './href.ts';
import { articleMarkup } from './markup.ts';
import { qrCode } from './qr.ts';
import { ARTICLE_CSS } from './style.ts';

/** Nothing may be fetched and nothing run, even if a reader's CMS puts something in. */
const POLICY = "default-src 'none'; img-src data:; style-src 'unsafe-inline'";

export function renderHtml(article: Article): string {
  const { title, description, meta } = article;
  const canonical = meta.canonical ? safeHref(meta.canonical) : null;
  const property = (name: string, content: string | null | undefined) =>
    content ? el('meta', { property: name, content }) : null;
  const head = [
    el('meta', { charset: 'utf-8' }),
    el('meta', { 'http-equiv': 'Content-Security-Policy', content: POLICY }),
    el('meta', { name: 'viewport', content: 'width=device-width, initial-scale=1' }),
    el('title', {}, meta.siteName ? `${title}－${meta.siteName}` : title),
    description === '' ? null : el('meta', { name: 'description', content: description }),
    meta.author === null ? null : el('meta', { name: 'author', content: meta.author }),
    canonical === null ? null : el('link', { rel: 'canonical', href: canonical }),
    property('og:type', 'article'),
    property('og:title', title),
    property('og:description', description),
    property('og:url', canonical),
    property('og:site_name', meta.siteName),
    property('og:locale', 'zh_CN'),
    property('article:published_time', meta.date),
    jsonLd(structuredData(article, canonical)),
    styleSheet(ARTICLE_CSS),
  ].flatMap((node) => (node === null ? [] : ['\n', node]));
  return htmlDocument(
    el(
      'html',
      { lang: 'zh-CN' },
      el('head', {}, ...head, '\n'),
      el('body', {}, '\n', articleMarkup(article, 'page', footer(article, canonical)), '\n'),
    ),
  );
}

function footer({ meta }: Article, canonical: string | null): Markup | null {
  if (!meta.number && canonical === null) return null;
  return el(
    'footer',
    {},
    canonical === null ? null : code(canonical),
    meta.number ? el('p', {}, el('strong', {}, `文章编号　${meta.number}`)) : null,
    canonical === null ? null : el('p', {}, el('a', { href: canonical }, canonical)),
  );
}

/** The address for whoever holds paper or another screen: dark on white, whatever is around it. */
function code(address: string): Markup {
  const { size, path } = qrCode(address);
  return el(
    'svg',
    {
      xmlns: 'http://www.w3.org/2000/svg',
      viewBox: `0 0 ${size} ${size}`,
      width: 116,
      height: 116,
      role: 'img',
      'aria-label': '本文网址的二维码',
      'shape-rendering': 'crispEdges',
    },
    el('rect', { width: size, height: size, fill: '#fff' }),
    el('path', { d: path, fill: '#000' }),
  );
}

/** schema.org `Article`. */
export function structuredData(
  article: Pick<Article, 'title' | 'description' | 'words' | 'meta'>,
  canonical: string | null,
): Record<string, unknown> {
  const { title, description, words, meta } = article;
  return {
    '@context': 'https://schema.org',
    '@type': 'Article',
    headline: title,
    inLanguage: 'zh-CN',
    wordCount: words,
    ...(description !== '' && { description }),
    ...(meta.date !== null && { datePublished: meta.date }),
    ...(meta.author !== null && { author: { '@type': 'Person', name: meta.author } }),
    ...(meta.department !== null && {
      sourceOrganization: { '@type': 'Organization', name: meta.department },
    }),
    ...(canonical !== null && { mainEntityOfPage: canonical }),
    ...(meta.number && { identifier: meta.number }),
    ...(meta.siteName && { publisher: { '@type': 'Organization', name: meta.siteName } }),
  };
}
