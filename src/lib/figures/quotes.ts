/** Quotations and book titles of one paragraph. */
import type { Span } from './figure.ts';

/** A quotation in “” or straight quotes, or a title in 《》. `start` and `end` include the marks. */
export interface Quotation extends Span {
  kind: 'quote' | 'title';
}

/** The longest quotation that is a set phrase rather than speech, in UTF-16 units without its marks. */
export const MAX_PHRASE = 14;

const OPENING: ReadonlyMap<string, string> = new Map([
  ['“', '”'],
  ['‘', '’'],
  ['「', '」'],
  ['『', '』'],
  ['《', '》'],
  ['〈', '〉'],
]);
const MARKS = /[“”‘’「」『』《》〈〉"＂]/g;
const CLOSING = new Set(OPENING.values());

/**
 * The quotations in the order of their starts, nested ones too. Straight quotes are paired by alternation.
 * A mark without a partner is no quotation. Linear.
 */
export function quotations(text: string): Quotation[] {
  const found: Quotation[] = [];
  const open: { at: number; close: string }[] = [];
  let straight = -1;
  for (const { 0: char, index: at } of text.matchAll(MARKS)) {
    if (char === '"' || char === '＂') {
      if (straight >= 0) found.push({ kind: 'quote', start: straight, end: at + 1 });
      straight = straight >= 0 ? -1 : at;
      continue;
    }
    const close = OPENING.get(char);
    if (close !== undefined) open.push({ at, close });
    else if (CLOSING.has(char)) {
      // Only the innermost counts: an opening mark that was never closed must not swallow the rest.
      const last = open.at(-1);
      if (last?.close === char) {
        open.pop();
        found.push({ kind: char === '》' || char === '〉' ? 'title' : 'quote', start: last.at, end: at + 1 });
      } else if (open.at(-2)?.close === char) {
        open.pop();
        const outer = open.pop();
        if (outer) found.push({ kind: char === '》' ? 'title' : 'quote', start: outer.at, end: at + 1 });
      }
    }
  }
  return found.sort((a, b) => a.start - b.start || b.end - a.end);
}

/** How a character is quoted: in a set phrase, in longer speech, in a title. Bits. */
export const IN_PHRASE = 1;
export const IN_SPEECH = 2;
export const IN_TITLE = 4;

/** For each character the bits of the quotations that it stands in. Linear: no more than two nested ones are marked. */
export function quotationMask(length: number, found: readonly Quotation[]): Uint8Array {
  const mask = new Uint8Array(length);
  const covered = new Map<number, number>();
  for (const { kind, start, end } of found) {
    const bit = kind === 'title' ? IN_TITLE : end - start - 2 <= MAX_PHRASE ? IN_PHRASE : IN_SPEECH;
    // Each bit is painted once for each place: quotations come in the order of their starts.
    const from = Math.max(start, covered.get(bit) ?? 0);
    for (let at = from; at < end; at++) mask[at] = (mask[at] ?? 0) | bit;
    covered.set(bit, Math.max(end, covered.get(bit) ?? 0));
  }
  return mask;
}
