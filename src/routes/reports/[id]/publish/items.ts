/** The checklist in words. */
import { describeFinding } from '#lib/figures/describe.ts';
import type { ChecklistItem, ChecklistKind } from '#lib/figures/checklist.ts';
import { m } from '#lib/paraglide/messages.js';
import { leftOutLines } from '../left-out.ts';

export const KIND_NAMES: Record<ChecklistKind, () => string> = {
  title: m.publish_check_title,
  picture: m.publish_check_picture,
  mismatch: m.publish_check_mismatch,
  blocking: m.publish_check_blocking,
  stale: m.publish_check_stale,
  orphan: m.publish_check_orphan,
  unverified: m.publish_check_unverified,
  thread: m.publish_check_thread,
  query: m.publish_check_query,
  language: m.publish_check_language,
  leftOut: m.publish_check_left_out,
};

const short = (words: string) => (words.length > 40 ? `${words.slice(0, 40)}…` : words);

/** The words that an item is about, and what is said of them; '' for nothing. */
export function textOf(item: ChecklistItem): { words: string; said: string } {
  switch (item.kind) {
    case 'title':
      return { words: '', said: m.publish_check_title_about() };
    case 'picture':
      return { words: '', said: m.publish_left_pictures({ count: 1 }) };
    case 'blocking':
    case 'thread':
    case 'stale':
    case 'orphan':
    case 'unverified':
      return { words: short(item.words), said: '' };
    case 'mismatch':
    case 'query':
    case 'language':
      return { words: short(item.words), said: describeFinding(item.finding) };
    case 'leftOut':
      return { words: '', said: leftOutLines({ leftOut: [item.issue], missing: [] }).join('') };
    default:
      return item satisfies never;
  }
}

/** Whether there is a place in the report that it can be gone to. */
export const hasPlace = ({ kind }: ChecklistItem): boolean =>
  kind !== 'title' && kind !== 'picture' && kind !== 'leftOut';
