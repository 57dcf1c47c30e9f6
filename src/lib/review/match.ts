/** Where `length` characters of a text, from `at` on, stand in a source, from `from` on. */
export interface Match {
  at: number;
  from: number;
  length: number;
}

/** How many comparisons a search for shorter ones than {@link GRAM} may cost; above it only longer ones are found. */
const FULL_SEARCH = 1_000_000;
const GRAM = 8;
/** How many places of one gram are tried: a text that repeats itself must not cost its square. */
const PLACES = 16;

/** The longest stretch of `text` that stands in `source`, of at least `least` UTF-16 units; null: none. */
export function longestMatch(text: string, source: string, least: number): Match | null {
  if (text.length < least || source.length < least || text === '') return null;
  const whole = source.indexOf(text);
  if (whole >= 0) return { at: 0, from: whole, length: text.length };
  const isSmall = least < GRAM && text.length * source.length <= FULL_SEARCH;
  const best = isSmall ? searchAll(text, source) : searchGrams(text, source);
  return best.length >= least && best.length > 0 ? best : null;
}

/** Compares every place with every place: row by row, how long a match ends here. */
function searchAll(text: string, source: string): Match {
  let best: Match = { at: 0, from: 0, length: 0 };
  let row = new Uint32Array(source.length + 1);
  let above = new Uint32Array(source.length + 1);
  for (let i = 1; i <= text.length; i++) {
    [row, above] = [above, row];
    const unit = text.charCodeAt(i - 1);
    for (let j = 1; j <= source.length; j++) {
      const length = source.charCodeAt(j - 1) === unit ? (above[j - 1] ?? 0) + 1 : 0;
      row[j] = length;
      if (length > best.length) best = { at: i - length, from: j - length, length };
    }
  }
  return best;
}

/** Finds the grams that both have and extends them. The shorter one is indexed, the longer one read once. */
function searchGrams(text: string, source: string): Match {
  if (text.length <= source.length) return searchIndexed(text, source);
  const { at, from, length } = searchIndexed(source, text);
  return { at: from, from: at, length };
}

function searchIndexed(text: string, source: string): Match {
  const places = new Map<string, number[]>();
  for (let at = 0; at + GRAM <= text.length; at++) {
    const gram = text.slice(at, at + GRAM);
    const known = places.get(gram);
    if (known === undefined) places.set(gram, [at]);
    else if (known.length < PLACES) known.push(at);
  }
  let best: Match = { at: 0, from: 0, length: 0 };
  for (let from = 0; from + GRAM <= source.length; from++) {
    for (const at of places.get(source.slice(from, from + GRAM)) ?? []) {
      // Its beginning was found before, as part of a longer match.
      if (at > 0 && from > 0 && text[at - 1] === source[from - 1]) continue;
      let length = GRAM;
      while (
        at + length < text.length &&
        from + length < source.length &&
        text[at + length] === source[from + length]
      ) {
        length++;
      }
      if (length > best.length) best = { at, from, length };
    }
  }
  return best;
}
