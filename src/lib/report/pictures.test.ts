import { expect, test } from 'vitest';
import type { BlockJson, ContentJson } from './model.ts';
import { mapPictures, pictureIds } from './pictures.ts';

const picture = (id: string | null): BlockJson => ({ type: 'picture', attrs: { id, alt: '', caption: '' } });
const table = (...blocks: BlockJson[]): BlockJson => ({
  type: 'table',
  content: [
    { type: 'tableRow', content: [{ type: 'tableHeader', attrs: { colspan: 2 }, content: blocks }] },
    { type: 'tableRow', content: [{ type: 'tableCell' }] },
  ],
});
const doc = (...content: BlockJson[]): ContentJson => ({ type: 'doc', content });

test('pictures are found in reading order, each once, also in tables within tables', () => {
  const content = doc(picture('b'), table(picture('a'), table(picture('c'))), picture('b'), picture(null));
  expect(pictureIds(content)).toEqual(['b', 'a', 'c']);
  expect(pictureIds({ type: 'doc' })).toEqual([]);
});

test('their ids are replaced wherever they stand, and all else stays', () => {
  const content = doc(picture('a'), table(picture('a'), { type: 'divider' }), picture(null));
  const mapped = mapPictures(content, (id) => `${id}!`);
  expect(pictureIds(mapped)).toEqual(['a!']);
  expect(JSON.stringify(mapped).replaceAll('a!', 'a')).toBe(
    JSON.stringify(content).replace('{"type":"tableCell"}', '{"type":"tableCell","content":[]}'),
  );
  expect(pictureIds(mapPictures(content, () => null))).toEqual([]);
});
