/**
 * The sections of a report. A section begins at a heading or at a paragraph that opens with a run-in
 * heading, and goes on to the next of the same or a higher rank.
 */
import type { BlockJson, ContentJson, ParagraphJson } from './model.ts';
import { headingRank } from './model.ts';
import { countBlock, type TextCount } from './count.ts';
import { paragraphStyle, paragraphText } from './text.ts';

/** What the outline needs to know of a block. It depends on the block alone, so it can be cached by block. */
export interface BlockSummary extends TextCount {
  opens: BlockOpening;
}
export type BlockOpening =
  | { kind: 'heading'; rank: number; title: string }
  | { kind: 'runIn'; title: string }
  /** The title or subtitle, which belong to no section. */
  | { kind: 'front' }
  | { kind: 'none' };

export interface Section {
  /** `lead`: what stands before the first heading. */
  kind: 'lead' | 'heading' | 'runIn';
  /** The heading's text; of a run-in heading without its closing mark. '' for the lead. */
  title: string;
  /** 1 is the highest; 0 for the lead. A run-in heading ranks one below the heading it stands under. */
  rank: number;
  /** The index of the section's first block. */
  from: number;
  /** The index after its last block, subsections included. */
  to: number;
  /** 字数 of the section, subsections included. */
  words: number;
}

/**
 * The length, in inline nodes, of the run-in heading that opens a paragraph; 0 for none. Only a body
 * paragraph can have one: in another style the mark is mere emphasis.
 */
export function runInLength(paragraph: ParagraphJson): number {
  if (paragraphStyle(paragraph) !== 'body') return 0;
  const content = paragraph.content ?? [];
  const end = content.findIndex((inline) => !inline.marks?.some((mark) => mark.type === 'runIn'));
  const length = end === -1 ? content.length : end;
  return content.slice(0, length).some((inline) => inline.type === 'text' && inline.text.trim() !== '')
    ? length
    : 0;
}

const oneLine = (text: string) => text.replaceAll('\n', ' ').trim();

/** The text of the run-in heading that opens a paragraph, without its closing mark; null for none. */
function runInTitle(paragraph: ParagraphJson): string | null {
  const length = runInLength(paragraph);
  if (length === 0) return null;
  const text = paragraphText({ type: 'paragraph', content: (paragraph.content ?? []).slice(0, length) });
  return oneLine(text).replace(/[。．.：:]$/, '');
}

export function summariseBlock(block: BlockJson): BlockSummary {
  return { ...countBlock(block), opens: openingOf(block) };
}

/** Whether a block opens a section, and which. */
export function openingOf(block: BlockJson): BlockOpening {
  if (block.type !== 'paragraph') return { kind: 'none' };
  const style = paragraphStyle(block);
  if (style === 'title' || style === 'subtitle') return { kind: 'front' };
  const rank = headingRank(style);
  if (rank !== null) {
    const title = oneLine(paragraphText(block));
    // An empty heading is a line being written, not yet a section.
    return title === '' ? { kind: 'none' } : { kind: 'heading', rank, title };
  }
  const title = runInTitle(block);
  return title === null ? { kind: 'none' } : { kind: 'runIn', title };
}

/**
 * The sections in reading order, the lead first if there is one. Blocks of the front (title and subtitle)
 * that stand before everything else are in no section.
 */
export function outlineOf(blocks: readonly BlockSummary[]): Section[] {
  const sections: Section[] = [];
  const open: Section[] = [];
  let headingOpen = 0;
  const close = (rank: number, index: number) => {
    while (open.length > 0 && (open.at(-1)?.rank ?? 0) >= rank) {
      const section = open.pop();
      if (section) section.to = index;
    }
  };
  blocks.forEach((block, index) => {
    const { opens } = block;
    if (opens.kind === 'heading' || opens.kind === 'runIn') {
      const rank = opens.kind === 'heading' ? opens.rank : headingOpen + 1;
      if (opens.kind === 'heading') headingOpen = rank;
      close(rank, index);
      // The lead, rank 0, ends at the first heading of any rank.
      if (open.at(-1)?.kind === 'lead') close(0, index);
      const section: Section = {
        kind: opens.kind,
        title: opens.title,
        rank,
        from: index,
        to: blocks.length,
        words: 0,
      };
      sections.push(section);
      open.push(section);
    } else if (opens.kind === 'none' && sections.length === 0) {
      const lead: Section = { kind: 'lead', title: '', rank: 0, from: index, to: blocks.length, words: 0 };
      sections.push(lead);
      open.push(lead);
    }
    for (const section of open) section.words += block.words;
  });
  return sections;
}

export function outline(content: ContentJson): Section[] {
  return outlineOf((content.content ?? []).map(summariseBlock));
}
