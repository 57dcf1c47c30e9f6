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
  let tables = 0;
  const body = content
    .replace(IMAGE, (_all, type: string, base64: string) => {
      pictures.push({ type, base64 });
      return `<img src="${hrefOf(pictures.length)}" loading="lazy" decoding="async"`;
    })
    .replace(/<table(?=[\s>])/g, () => {
      tables += 1;
      return `<div class="table" role="group" tabindex="0" aria-label="表格${tables}"><table`;
    })
    .replace(/<\/table>/g, '</table></div>');
  return { header, body, pictures };
}
