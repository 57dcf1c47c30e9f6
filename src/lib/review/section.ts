/** Where in the report a block of the Y.Doc stands: what anchors say for lists and filters. */
import * as Y from 'yjs';
import { openingOf } from '#lib/report/outline.ts';
import { repairContent } from '#lib/report/parse.ts';
import { readBlock } from '#lib/report/ydoc.ts';
import type { Block, FlatBlock } from './flat.ts';

/** The title that a block opens a section with; null: it opens none. Kept for as long as the block's text. */
const titles = new WeakMap<FlatBlock, string | null>();

function titleOf(block: FlatBlock): string | null {
  const known = titles.get(block);
  if (known !== undefined) return known;
  const { content } = repairContent({ type: 'doc', content: readBlock(block.type) });
  const [first] = content.content ?? [];
  const opens = first === undefined ? null : openingOf(first);
  const title = opens?.kind === 'heading' || opens?.kind === 'runIn' ? opens.title : null;
  titles.set(block, title);
  return title;
}

/** The title of the section that a block is in; null: it stands before the first. */
export function sectionTitle(blocks: readonly FlatBlock[], index: number): string | null {
  for (let at = index; at >= 0; at--) {
    const block = blocks[at];
    const title = block === undefined ? null : titleOf(block);
    if (title !== null) return title;
  }
  return null;
}

/** The hint that names a block. */
export function bidOf(block: Block): string | null {
  const bid: unknown = block instanceof Y.XmlElement ? block.getAttribute('bid') : null;
  return typeof bid === 'string' ? bid : null;
}
