/** 规范标点: half-width marks in Chinese text as full-width ones. */

const FULL: Readonly<Record<string, string>> = {
  ',': '，',
  ';': '；',
  ':': '：',
  '!': '！',
  '?': '？',
  '.': '。',
};
const HAN = /[\u3400-\u9fff]/;
const WORD = /[A-Za-z]/;
const DIGIT = /[0-9０-９]/;

/**
 * The text with its half-width marks set full width and its straight quotes paired by alternation, of the same
 * length. Marks inside numbers, times, addresses and foreign words stay; a straight quote without a partner
 * stays; a text without Han characters stays altogether. Done again it changes nothing. Linear.
 */
export function normalisePunctuation(text: string): string {
  if (!HAN.test(text)) return text;
  const out = [...Array(text.length).keys()].map((at) => text.charAt(at));
  setQuotes(text, out);
  for (let at = 0; at < text.length; at++) {
    const full = FULL[text.charAt(at)];
    if (full !== undefined && isChineseMark(text, at)) out[at] = full;
  }
  // Brackets come last: they go by the marks around them.
  setBrackets(out);
  return out.join('');
}

function isChineseMark(text: string, at: number): boolean {
  const mark = text.charAt(at);
  const before = text.charAt(at - 1);
  const after = text.charAt(at + 1);
  if (mark === '.') return isChineseStop(text, at, before, after);
  if (DIGIT.test(before) && DIGIT.test(after)) {
    if (mark === ':') return false;
    if (mark === ',') return !/^\d{3}(?!\d)/.test(text.slice(at + 1, at + 5));
    return true;
  }
  if (mark === ':' && after === '/') return false;
  // In foreign words a mark is followed by a space or a letter: A, B or a;b.
  return !(WORD.test(before) && (WORD.test(after) || (after === ' ' && WORD.test(text.charAt(at + 2)))));
}

/** A full stop, and not a decimal point, an ellipsis, an address or the number of an item. */
function isChineseStop(text: string, at: number, before: string, after: string): boolean {
  if (before === '.' || after === '.' || before === '') return false;
  if (HAN.test(before) || '”’"\')）》】%％'.includes(before)) return true;
  if (!DIGIT.test(before) || DIGIT.test(after) || WORD.test(after)) return false;
  // 1.加强领导 numbers an item; …达到25.新建 ends a sentence.
  const start = text.slice(Math.max(0, at - 4), at);
  return !/(?:^|[\n。；;：:])\s*\d{1,3}$/.test(at <= 4 ? start : `x${start}`);
}

function setQuotes(text: string, out: string[]): void {
  for (const [mark, open, close] of [
    ['"', '“', '”'],
    ["'", '‘', '’'],
  ] as const) {
    let from = -1;
    for (let at = text.indexOf(mark); at >= 0; at = text.indexOf(mark, at + 1)) {
      // An apostrophe and 5'20" are no quotes.
      const isApostrophe = mark === "'" && /[A-Za-z0-9]/.test(text.charAt(at - 1)) && from < 0;
      if (isApostrophe) continue;
      if (from < 0) from = at;
      else {
        out[from] = open;
        out[at] = close;
        from = -1;
      }
    }
  }
}

/**
 * Both of a pair or neither: (甲) and those behind Chinese words, not f(x). Pairs are decided in the order in
 * which they open, so that the mark before each is final when its turn comes.
 */
function setBrackets(out: string[]): void {
  const hanBefore = [0];
  for (const char of out) hanBefore.push((hanBefore.at(-1) ?? 0) + (HAN.test(char) ? 1 : 0));
  for (const [open, close] of bracketPairs(out)) {
    const isChinese =
      (hanBefore[close] ?? 0) > (hanBefore[open] ?? 0) ||
      /[\u3000-\u9fff\uff00-\uffef”]/.test(out[open - 1] ?? '') ||
      out[open] === '（' ||
      out[close] === '）';
    if (isChinese) [out[open], out[close]] = ['（', '）'];
  }
}

/** Where each pair of brackets opens and closes, in the order in which they open. */
function bracketPairs(chars: readonly string[]): [open: number, close: number][] {
  const waiting: number[] = [];
  const pairs: [open: number, close: number][] = [];
  for (const [at, char] of chars.entries()) {
    if (char === '(' || char === '（') waiting.push(at);
    else if (char === ')' || char === '）') {
      const open = waiting.pop();
      if (open !== undefined) pairs.push([open, at]);
    }
  }
  return pairs.sort(([a], [b]) => a - b);
}
