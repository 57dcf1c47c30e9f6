/** The formats an article can leave in. */
import type { ReportJson } from '#lib/report/model.ts';
import { toArticle, type Article } from './article.ts';
import { renderDocx } from './docx/docx.ts';
import { renderFragment } from './fragment.ts';
import { renderHtml } from './html.ts';
import { renderJson } from './json.ts';
import { renderMarkdown } from './markdown.ts';
import type { ArticleMeta } from './meta.ts';
import { renderText } from './text.ts';
import { renderWechat } from './wechat.ts';

export const FORMATS = ['html', 'wechat', 'docx', 'fragment', 'text', 'markdown', 'json'] as const;
export type Format = (typeof FORMATS)[number];
export type TextFormat = Exclude<Format, 'docx'>;
export const TEXT_FORMATS = FORMATS.filter((format): format is TextFormat => format !== 'docx');

interface FormatRow {
  /** The media type, with its charset. */
  mime: string;
  /** What a file's name ends with, without the dot. */
  extension: string;
}

export const FORMAT_TABLE: Readonly<Record<Format, FormatRow>> = {
  html: { mime: 'text/html; charset=utf-8', extension: 'html' },
  wechat: { mime: 'text/html; charset=utf-8', extension: 'wechat.html' },
  fragment: { mime: 'text/html; charset=utf-8', extension: 'fragment.html' },
  text: { mime: 'text/plain; charset=utf-8', extension: 'txt' },
  markdown: { mime: 'text/markdown; charset=utf-8', extension: 'md' },
  json: { mime: 'application/json; charset=utf-8', extension: 'json' },
  docx: {
    mime: 'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
    extension: 'docx',
  },
};

const TEXTS: Readonly<Record<TextFormat, (article: Article, report: ReportJson) => string>> = {
  html: renderHtml,
  wechat: renderWechat,
  fragment: renderFragment,
  text: renderText,
  markdown: renderMarkdown,
  json: (_article, report) => renderJson(report),
};

export function isFormat(value: unknown): value is Format {
  return FORMATS.some((format) => format === value);
}

/** A report as text in a format. The report must have been parsed or repaired; throws, naming it, for what is unknown. */
export function render(format: TextFormat, report: ReportJson, meta: ArticleMeta): string {
  return TEXTS[format](toArticle(report, meta), report);
}

/** The file that a report is in a format, as {@link render} has it. The same report and meta give the same bytes. */
export function renderFile(format: Format, report: ReportJson, meta: ArticleMeta): Uint8Array<ArrayBuffer> {
  return format === 'docx'
    ? renderDocx(toArticle(report, meta))
    : new TextEncoder().encode(render(format, report, meta));
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
