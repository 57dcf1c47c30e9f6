import { mapBlocks } from './blocks.ts';
import type { ContentJson } from './model.ts';

/** The ids of the registered figures that the content shows in tables and charts, each once, in reading order. */
export function shownFigures(content: ContentJson): string[] {
  const ids = new Set<string>();
  mapBlocks(content.content ?? [], (block) => {
    if (block.type === 'figures') for (const id of block.attrs.figures) ids.add(id);
    return block;
  });
  return [...ids];
}
