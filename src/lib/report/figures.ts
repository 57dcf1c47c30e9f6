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

/** The content with the figures that its blocks show replaced by what `replace` answers for each; null: left out. */
export function mapFigures(content: ContentJson, replace: (id: string) => string | null): ContentJson {
  const blocks = mapBlocks(content.content ?? [], (block) => {
    if (block.type !== 'figures') return block;
    const figures = block.attrs.figures.flatMap((id) => replace(id) ?? []);
    return { type: 'figures', attrs: { ...block.attrs, figures } };
  });
  return { type: 'doc', content: blocks };
}
