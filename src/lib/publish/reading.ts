/**
 * A published fragment as the reading site shows it. It is markup of our own renderer, escaped by construction
 * (element.ts), so what stands between quotes is text and what looks like a tag is one.
 */

/** A picture taken out of the text, to be sent by itself. */
export interface ReadingPicture {
  /** Its media type. */
  type: string;
  base64: string;
}

export interface ReadingText {
  /** What stands inside `<header>`: title, subtitles, byline. */
  header: string;
  /** All below it. */
  body: string;
  pictures: ReadingPicture[];
}

const IMAGE = /<img src="data:(image\/[a-z+]+);base64,([A-Za-z0-9+/=]*)"/g;
const TABLE = /(<div style="position:absolute[^>]*>)?<table>(?:<caption>([^<]*)<\/caption>)?|<\/table>/g;
const WHOLE = /^\s*<article[^>]*><header>(.*?)<\/header>(.*)<\/article>\s*$/s;

/**
 * The parts of a fragment: pictures are sent by themselves, when they come into view, and wide tables scroll, by
 * keyboard too. `hrefOf` has the address of the nth picture, from 1. Throws for what is no article.
 */
export function readingText(fragment: string, hrefOf: (nth: number) => string): ReadingText {
  const [, header, content] = WHOLE.exec(fragment) ?? [];
  if (header === undefined || content === undefined) {
    throw new Error(`not an article: ${JSON.stringify(fragment.slice(0, 80))}`);
  }
  const pictures: ReadingPicture[] = [];
  const body = content.replace(IMAGE, (_all, type: string, base64: string) => {
    pictures.push({ type, base64 });
    return `<img src="${hrefOf(pictures.length)}" loading="lazy" decoding="async"`;
  });
  return { header, body: framedTables(body), pictures };
}

/**
 * Tables in frames that scroll, each named by its caption or its number. Those that stand behind a chart for
 * people who cannot see it are left alone: nobody scrolls what is not shown.
 */
function framedTables(html: string): string {
  let tables = 0;
  /** Whether each table that is open has a frame. */
  const open: boolean[] = [];
  return html.replace(TABLE, (all, unseen: string | undefined, caption: string | undefined) => {
    if (all === '</table>') return open.pop() === true ? '</table></div>' : all;
    open.push(unseen === undefined);
    if (unseen !== undefined) return all;
    tables += 1;
    const name = caption ?? `表格${tables}`;
    return `<div class="table" role="group" tabindex="0" aria-label="${name}">${all}`;
  });
}
