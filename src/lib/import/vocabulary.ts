/** What foreign HTML means in a report: shared by pasting, which reads a DOM, and by importing, which has none. */
import {
  MAX_LIST_LEVEL,
  type MarkName,
  type ParagraphAttrs,
  type ParagraphStyle,
} from '#lib/report/model.ts';

const words = (text: string): ReadonlySet<string> => new Set(text.split(' '));

/** Elements of which nothing is taken, not even the text. */
export const SKIPPED = words(
  'script style meta link title head noscript template iframe object embed svg math canvas audio video input button select textarea xml',
);
/** Elements that begin a paragraph of their own. */
export const BLOCKS = words(
  'p div section article header footer main aside nav address center dl dt dd figure figcaption fieldset form details summary pre body li ul ol blockquote h1 h2 h3 h4 h5 h6',
);
export const MARK_TAGS: Readonly<Record<string, MarkName>> = {
  b: 'bold',
  strong: 'bold',
  i: 'italic',
  em: 'italic',
  u: 'underline',
  ins: 'underline',
  s: 'strike',
  del: 'strike',
  strike: 'strike',
  mark: 'highlight',
};
/** Word's own classes. */
const CLASS_STYLES: readonly [RegExp, ParagraphStyle][] = [
  [/^MsoTitle/i, 'title'],
  [/^MsoSubtitle/i, 'subtitle'],
  [/^Mso(Intense)?Quote/i, 'quote'],
  [/^(MsoSignature|MsoClosing)/i, 'signature'],
];
const HAN = '\\u2e80-\\u9fff\\uf900-\\ufaff\\uff00-\\uffef\\u3000-\\u303f';
/** A line of source code that ends between two Chinese characters is no space. */
export const SOURCE_BREAK = new RegExp(`([${HAN}])\\s*\\n\\s*(?=[${HAN}])`, 'gu');
/** What people indent with by hand; the paper indents by itself. */
export const HAND_INDENT = /^[\s\u00a0\u3000]+/;

/** The heading of a rank, the nearest one there is. */
export function headingStyle(rank: number): ParagraphStyle {
  const styles = ['heading1', 'heading2', 'heading3', 'heading4'] as const;
  return styles[Math.max(1, Math.min(4, rank)) - 1] ?? 'heading4';
}

/** The style that Word's class or outline level gives; null: none. */
export function wordStyle(className: string, style: string): ParagraphStyle | null {
  const named = CLASS_STYLES.find(([pattern]) => pattern.test(className))?.[1];
  if (named !== undefined) return named;
  const rank = /^MsoHeading(\d)/i.exec(className) ?? /mso-outline-level:\s*([1-9])/i.exec(style);
  return rank ? headingStyle(Number(rank[1])) : null;
}

/**
 * Word's list paragraph: `mso-list:l0 level2 lfo1` in its style, and its bullet or number in an ignored span.
 * `seen` holds the lists that have begun; null: it is in none.
 */
export function wordList(style: string, sign: string, seen: Set<string>): Partial<ParagraphAttrs> | null {
  const found = /mso-list:\s*(l\d+)\s+level(\d+)(?:\s+(lfo\d+))?/i.exec(style);
  if (!found) return null;
  const level = Math.min(MAX_LIST_LEVEL, Number(found[2]) - 1);
  const ordered =
    /^[(（]?([0-9]+|[a-z]{1,4}|[一二三四五六七八九十]+)[.)）、．]/i.test(sign) || /^[①-⑳]/.test(sign);
  const key = `${found[1]} ${found[3]}`;
  const restart = ordered && level === 0 && !seen.has(key);
  if (ordered) seen.add(key);
  return { style: ordered ? 'ordered' : 'bullet', level, restart };
}

/** Whether a style hides what it is set on: Word's numbers of list items are text as well. */
export const isHiddenStyle = (style: string) =>
  /mso-list:\s*Ignore|mso-hide:\s*all|display:\s*none/i.test(style);
