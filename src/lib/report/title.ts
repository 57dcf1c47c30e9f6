/**
 * The title of a report is its first paragraph of style `title`: creating seeds it, renaming edits it,
 * lists mirror it. These functions are the one reading of that rule.
 */
import * as Y from 'yjs';
import { mapBlocks } from './blocks.ts';
import type { BlockJson, ContentJson, ParagraphJson } from './model.ts';
import { CONTENT_FRAGMENT, MAX_TITLE_LENGTH } from './model.ts';

/** A title as lists show it: one line, single spaces, at most {@link MAX_TITLE_LENGTH} long. */
export function cleanTitle(text: string): string {
  const cut = text.replace(/\s+/gu, ' ').trim().slice(0, MAX_TITLE_LENGTH);
  return cut.replace(/[\ud800-\udbff]$/, '').trim();
}

/** The first `title` paragraph in the order of reading, tables' cells included; null: there is none. */
function firstTitle(blocks: readonly BlockJson[]): ParagraphJson | null {
  for (const block of blocks) {
    if (block.type === 'paragraph' && block.attrs?.style === 'title') return block;
    if (block.type !== 'table') continue;
    for (const row of block.content ?? []) {
      for (const cell of row.content ?? []) {
        const found = firstTitle(cell.content ?? []);
        if (found !== null) return found;
      }
    }
  }
  return null;
}

/** The report's title; a line break within it reads as a space. Empty: it has none. */
export function titleOf(content: ContentJson): string {
  const paragraph = firstTitle(content.content ?? []);
  const parts = (paragraph?.content ?? []).map((inline) => (inline.type === 'text' ? inline.text : ' '));
  return cleanTitle(parts.join(''));
}

/** The content with this title: its title paragraph's text is replaced, or one is put first. */
export function withTitle(content: ContentJson, title: string): ContentJson {
  const text = cleanTitle(title);
  const blocks = content.content ?? [];
  const old = firstTitle(blocks);
  const paragraph: ParagraphJson = {
    type: 'paragraph',
    attrs: { ...old?.attrs, style: 'title' },
    ...(text !== '' && { content: [{ type: 'text', text }] }),
  };
  if (old === null) return { type: 'doc', content: [paragraph, ...blocks] };
  return { type: 'doc', content: replaceBlock(blocks, old, paragraph) };
}

/** The content, with this title if it has none of its own. */
export function titled(content: ContentJson, title: string): ContentJson {
  return titleOf(content) !== '' || cleanTitle(title) === '' ? content : withTitle(content, title);
}

/** The content with words added at the end of its title, whose breaks and marks stay. */
export function withTitleSuffix(content: ContentJson, suffix: string): ContentJson {
  const blocks = content.content ?? [];
  const old = firstTitle(blocks);
  if (old === null) return withTitle(content, suffix);
  const longer: ParagraphJson = { ...old, content: [...(old.content ?? []), { type: 'text', text: suffix }] };
  return { type: 'doc', content: replaceBlock(blocks, old, longer) };
}

function replaceBlock(blocks: readonly BlockJson[], old: BlockJson, by: BlockJson): BlockJson[] {
  return mapBlocks(blocks, (block) => (block === old ? by : block));
}

/** Goes from sibling to sibling, as the title is mostly the first of thousands, and not into paragraphs. */
function firstTitleElement(parent: Y.XmlFragment): Y.XmlElement | null {
  for (let child: unknown = parent.firstChild; child instanceof Y.AbstractType; child = siblingOf(child)) {
    if (!(child instanceof Y.XmlElement)) continue;
    if (child.nodeName === 'paragraph') {
      if (child.getAttribute('style') === 'title') return child;
      continue;
    }
    const found = firstTitleElement(child);
    if (found !== null) return found;
  }
  return null;
}

function siblingOf({ _item }: { readonly _item: Y.Item | null }): unknown {
  const content = _item?.next?.content;
  return content instanceof Y.ContentType ? content.type : null;
}

/**
 * Changes the title in a report's Y.Doc, in one transaction. Of a title that is one run of text only
 * what differs is touched, so that what stays keeps its author and its anchors.
 */
export function writeTitle(doc: Y.Doc, title: string): void {
  const next = cleanTitle(title);
  doc.transact(() => {
    const fragment = doc.getXmlFragment(CONTENT_FRAGMENT);
    let element = firstTitleElement(fragment);
    if (element === null) {
      element = new Y.XmlElement('paragraph');
      element.setAttribute('style', 'title');
      fragment.insert(0, [element]);
    }
    const children = element.toArray();
    const only = children[0];
    if (children.length === 1 && only instanceof Y.XmlText) replaceText(only, next);
    else {
      element.delete(0, element.length);
      element.insert(0, [new Y.XmlText(next)]);
    }
  });
}

function textOf(text: Y.XmlText): string {
  return (text.toDelta() as { insert: unknown }[])
    .map((op) => (typeof op.insert === 'string' ? op.insert : '\ufffc'))
    .join('');
}

function replaceText(text: Y.XmlText, next: string): void {
  const old = textOf(text);
  let start = 0;
  while (start < old.length && start < next.length && old[start] === next[start]) start++;
  let end = 0;
  while (
    end < old.length - start &&
    end < next.length - start &&
    old[old.length - 1 - end] === next[next.length - 1 - end]
  ) {
    end++;
  }
  // A surrogate pair is one character: never keep one half of it.
  if (start > 0 && /[\ud800-\udbff]/.test(old[start - 1] ?? '')) start--;
  if (end > 0 && /[\udc00-\udfff]/.test(old[old.length - end] ?? '')) end--;
  if (old.length > start + end) text.delete(start, old.length - start - end);
  if (next.length > start + end) text.insert(start, next.slice(start, next.length - end));
}

/** The title as a report's Y.Doc has it, read without rendering the rest. Empty: it has none. */
export function readTitle(doc: Y.Doc): string {
  const element = firstTitleElement(doc.getXmlFragment(CONTENT_FRAGMENT));
  if (element === null) return '';
  const parts = element.toArray().map((child) => (child instanceof Y.XmlText ? textOf(child) : ' '));
  return cleanTitle(parts.join(''));
}
