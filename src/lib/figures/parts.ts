/** Numbers written in several parts, each less than one unit of the part before: 1万2千, 1亿2千3百万, 1亿零500万. */
import { add, compare, decimal, shift, stepOf } from './decimal.ts';
import { unitAt } from './lexicon.ts';
import type { Reading } from './reading.ts';

/** A further part: 2千 in 1万2千, 3百万 in 1亿2千3百万. 零 tells that a place is left out. */
const PART = /(零?)(\d{1,4}(?:\.\d{1,4})?)([百千]?)(万?)/y;
/** 2千3百余万: the 万 of what is parted by a qualifier. */
const REST = /([多余])(万)/y;
const PLACES: Readonly<Record<string, number>> = { 十: 1, 百: 2, 千: 3, 万: 4, 亿: 8 };
const WAN = 4;

/** How many places a multiplier moves the point: 千万 is 7. */
export function placesOf(multiplier: string): number {
  let places = 0;
  for (const char of multiplier) places += PLACES[char] ?? 0;
  return places;
}

export interface Parts {
  end: number;
  value: string;
  step: string;
  /** Stands between the parts and their 万. */
  qualifier?: string;
}

/**
 * The whole number that begins with a part of so much, which ended at a place with a multiplier; null where no
 * further part follows, or where what follows is another number.
 */
export function partsAt(reading: Reading, from: number, first: string, multiplier: string): Parts | null {
  const text = reading.text;
  const large = multiplier.replace(/^[十百千](?=[万亿])/, '');
  const isOpen = /^[百千]$/.test(multiplier);
  // What 万 is still to multiply, and what it has.
  let [open, total] = isOpen
    ? [shift(first, placesOf(multiplier)), '0']
    : ['0', shift(first, placesOf(multiplier))];
  // A part is below 10 to the one, what 万 multiplies below 10 to the other.
  let room = isOpen ? placesOf(multiplier) : placesOf(large);
  let above = isOpen ? Infinity : room;
  let [end, step] = [from, '1'];
  while (room > 0) {
    const part = reading.match(PART, end);
    if (part === null) break;
    const [whole, gap = '', number = '', small = '', wan = ''] = part;
    // A part without a small multiplier has all its digits, unless 零 says otherwise: 1万2000人.
    const isFull = gap !== '' || small !== '' || number.length === room || (wan !== '' && open === '0');
    const isYear = small + wan === '' && text.charAt(end + whole.length) === '年';
    if (!isFull || isYear) break;
    const own = shift(decimal(number), placesOf(small));
    if (compare(own, shift('1', room)) >= 0 || (wan !== '' && above <= WAN)) return null;
    end += whole.length;
    open = add(open, own);
    step = shift(stepOf(number), placesOf(small + wan));
    room = placesOf(small);
    if (wan === '') continue;
    if (above !== Infinity && compare(open, shift('1', above - WAN)) >= 0) return null;
    [total, open, room, above] = [add(total, shift(open, WAN)), '0', WAN, WAN];
  }
  const rest = open === '0' || above <= WAN ? null : reading.match(REST, end);
  if (rest !== null)
    return {
      end: end + rest[0].length,
      value: add(total, shift(open, WAN)),
      step: shift(step, end === from ? WAN + room : WAN),
      qualifier: rest[1] ?? '',
    };
  if (end === from) return null;
  const isWhole = room > 0 || unitAt(text, end) !== null || '多余'.includes(text.charAt(end) || ' ');
  return isWhole ? { end, value: add(total, open), step } : null;
}
