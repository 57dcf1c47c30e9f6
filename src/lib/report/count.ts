/**
 * 字数 and reading time.
 *
 * 字数 is counted as Word counts it, on text normalised to full-width marks:
 *
 * - each Han character counts 1, and so does each kana, bopomofo and Hangul syllable;
 * - each full-width mark counts 1: `，。、“”《》（）—…·` and their like;
 * - an ASCII mark `, . : ; ! ? ( ) [ ] { } " '` stands for its full-width form and counts 1, unless it is
 *   inside a number or a name: a decimal point (`12.3`), a thousands comma (`1,260`), a ratio or a time
 *   (`3:2`), a dot or an apostrophe between letters, the colon of an address;
 * - each run of other characters counts 1: `2168`, `12.3%`, `2021-2023`, `GDP`, `1+3+N`. Full-width digits
 *   and letters are such characters too, with `．` and `％` between or behind them, so that `９８．６％` is
 *   one run, as `98.6%` is;
 * - spaces count nothing and end a run.
 *
 * The body is counted: not the title and subtitle, not the signature, not captions and alternative texts.
 */
import type { BlockJson, ContentJson, ParagraphStyle } from './model.ts';
import { paragraphStyle, paragraphText, paragraphsOf } from './text.ts';

export interface TextCount {
  /** 字数. */
  words: number;
  /** Characters (Unicode code points) without spaces. */
  characters: number;
}

const SPACE = 0;
const WORD = 1; // Han, or another script whose every character counts.
const MARK = 2; // A full-width mark.
const ALNUM = 3;
const ASCII_MARK = 4;
const OTHER = 5;
type CharClass = typeof SPACE | typeof WORD | typeof MARK | typeof ALNUM | typeof ASCII_MARK | typeof OTHER;

/** Marks outside the full-width blocks that Chinese text sets full width: dashes, curly quotes, … and ·. */
const GENERAL_MARKS = new Set([0xb7, 0x2013, 0x2014, 0x2015, 0x2018, 0x2019, 0x201c, 0x201d, 0x2025, 0x2026]);
const ASCII_MARKS = new Set([...',.:;!?()[]{}"\''].map((mark) => mark.charCodeAt(0)));

function isAsciiAlnum(code: number): boolean {
  return (code >= 48 && code <= 57) || (code >= 65 && code <= 90) || (code >= 97 && code <= 122);
}

/** The class of a UTF-16 unit. The first half of a pair speaks for both; the second is never asked. */
function classOf(code: number): CharClass {
  if (code >= 0x4e00 && code <= 0x9fff) return WORD;
  if (code < 0x80) {
    if (code <= 0x20 || code === 0x7f) return SPACE;
    if (isAsciiAlnum(code)) return ALNUM;
    return ASCII_MARKS.has(code) ? ASCII_MARK : OTHER;
  }
  if (code === 0xa0 || code === 0xfeff || code === 0x3000) return SPACE;
  if (GENERAL_MARKS.has(code)) return MARK;
  // Spaces of all widths, joiners, line and paragraph separators.
  if ((code >= 0x2000 && code <= 0x200f) || (code >= 0x2028 && code <= 0x202f)) return SPACE;
  if (code >= 0x205f && code <= 0x2064) return SPACE;
  if (code < 0x2e80) return OTHER;
  if (code === 0x3005 || code === 0x3006 || code === 0x3007) return WORD;
  if (code >= 0x3001 && code <= 0x303f) return MARK;
  if (code <= 0x318f || (code >= 0x31a0 && code <= 0x31ff)) return WORD;
  if (code >= 0x3400 && code <= 0x4dbf) return WORD;
  if (code >= 0xac00 && code <= 0xd7a3) return WORD;
  if (code >= 0xf900 && code <= 0xfaff) return WORD;
  // The supplementary ideographic planes, U+20000 to U+3FFFF.
  if (code >= 0xd840 && code <= 0xd8bf) return WORD;
  if (code >= 0xfe10 && code <= 0xfe6f) return MARK;
  if (code >= 0xff01 && code <= 0xff60) return isAsciiAlnum(code - 0xfee0) ? ALNUM : MARK;
  return OTHER;
}

/** The ASCII form of a full-width unit, any other unit as it is. */
const narrow = (code: number) => (code >= 0xff01 && code <= 0xff5e ? code - 0xfee0 : code);
const isDigit = (code: number) => code >= 48 && code <= 57;

const COMMA = 0x2c;
const DOT = 0x2e;
const COLON = 0x3a;
const APOSTROPHE = 0x27;
const SLASH = 0x2f;
const PERCENT = 0x25;

/** The unit at an index in its narrow form; NaN past either end, which is in no class. */
const at = (text: string, index: number) => narrow(text.charCodeAt(index));

/** Whether the mark at `index` belongs to the number or name around it. */
function joinsRun(text: string, index: number): boolean {
  const mark = at(text, index);
  const before = at(text, index - 1);
  const after = at(text, index + 1);
  if (mark === PERCENT) return isDigit(before);
  if (mark === COMMA) {
    const next = [1, 2, 3, 4].map((step) => isDigit(at(text, index + step)));
    return isDigit(before) && next[0] === true && next[1] === true && next[2] === true && next[3] === false;
  }
  if (!isAsciiAlnum(before)) return false;
  if (mark === DOT || mark === APOSTROPHE) return isAsciiAlnum(after);
  if (mark === COLON) return isAsciiAlnum(after) || after === SLASH;
  return false;
}

/** Counts a text by the rule above. Linear, a few nanoseconds a character. */
export function countText(text: string): TextCount {
  let words = 0;
  let characters = 0;
  let inRun = false;
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    let kind = classOf(code);
    if (kind === SPACE) {
      inRun = false;
      continue;
    }
    characters += 1;
    if (kind === ASCII_MARK || (kind === MARK && code >= 0xff01)) {
      kind = joinsRun(text, index) ? OTHER : MARK;
    }
    if (kind === WORD || kind === MARK) {
      words += 1;
      inRun = false;
    } else if (!inRun) {
      words += 1;
      inRun = true;
    }
    // The second half of a pair, and selectors that only vary the character before, are no characters.
    while (isContinuation(text.charCodeAt(index + 1))) index += 1;
  }
  return { words, characters };
}

const isContinuation = (code: number) =>
  (code >= 0xdc00 && code <= 0xdfff) || (code >= 0xfe00 && code <= 0xfe0f);

const UNCOUNTED: readonly ParagraphStyle[] = ['title', 'subtitle', 'signature'];

/** Whether paragraphs of a style belong to the body that is counted. */
function isCounted(style: ParagraphStyle): boolean {
  return !UNCOUNTED.includes(style);
}

/** What a block adds to the body's count. It depends on the block alone, so it can be cached by block. */
export function countBlock(block: BlockJson): TextCount {
  let words = 0;
  let characters = 0;
  for (const paragraph of paragraphsOf(block)) {
    if (!isCounted(paragraphStyle(paragraph))) continue;
    const count = countText(paragraphText(paragraph));
    words += count.words;
    characters += count.characters;
  }
  return { words, characters };
}

export function countContent(content: ContentJson): TextCount {
  let words = 0;
  let characters = 0;
  for (const block of content.content ?? []) {
    const count = countBlock(block);
    words += count.words;
    characters += count.characters;
  }
  return { words, characters };
}

/** Characters that a reader of a report takes in within a minute. */
const CHARACTERS_A_MINUTE = 300;

/** Whole minutes, at least one, for a number of characters without spaces. */
export function readingMinutes(characters: number): number {
  return Math.max(1, Math.ceil(characters / CHARACTERS_A_MINUTE));
}
