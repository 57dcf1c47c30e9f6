import type { BlockJson, ContentJson } from './model.ts';

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
  return { type: 'doc', content: mapBlocks(content.content ?? [], replace) };
}

function mapBlocks(blocks: readonly BlockJson[], replace: (id: string) => string | null): BlockJson[] {
  return blocks.map((block) => {
    if (block.type === 'picture') {
      const { id } = block.attrs;
      return id === null ? block : { ...block, attrs: { ...block.attrs, id: replace(id) } };
    }
    if (block.type !== 'table') return block;
    const rows = (block.content ?? []).map((row) => ({
      ...row,
      content: (row.content ?? []).map((cell) => ({
        ...cell,
        content: mapBlocks(cell.content ?? [], replace),
      })),
    }));
    return { ...block, content: rows };
  });
}
