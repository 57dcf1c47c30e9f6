/** Finding words again by themselves, by what stood around them, and by where they were. */
import { CONTEXT } from './thread.ts';

/** What is looked for. */
export interface Quote {
  exact: string;
  prefix: string;
  suffix: string;
  /** Where in the text they are thought to be; null: that is not known. */
  near: number | null;
}

export interface Found {
  at: number;
  /** How long they are there: Enter in the middle of words makes them longer, and leaves them the same. */
  length: number;
  /** How many characters around them are as they were. */
  context: number;
  /** Whether what stood closest to them does, on both sides. */
  isSure: boolean;
  score: number;
}

/** So much on each side is what stands closest, in UTF-16 units. */
const CLOSE = 8;
/** So much nearness weighs, in characters of context, at the place itself. */
const NEARNESS = 8;
/** From here on it makes no difference how far it is, in UTF-16 units. */
const FAR = 1_000;
/** How many places of words that stand everywhere are compared. */
const MOST_PLACES = 2_000;

/** A text without its newlines, and where each character was. */
export class Haystack {
  readonly #plain: string;
  /** Null: there were none. */
  readonly #places: Int32Array | null;

  constructor(text: string) {
    this.#plain = withoutNewlines(text);
    this.#places = this.#plain.length === text.length ? null : placesOf(text, this.#plain.length);
  }

  /** The best of the places of a quote that `isMeant`; null: there is none. */
  find(quote: Quote, isMeant: (found: Found) => boolean): Found | null {
    const exact = withoutNewlines(quote.exact);
    if (exact === '') return null;
    const [prefix, suffix] = [withoutNewlines(quote.prefix), withoutNewlines(quote.suffix)];
    let best: Found | null = null;
    let places = 0;
    for (const at of occurrences(this.#plain, exact)) {
      if (++places > MOST_PLACES) break;
      const found = this.#judge(at, { exact, prefix, suffix, near: quote.near });
      if ((best === null || found.score > best.score) && isMeant(found)) best = found;
    }
    return best;
  }

  /** Whether words stand in one place only. */
  isSingle(words: string): boolean {
    const places = occurrences(this.#plain, withoutNewlines(words));
    places.next();
    return places.next().done === true;
  }

  #judge(index: number, { exact, prefix, suffix, near }: Quote): Found {
    const end = index + exact.length;
    const before = commonEnd(prefix, this.#plain.slice(Math.max(0, index - CONTEXT), index));
    const after = commonStart(suffix, this.#plain.slice(end, end + CONTEXT));
    const at = this.#placeOf(index);
    const context = before + after;
    const distance = near === null ? FAR : Math.min(FAR, Math.abs(at - near));
    return {
      at,
      length: this.#placeOf(end - 1) + 1 - at,
      context,
      isSure:
        context > 0 && before >= Math.min(CLOSE, prefix.length) && after >= Math.min(CLOSE, suffix.length),
      score: context + NEARNESS * (1 - distance / FAR),
    };
  }

  #placeOf(index: number): number {
    return this.#places?.[index] ?? index;
  }
}

/** Words of up to so many UTF-16 units are looked for by the engine, which may compare all of them at every place. */
const SHORT = 64;

/** Where words stand in a text, overlapping ones too. Linear in both, however often either repeats itself. */
function* occurrences(text: string, words: string): Generator<number> {
  if (words.length <= SHORT) {
    for (let at = text.indexOf(words); at >= 0; at = text.indexOf(words, at + 1)) yield at;
    return;
  }
  const borders = bordersOf(words);
  let same = 0;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    while (same > 0 && words.charCodeAt(same) !== code) same = borders[same - 1] ?? 0;
    if (words.charCodeAt(same) === code) same++;
    if (same < words.length) continue;
    yield at + 1 - same;
    same = borders[same - 1] ?? 0;
  }
}

/** Of each beginning of the words, how long the longest of its ends is that is a beginning, too (Knuth, Morris, Pratt). */
function bordersOf(words: string): Int32Array {
  const borders = new Int32Array(words.length);
  let same = 0;
  for (let at = 1; at < words.length; at++) {
    const code = words.charCodeAt(at);
    while (same > 0 && words.charCodeAt(same) !== code) same = borders[same - 1] ?? 0;
    if (words.charCodeAt(same) === code) same++;
    borders[at] = same;
  }
  return borders;
}

function withoutNewlines(text: string): string {
  return text.replaceAll('\n', '');
}

function placesOf(text: string, length: number): Int32Array {
  const places = new Int32Array(length);
  let index = 0;
  for (let at = 0; at < text.length; at++) if (text[at] !== '\n') places[index++] = at;
  return places;
}

/** How many UTF-16 units two texts begin with alike. */
export function commonStart(a: string, b: string): number {
  const most = Math.min(a.length, b.length);
  let length = 0;
  while (length < most && a.charCodeAt(length) === b.charCodeAt(length)) length++;
  return length;
}

/** How many UTF-16 units two texts end with alike. */
export function commonEnd(a: string, b: string): number {
  const most = Math.min(a.length, b.length);
  let length = 0;
  while (length < most && a.charCodeAt(a.length - 1 - length) === b.charCodeAt(b.length - 1 - length))
    length++;
  return length;
}
