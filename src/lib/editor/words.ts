/** Words of the text as an annotation holds them. */
import type { Node as ProseMirrorNode } from '@tiptap/pm/model';
import type { Selection } from '@tiptap/pm/state';
import { CONTEXT } from '#lib/review/thread.ts';
import { encodePosition } from './annotations.ts';
import type { ReportBinding } from './collaboration.ts';
import type { Range } from './difference.ts';

export interface SelectedWords extends Range {
  /** Relative positions in the content, as base64. */
  anchor: { from: string; to: string };
  /** The words, and at most `CONTEXT` letters before and after them; blocks are parted by a newline. */
  exact: string;
  prefix: string;
  suffix: string;
}

/** The words of a range; null when there are none. */
export function wordsAt(
  doc: ProseMirrorNode,
  binding: ReportBinding,
  { from, to }: Range,
): SelectedWords | null {
  const anchor = from < to ? binding.anchor(from, to) : null;
  if (anchor === null) return null;
  // As `review/flat.ts` has it.
  const leaf = ({ type }: ProseMirrorNode) => (type.name === 'hardBreak' ? '\n' : '\ufffc');
  const text = (start: number, end: number) => doc.textBetween(start, end, '\n', leaf);
  return {
    from,
    to,
    anchor: { from: encodePosition(anchor.from), to: encodePosition(anchor.to) },
    exact: text(from, to),
    prefix: text(Math.max(0, from - 2 * CONTEXT), from).slice(-CONTEXT),
    suffix: text(to, Math.min(doc.content.size, to + 2 * CONTEXT)).slice(0, CONTEXT),
  };
}

/** From the first to the last of what is selected. */
export function selectedRange({ ranges, $from, $to }: Selection): Range {
  // Selected cells are ranges of their own.
  const from = Math.min($from.pos, ...ranges.map((range) => range.$from.pos));
  const to = Math.max($to.pos, ...ranges.map((range) => range.$to.pos));
  return { from, to };
}
