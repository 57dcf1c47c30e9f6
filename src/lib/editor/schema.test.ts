import { getSchema } from '@tiptap/core';
import { expect, test } from 'vitest';
import { MARKS, PARAGRAPH_DEFAULTS } from '#lib/report/model.ts';
import { paragraphAttrs, storedParagraphAttrs } from './paragraph.ts';
import { figuresAttrs } from './figureblock.ts';
import { pictureAttrs } from './picture.ts';
import { contentExtensions } from './schema.ts';

const schema = getSchema(contentExtensions((id) => id));
const attrsOf = (name: string) => Object.keys(schema.nodes[name]?.spec.attrs ?? {}).sort();

test('the editor knows the nodes and marks of the model, and no others', () => {
  expect(Object.keys(schema.nodes).sort()).toEqual(
    [
      'doc',
      'paragraph',
      'text',
      'hardBreak',
      'picture',
      'figures',
      'table',
      'tableRow',
      'tableHeader',
      'tableCell',
      'divider',
    ].sort(),
  );
  expect(Object.keys(schema.marks).sort()).toEqual([...MARKS].sort());
});

test('nodes and marks have the attributes of the model', () => {
  expect(attrsOf('paragraph')).toEqual(Object.keys(PARAGRAPH_DEFAULTS).sort());
  expect(attrsOf('picture')).toEqual(['alt', 'caption', 'id']);
  expect(attrsOf('figures')).toEqual(['caption', 'figures', 'show']);
  expect(attrsOf('tableCell')).toEqual(['colspan', 'colwidth', 'rowspan']);
  expect(attrsOf('tableHeader')).toEqual(['colspan', 'colwidth', 'rowspan']);
  for (const name of ['hardBreak', 'table', 'tableRow', 'divider']) expect(attrsOf(name)).toEqual([]);
  for (const name of MARKS) {
    expect(Object.keys(schema.marks[name]?.spec.attrs ?? {})).toEqual(name === 'link' ? ['href'] : []);
  }
});

test('a node without attributes has the defaults of the model', () => {
  expect(paragraphAttrs(schema.node('paragraph'))).toEqual(PARAGRAPH_DEFAULTS);
  expect(pictureAttrs(schema.node('picture'))).toEqual({ id: null, alt: '', caption: '' });
  expect(figuresAttrs(schema.node('figures'))).toEqual({ show: 'table', figures: [], caption: '' });
  expect(schema.node('tableCell').attrs).toEqual({ colspan: 1, rowspan: 1, colwidth: null });
});

test('a paragraph stores nothing that equals a default, so that Yjs is not written for it', () => {
  expect(Object.values(storedParagraphAttrs(PARAGRAPH_DEFAULTS))).toEqual([null, null, null, null, null]);
  expect(Object.values(schema.node('paragraph').attrs)).toEqual([null, null, null, null, null]);
  const numbered = { style: 'ordered', align: 'left', level: 2, restart: true, bid: 'b1' } as const;
  expect(paragraphAttrs(schema.node('paragraph', storedParagraphAttrs(numbered)))).toEqual(numbered);
});

test('every container may be empty, so that two edits that are valid alone are valid together', () => {
  for (const name of ['doc', 'paragraph', 'table', 'tableRow', 'tableCell', 'tableHeader']) {
    expect(() => schema.node(name, null, []).check()).not.toThrow();
  }
});
