/** Which words of a draft are its title. */
import type { BlockJson, ParagraphJson } from '#lib/report/model.ts';
import { headingRank } from '#lib/report/model.ts';
import { paragraphStyle, paragraphText } from '#lib/report/text.ts';
import { cleanTitle } from '#lib/report/title.ts';
import type { Draft } from './draft.ts';
import { headingStyle } from './vocabulary.ts';
import type { ImportSummary, LeftOuts } from './imported.ts';

export interface Titled {
  /** The title paragraph first. */
  blocks: BlockJson[];
  from: ImportSummary['titleFrom'];
}

/** The longest line that is taken for a title, in UTF-16 units. */
const LONGEST = 80;
/** From this size on a line is set as a title, in points: 2号 is 22, 小二 is 18. */
const TITLE_SIZE = 18;
/** How many blocks from the top a title is looked for. */
const NEAR = 8;

/** For comparing: titles are spaced and broken for their looks. */
const bare = (text: string) => text.replace(/[\s\u00a0\u3000]+/g, '');
const isParagraph = (block: BlockJson | undefined): block is ParagraphJson => block?.type === 'paragraph';
const asTitle = (paragraph: ParagraphJson): ParagraphJson => ({
  type: 'paragraph',
  attrs: { style: 'title' },
  content: (paragraph.content ?? []).map((inline) =>
    inline.type === 'text' ? { type: 'text', text: inline.text } : { type: 'hardBreak' },
  ),
});

/** A line that may be a title by itself: short, and no sentence. */
const isTitleLike = (text: string) =>
  bare(text) !== '' &&
  text.length <= LONGEST &&
  !/[。；;，,：:！!？?]$/.test(text.trim()) &&
  !/^[（(]?[一二三四五六七八九十\d]+[）)、.．]/.test(text.trim());

/** The draft with its title as the first block, in style `title`, wherever it stood. */
export function withFoundTitle(
  { blocks, looks, pageTitle }: Pick<Draft, 'blocks' | 'looks' | 'pageTitle'>,
  fileName: string,
  leftOut: LeftOuts,
): Titled {
  const styled = blocks.findIndex((block) => isParagraph(block) && paragraphStyle(block) === 'title');
  if (styled >= 0) return titledFrom(blocks, styled, 1, 'marked', leftOut);
  const tops = blocks.flatMap((block, index) =>
    isParagraph(block) && paragraphStyle(block) === 'heading1' ? [index] : [],
  );
  const [top] = tops;
  const bigEnd = bigLines(blocks, looks);
  if (bigEnd !== null) return titledFrom(blocks, bigEnd.from, bigEnd.count, 'marked', leftOut);
  if (tops.length === 1 && top !== undefined && top < NEAR) {
    return titledFrom(raised(blocks, top), top, 1, 'marked', leftOut);
  }
  const first = blocks.findIndex(isParagraph);
  const line = blocks[first];
  if (
    isParagraph(line) &&
    first < NEAR &&
    paragraphStyle(line) === 'body' &&
    isTitleLike(paragraphText(line))
  ) {
    return titledFrom(blocks, first, halves(blocks, first), 'firstLine', leftOut);
  }
  const named = pageTitle === '' ? '' : cleanTitle(pageTitle.split(/\s*[|｜_－–—]\s*|\s+-\s+/)[0] ?? '');
  const text = named || cleanTitle(fileName.replace(/\.[^.]*$/, ''));
  const title: ParagraphJson = {
    type: 'paragraph',
    attrs: { style: 'title' },
    ...(text !== '' && { content: [{ type: 'text', text }] }),
  };
  return {
    blocks: withoutRepeated([title, ...blocks], leftOut),
    from: named === '' ? 'fileName' : 'page',
  };
}

/** The lines at the top that are centred and large; the halves of a couplet are two. */
function bigLines(
  blocks: readonly BlockJson[],
  looks: Draft['looks'],
): { from: number; count: number } | null {
  const isBig = (block: BlockJson | undefined) =>
    isParagraph(block) && (looks.get(block)?.size ?? 0) >= TITLE_SIZE && isTitleLike(paragraphText(block));
  const from = blocks.slice(0, NEAR).findIndex(isBig);
  if (from < 0) return null;
  let count = 1;
  while (count < 3 && isBig(blocks[from + count])) count += 1;
  return { from, count };
}

/** 1, or 2 when the next line balances the first, as the halves of a couplet do. */
function halves(blocks: readonly BlockJson[], at: number): number {
  const [first, second] = [blocks[at], blocks[at + 1]];
  if (!isParagraph(first) || !isParagraph(second) || paragraphStyle(second) !== 'body') return 1;
  const [a, b] = [paragraphText(first), paragraphText(second)];
  const isCouplet = isTitleLike(b) && bare(a).length >= 5 && Math.abs(bare(a).length - bare(b).length) <= 1;
  return isCouplet && bare(a) !== bare(b) ? 2 : 1;
}

/** In a page whose only h1 is the title, headings begin with h2: they are raised by one. */
function raised(blocks: readonly BlockJson[], top: number): BlockJson[] {
  return blocks.map((block, index) => {
    if (index === top || !isParagraph(block)) return block;
    const rank = headingRank(paragraphStyle(block));
    return rank === null ? block : { ...block, attrs: { ...block.attrs, style: headingStyle(rank - 1) } };
  });
}

function titledFrom(
  blocks: readonly BlockJson[],
  from: number,
  count: number,
  how: Titled['from'],
  leftOut: LeftOuts,
): Titled {
  const lines = blocks
    .slice(from, from + count)
    .filter(isParagraph)
    .map(asTitle);
  const title: ParagraphJson = {
    type: 'paragraph',
    attrs: { style: 'title' },
    content: lines.flatMap(({ content = [] }, index) =>
      index === 0 ? content : [{ type: 'hardBreak' as const }, ...content],
    ),
  };
  const rest = [...blocks.slice(0, from), ...blocks.slice(from + count)];
  return { blocks: withSubtitle(withoutRepeated([title, ...rest], leftOut)), from: how };
}

/** A line below the title that begins with a dash is its subtitle. */
function withSubtitle(blocks: readonly BlockJson[]): BlockJson[] {
  return blocks.map((block, index) => {
    if (index !== 1 || !isParagraph(block) || paragraphStyle(block) !== 'body') return block;
    const text = paragraphText(block);
    if (!/^\s*[—–―-]{2}/.test(text) || text.length > LONGEST) return block;
    return { ...block, attrs: { style: 'subtitle' } };
  });
}

/** Without the title's words where they stand once more right below it, in one line or in its halves. */
function withoutRepeated(blocks: readonly BlockJson[], leftOut: LeftOuts): BlockJson[] {
  const [title, ...rest] = blocks;
  if (!isParagraph(title)) return [...blocks];
  const words = bare(paragraphText(title));
  if (words === '') return [...blocks];
  let at = 0;
  let seen = '';
  for (const block of rest.slice(0, 3)) {
    if (!isParagraph(block)) break;
    seen += bare(paragraphText(block));
    at += 1;
    if (!words.startsWith(seen)) break;
    if (seen !== words) continue;
    leftOut.add('repeatedTitle', paragraphText(title));
    return withoutRepeated([title, ...rest.slice(at)], leftOut);
  }
  return [...blocks];
}
