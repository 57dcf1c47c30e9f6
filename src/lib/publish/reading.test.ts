/** What the reading site makes of what was published: its text, its code, its feed and its sitemap. */
import { DOMParser, type Document } from '@xmldom/xmldom';
import { parseFragment } from 'parse5';
import { describe, expect, test } from 'vitest';
import { toArticle } from './article.ts';
import { renderAtom } from './atom.ts';
import { EVERYTHING, META } from './fixtures/everything.ts';
import { renderFragment } from './fragment.ts';
import { qrCode } from './qr.ts';
import { readingText } from './reading.ts';
import { renderSitemap } from './sitemap.ts';

/** Throws for what is not well-formed. */
function parseXml(text: string): Document {
  const onError = (level: string, message: string) => {
    // A replaced half of a pair is a warning.
    if (level !== 'warning') throw new Error(`${level}: ${message}`);
  };
  return new DOMParser({ onError }).parseFromString(text, 'text/xml');
}
const texts = (document: Document, name: string) =>
  [...document.getElementsByTagName(name)].map(({ textContent }) => textContent);

const fragment = renderFragment(toArticle(EVERYTHING, META));
const NASTY = '<script>&"\'\u0000\u0008\ud800 ]]> 水利';

test('pictures leave the text for addresses of their own, and nothing else of it changes', () => {
  const { header, body, pictures } = readingText(fragment, (nth) => `/pictures/${nth}`);
  expect(header).toContain('<h1>');
  expect(body).not.toContain('data:image');
  expect(body.match(/<img src="\/pictures\/\d+" loading="lazy"/g)).toHaveLength(pictures.length);
  expect(pictures[0]).toEqual(EVERYTHING.pictures['reservoir']);
  let nth = 0;
  const again = body
    .replaceAll(/ loading="lazy" decoding="async"/g, '')
    .replaceAll(/src="\/pictures\/\d+"/g, () => {
      const { type = '', base64 = '' } = pictures[nth++] ?? {};
      return `src="data:${type};base64,${base64}"`;
    })
    .replaceAll(/<div class="table"[^>]*>(.*?<\/table>)<\/div>/gs, '$1');
  expect(`<article lang="zh-CN" data-format="huigao"><header>${header}</header>${again}</article>\n`).toBe(
    fragment,
  );
});

test('every table can be scrolled by keyboard and has a name, but for those that only stand in for a chart', () => {
  const { body } = readingText(fragment, String);
  const names = [...body.matchAll(/role="group" tabindex="0" aria-label="([^"]+)"><table>/g)].map(
    ([, name]) => name,
  );
  const unseen = body.match(/<div style="position:absolute[^>]*><table>/g)?.length ?? 0;
  expect(names[0]).toBe('表格1');
  expect(unseen).toBeGreaterThan(0);
  expect(names.length + unseen).toBe(body.match(/<table>/g)?.length);
  expect(parseFragment(body).childNodes.length).toBeGreaterThan(0);
  expect(body.match(/<div/g)?.length).toBe(body.match(/<\/div>/g)?.length);
});

test('text that looks like a picture or a table stays text', () => {
  const text = '<img src="data:image/png;base64,AAAA"> </header> <table> </article>';
  const content = {
    type: 'doc' as const,
    content: [{ type: 'paragraph' as const, content: [{ type: 'text' as const, text }] }],
  };
  const report = { schema: 1 as const, title: text, content, pictures: {} };
  const { header, body, pictures } = readingText(renderFragment(toArticle(report, META)), String);
  expect(pictures).toEqual([]);
  expect(header).toContain('&lt;/header&gt;');
  expect(
    JSON.stringify(parseFragment(body), (key, value) => (key === 'parentNode' ? undefined : value)),
  ).not.toContain('"tagName":"table"');
  expect(() => readingText('<p>something else</p>', String)).toThrow('not an article');
});

describe('for machines', () => {
  const entry = {
    url: 'https://example.gov.cn/articles/100001',
    title: NASTY,
    author: '林晓禾',
    summary: '',
    category: '县水利局',
    published: '2024-03-01T00:00:00.000Z',
    updated: '2024-03-02T00:00:00.000Z',
  };
  const feed = {
    url: 'https://example.gov.cn/articles/feed.xml',
    home: 'https://example.gov.cn/articles?a=1&b=2',
    title: '岚亭文库',
    subtitle: '',
    updated: '2024-03-02T00:00:00.000Z',
    entries: [entry, { ...entry, url: 'https://example.gov.cn/articles/100002', summary: '要点' }],
  };

  test('the feed has what RFC 4287 asks of it, whatever a title holds', () => {
    const document = parseXml(renderAtom(feed));
    expect(document.documentElement?.namespaceURI).toBe('http://www.w3.org/2005/Atom');
    expect(texts(document, 'id')).toEqual([feed.url, ...feed.entries.map(({ url }) => url)]);
    expect(texts(document, 'title')).toEqual(['岚亭文库', ...Array(2).fill('<script>&"\'\ufffd ]]> 水利')]);
    expect(texts(document, 'updated')).toHaveLength(3);
    expect(texts(document, 'name')).toEqual(['岚亭文库', '林晓禾', '林晓禾']);
    expect(texts(document, 'summary')).toEqual(['要点']);
    const links = [...document.getElementsByTagName('link')].map((link) => link.getAttribute('href'));
    expect(links).toEqual([feed.url, feed.home, ...feed.entries.map(({ url }) => url)]);
    expect(parseXml(renderAtom({ ...feed, entries: [] })).getElementsByTagName('entry')).toHaveLength(0);
  });

  test('the sitemap names every address once, with its last change where that is known', () => {
    const addresses = [
      { url: 'https://example.gov.cn/articles?a=1&b=2', changedAt: null },
      { url: 'https://example.gov.cn/articles/100001', changedAt: '2024-03-01T00:00:00.000Z' },
    ];
    const document = parseXml(renderSitemap(addresses));
    expect(texts(document, 'loc')).toEqual(addresses.map(({ url }) => url));
    expect(texts(document, 'lastmod')).toEqual(['2024-03-01T00:00:00.000Z']);
    const many = Array.from({ length: 50_001 }, (_, nth) => ({
      url: `https://e.cn/${nth}`,
      changedAt: null,
    }));
    expect(renderSitemap(many).match(/<loc>/g)).toHaveLength(50_000);
  });
});

test('the code of an address has its three corners and a quiet border', () => {
  const { size, path } = qrCode('https://example.gov.cn/articles/100001');
  const dark = new Set<string>();
  for (const [, x = '', y = '', width = ''] of path.matchAll(/M(\d+) (\d+)h(\d+)v1h-\d+z/g)) {
    for (let module = 0; module < Number(width); module += 1) dark.add(`${Number(x) + module},${y}`);
  }
  const corner = (left: number, top: number) =>
    Array.from({ length: 7 }, (_, at) => [`${left + at},${top}`, `${left},${top + at}`]).flat();
  for (const module of [...corner(4, 4), ...corner(size - 11, 4), ...corner(4, size - 11)]) {
    expect(dark, module).toContain(module);
  }
  for (let at = 0; at < size; at += 1) {
    for (const border of [0, 1, 2, 3, size - 1, size - 4]) {
      expect(dark).not.toContain(`${at},${border}`);
      expect(dark).not.toContain(`${border},${at}`);
    }
  }
});
