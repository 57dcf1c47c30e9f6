/** The formats an article can leave in. */
import type { ReportJson } from '#lib/report/model.ts';
import { toArticle, type Article } from './article.ts';
import { renderFragment } from './fragment.ts';
import { renderHtml } from './html.ts';
import { renderJson } from './json.ts';
import { renderMarkdown } from './markdown.ts';
import type { ArticleMeta } from './meta.ts';
import { renderText } from './text.ts';

export const FORMATS = ['html', 'fragment', 'text', 'markdown', 'json'] as const;
export type Format = (typeof FORMATS)[number];

interface FormatRow {
  /** The media type, with its charset. */
  mime: string;
  /** What a file's name ends with, without the dot. */
  extension: string;
  render: (article: Article, report: ReportJson) => string;
}

export const FORMAT_TABLE: Readonly<Record<Format, FormatRow>> = {
  html: { mime: 'text/html; charset=utf-8', extension: 'html', render: renderHtml },
  fragment: { mime: 'text/html; charset=utf-8', extension: 'fragment.html', render: renderFragment },
  text: { mime: 'text/plain; charset=utf-8', extension: 'txt', render: renderText },
  markdown: { mime: 'text/markdown; charset=utf-8', extension: 'md', render: renderMarkdown },
  json: {
    mime: 'application/json; charset=utf-8',
    extension: 'json',
    render: (_article, report) => renderJson(report),
  },
};

export function isFormat(value: unknown): value is Format {
  return FORMATS.some((format) => format === value);
}

/** A report in a format. The report must have been parsed or repaired; throws, naming it, for what is unknown. */
export function render(format: Format, report: ReportJson, meta: ArticleMeta): string {
  return FORMAT_TABLE[format].render(toArticle(report, meta), report);
}

/** A file name for a title: without what file systems refuse, at most 80 characters. */
export function fileName(title: string, format: Format): string {
  const safe = title
    .replace(/[\\/:*?"<>|\p{C}]/gu, ' ')
    .replace(/\s+/g, ' ')
    .replace(/^[. ]+/, '');
  const name = [...safe]
    .slice(0, 80)
    .join('')
    .replace(/[. ]+$/, '');
  return `${name === '' ? 'report' : name}.${FORMAT_TABLE[format].extension}`;
}
