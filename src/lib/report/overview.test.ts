import { describe, expect, test } from 'vitest';
import * as Y from 'yjs';
import { countContent } from './count.ts';
import type { ContentJson } from './model.ts';
import { outline } from './outline.ts';
import { createOverview } from './overview.ts';
import { repairContent } from './parse.ts';
import { titleOf } from './title.ts';
import { readContent, writeContent } from './ydoc.ts';

/** The same, read from the whole text at once. */
function whole(doc: Y.Doc) {
  const { content } = repairContent(readContent(doc));
  return { title: titleOf(content), sections: outline(content), ...countContent(content) };
}

function report(): { doc: Y.Doc; content: Y.XmlFragment } {
  const doc = new Y.Doc();
  const text = (text: string) => ({ type: 'text' as const, text });
  const cell = (words: string) => ({
    type: 'tableCell' as const,
    content: [{ type: 'paragraph' as const, content: [text(words)] }],
  });
  const content: ContentJson = {
    type: 'doc',
    content: [
      { type: 'paragraph', attrs: { style: 'title' }, content: [text('标题')] },
      { type: 'paragraph', content: [text('导语十个字左右的样子。')] },
      { type: 'paragraph', attrs: { style: 'heading1' }, content: [text('一、总体')] },
      { type: 'table', content: [{ type: 'tableRow', content: [cell('甲'), cell('乙丙')] }] },
      { type: 'paragraph', content: [text('正文。')] },
    ],
  };
  writeContent(doc, content);
  return { doc, content: doc.getXmlFragment('content') };
}

const element = (parent: Y.XmlFragment, index: number) => parent.get(index) as Y.XmlElement;
const textOf = (parent: Y.XmlElement) => parent.get(0) as Y.XmlText;

describe('the overview, kept by block', () => {
  const edits: [string, (content: Y.XmlFragment) => void][] = [
    ['words typed into a block', (content) => textOf(element(content, 1)).insert(3, '又写十二三')],
    [
      'words in a cell',
      (content) => {
        const row = element(element(content, 3), 0);
        textOf(element(element(row, 1), 0)).insert(0, '丁戊');
      },
    ],
    ['a style', (content) => element(content, 1).setAttribute('style', 'heading2')],
    ['the title', (content) => textOf(element(content, 0)).insert(2, '改')],
    ['the title’s style', (content) => element(content, 0).setAttribute('style', 'body')],
    ['a block deleted', (content) => content.delete(2, 1)],
    [
      'a block moved',
      (content) => {
        const copy = element(content, 2).clone();
        content.delete(2, 1);
        content.insert(0, [copy]);
      },
    ],
    ['a block nobody knows', (content) => content.insert(1, [new Y.XmlElement('spaceship')])],
    ['everything deleted', (content) => content.delete(0, content.length)],
  ];
  test.each(edits)('is what the whole text gives after %s', (_name, edit) => {
    const { doc, content } = report();
    const overview = createOverview(doc);
    expect(overview.read()).toEqual(whole(doc));
    edit(content);
    expect(overview.read()).toEqual(whole(doc));
    overview.destroy();
  });
});
