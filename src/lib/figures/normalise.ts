/** Full-width and half-width forms as one, so that lexing needs to know only one. The length never changes. */

const COMMA = 0xff0c;
const isDigit = (code: number) => (code >= 0xff10 && code <= 0xff19) || (code >= 0x30 && code <= 0x39);

/** Whether a `，` parts thousands: one to three digits before it, exactly three behind it. */
function partsThousands(text: string, at: number): boolean {
  const digit = (offset: number) => isDigit(text.charCodeAt(at + offset));
  const behind = digit(1) && digit(2) && digit(3) && !digit(4);
  return behind && digit(-1) && !(digit(-2) && digit(-3) && digit(-4));
}

/** Single characters that mean an ASCII one in numbers: the ratio sign, small percent, minus, spaces of other widths. */
const SAME: ReadonlyMap<number, string> = new Map([
  [0x2236, ':'],
  [0xfe55, ':'],
  [0xfe6a, '%'],
  [0x2212, '-'],
  [0x2010, '-'],
  [0x2011, '-'],
  [0x2013, '—'],
  [0x2014, '—'],
  [0x2015, '—'],
  [0x301c, '~'],
  [0x223c, '~'],
  [0x00a0, ' '],
  [0x2002, ' '],
  [0x2003, ' '],
  [0x2009, ' '],
  [0x202f, ' '],
  [0x3000, ' '],
  [0x25cb, '〇'],
  [0x25ef, '〇'],
]);

const WIDE =
  /[\uff01-\uff5e\u2236\ufe55\ufe6a\u2212\u2010\u2011\u2013\u2015\u301c\u223c\u00a0\u2002\u2003\u2009\u202f\u3000\u25cb\u25ef]/g;

/**
 * The text with full-width digits, letters and marks as ASCII, of the same length. `，` stays what it is,
 * unless it parts the thousands of a number (`１，２６０`). Linear.
 */
export function normalise(text: string): string {
  return text.replace(WIDE, (found, at: number) => {
    const code = found.charCodeAt(0);
    if (code === COMMA) {
      return partsThousands(text, at) ? ',' : found;
    }
    return SAME.get(code) ?? String.fromCharCode(code - 0xfee0);
  });
}
