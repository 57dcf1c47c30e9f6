import { mapBlocks } from './blocks.ts';
import type { ContentJson } from './model.ts';

/** The ids of the pictures that the content shows, each once, in reading order. */
export function pictureIds(content: ContentJson): string[] {
  const ids = new Set<string>();
  mapPictures(content, (id) => {
    ids.add(id);
    return id;
  });
  return [...ids];
}

/** The content with every picture's id replaced by what `replace` answers for it. */
export function mapPictures(content: ContentJson, replace: (id: string) => string | null): ContentJson {
  const blocks = mapBlocks(content.content ?? [], (block) => {
    if (block.type !== 'picture' || block.attrs.id === null) return block;
    return { type: 'picture', attrs: { ...block.attrs, id: replace(block.attrs.id) } };
  });
  return { type: 'doc', content: blocks };
}
