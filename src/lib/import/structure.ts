/** Headings, run-in headings and numbered items, found again by how official writing numbers and words them. */
import type { BlockJson, InlineJson, ParagraphJson, ParagraphStyle } from '#lib/report/model.ts';
import { append } from '#lib/report/normal.ts';
import { paragraphStyle, paragraphText } from '#lib/report/text.ts';

const isBody = (block: BlockJson | undefined): block is ParagraphJson =>
  block?.type === 'paragraph' && paragraphStyle(block) === 'body';

/** The four ranks of GB/T 9704: 一、 （一） 1. （1）. */
const RANKS: readonly [ParagraphStyle, RegExp][] = [
  ['heading1', /^[一二三四五六七八九十]{1,3}、/],
  ['heading2', /^[（(][一二三四五六七八九十]{1,3}[）)]/],
  ['heading3', /^\d{1,2}[.．、](?!\d)/],
  ['heading4', /^[（(]\d{1,2}[）)]/],
];
/** The longest line that is a heading, in UTF-16 units. */
const LONGEST_HEADING = 40;

/** The rank that a line's number gives it. */
const rankOf = (text: string) => RANKS.findIndex(([, pattern]) => pattern.test(text));

/** A line that is nothing but a heading: short, one phrase. */
const isHeadingLine = (text: string) =>
  text.length <= LONGEST_HEADING && !/[。；;！？!?\n].|[；;，,：:]$/u.test(text);

/** Numbered lines become headings; 1. 2. 3. one right after the other become the items of a list. */
export function withHeadings(blocks: readonly BlockJson[]): BlockJson[] {
  const ranks = blocks.map((block) => {
    if (!isBody(block)) return -1;
    return rankOf(paragraphText(block).trim());
  });
  let hasOrdered = blocks.some((block) => block.type === 'paragraph' && paragraphStyle(block) === 'ordered');
  return blocks.map((block, index) => {
    const rank = ranks[index] ?? -1;
    if (rank < 0 || block.type !== 'paragraph') return block;
    const text = paragraphText(block).trim();
    if (rank === 2 && (ranks[index - 1] === 2 || ranks[index + 1] === 2)) {
      const restart = ranks[index - 1] !== 2 && hasOrdered;
      hasOrdered = true;
      return item(block, restart);
    }
    // （1） mostly numbers what is told, not what follows.
    const isAlone = rank < 2 || ranks[index + 1] !== rank;
    const style = RANKS[rank]?.[0] ?? 'heading4';
    if (!isHeadingLine(text) || !isAlone) return block;
    return {
      type: 'paragraph',
      attrs: { ...block.attrs, style },
      content: withoutMark(block.content ?? [], 'bold'),
    };
  });
}

/** As the list numbers it, without the number that was typed. */
function item(paragraph: ParagraphJson, restart: boolean): ParagraphJson {
  const length = /^\s*\d{1,2}[.．、]\s*/.exec(paragraphText(paragraph))?.[0].length ?? 0;
  return {
    type: 'paragraph',
    attrs: { style: 'ordered', ...(restart && { restart }) },
    content: split(paragraph.content ?? [], length)[1],
  };
}

/** The inline nodes before and from an offset on; a hard break counts 1. */
export function split(content: readonly InlineJson[], at: number): [InlineJson[], InlineJson[]] {
  const before: InlineJson[] = [];
  const after: InlineJson[] = [];
  let offset = 0;
  for (const inline of content) {
    const length = inline.type === 'text' ? inline.text.length : 1;
    const cut = Math.max(0, Math.min(length, at - offset));
    offset += length;
    if (cut === length) before.push(inline);
    else if (cut === 0 || inline.type !== 'text') after.push(inline);
    else {
      before.push({ ...inline, text: inline.text.slice(0, cut) });
      after.push({ ...inline, text: inline.text.slice(cut) });
    }
  }
  return [before, after];
}

function withoutMark(content: readonly InlineJson[], name: 'bold' | 'runIn'): InlineJson[] {
  const out: InlineJson[] = [];
  for (const inline of content) {
    const marks = (inline.marks ?? []).filter(({ type }) => type !== name);
    const { marks: _old, ...plain } = inline;
    append(out, marks.length > 0 ? { ...plain, marks } : plain);
  }
  return out;
}

/** The opening phrase of a paragraph and its closing mark; '' when it does not begin with one. */
function opening(text: string): string {
  const found = /^[^。！？!?\n]{3,40}[。！？!?]/u.exec(text)?.[0] ?? '';
  return text.length - found.length >= LEAST_BEHIND ? found : '';
}

/** What a run-in heading stands before, in UTF-16 units: at least a sentence. */
const LEAST_BEHIND = 15;
/** Run-in headings that nothing marks come in parallel: at least so many. */
const LEAST_PARALLEL = 3;
/** How much their lengths may differ, in UTF-16 units. */
const PARALLEL_SPREAD = 4;

/**
 * Marks the run-in headings: an opening phrase that is set apart by bold or by a number, and those that
 * are set apart by nothing when there are at least three of about the same length.
 */
export function withRunIns(blocks: readonly BlockJson[]): BlockJson[] {
  const openings = blocks.map((block) => {
    if (!isBody(block)) return { length: 0, isMarked: false };
    const phrase = opening(paragraphText(block));
    const bold = boldLength(block);
    // A phrase that is bold to its end, or up to a colon.
    const isBold = bold > 0 && (bold === phrase.length || bold === phrase.length - 1);
    const byColon = isColonHeading(block, bold) ? bold : 0;
    const isNumbered = phrase !== '' && rankOf(phrase) >= 0 && rankOf(phrase) < 2;
    if (byColon > 0) return { length: byColon, isMarked: true };
    return { length: phrase.length, isMarked: phrase !== '' && (isBold || isNumbered) };
  });
  const marked = openings.some(({ isMarked }) => isMarked);
  const parallel = marked ? new Set<number>() : parallelOf(openings, blocks);
  return blocks.map((block, index) => {
    const { length, isMarked } = openings[index] ?? { length: 0, isMarked: false };
    if (block.type !== 'paragraph' || length === 0 || (!isMarked && !parallel.has(index))) return block;
    const [phrase, rest] = split(block.content ?? [], length);
    const heading = withoutMark(phrase, 'bold').map((inline): InlineJson => ({
      ...inline,
      marks: [...(inline.marks ?? []), { type: 'runIn' }],
    }));
    return { ...block, content: [...heading, ...rest] };
  });
}

/** How many UTF-16 units from the beginning on are bold; 0 when all of it is. */
function boldLength(paragraph: ParagraphJson): number {
  let length = 0;
  for (const inline of paragraph.content ?? []) {
    const isBold = inline.marks?.some(({ type }) => type === 'bold') ?? false;
    if (inline.type !== 'text' || !isBold) return length;
    length += inline.text.length;
  }
  return 0;
}

function isColonHeading(paragraph: ParagraphJson, bold: number): boolean {
  const text = paragraphText(paragraph);
  return bold >= 3 && bold <= 40 && /[：:]$/.test(text.slice(0, bold)) && text.length - bold >= LEAST_BEHIND;
}

/** Openings of about one length, without numbers or clauses: what a lead or a sentence of its own is not. */
function parallelOf(
  openings: readonly { length: number }[],
  blocks: readonly BlockJson[],
): ReadonlySet<number> {
  const candidates = openings.flatMap(({ length }, index) => {
    const block = blocks[index];
    if (block?.type !== 'paragraph' || length < 6 || length > 30) return [];
    return /[0-9０-９：:]/.test(paragraphText(block).slice(0, length)) ? [] : [{ index, length }];
  });
  const sorted = candidates.map(({ length }) => length).toSorted((a, b) => a - b);
  const middle = sorted[Math.floor(sorted.length / 2)] ?? 0;
  const near = candidates.filter(({ length }) => Math.abs(length - middle) <= PARALLEL_SPREAD / 2);
  const bodies = blocks.filter((block) => isBody(block)).length;
  const isRule = near.length >= LEAST_PARALLEL && near.length * 2 >= bodies;
  return new Set(isRule ? near.map(({ index }) => index) : []);
}

/** How many blocks at the end may be who signs and when, and how long one is at most. */
const SIGNED = 3;
const LONGEST_SIGNATURE = 40;

/** Short lines set to the right at the very end are the signature. */
export function withSignature(blocks: readonly BlockJson[]): BlockJson[] {
  const out = [...blocks];
  for (let index = out.length - 1; index >= Math.max(1, out.length - SIGNED); index -= 1) {
    const block = out[index];
    if (!isBody(block) || block.attrs?.align !== 'right') break;
    if (paragraphText(block).length > LONGEST_SIGNATURE) break;
    const { align: _align, ...attrs } = block.attrs;
    out[index] = { ...block, attrs: { ...attrs, style: 'signature' } };
  }
  return out;
}
