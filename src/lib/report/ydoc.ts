/**
 * The report as a Y.Doc, read and written without ProseMirror: y-prosemirror's server-side reader
 * deletes what its schema does not know, so the Y types are read as they stand.
 */
import * as Y from 'yjs';
import type { BlockJson, ContentJson } from './model.ts';
import { CONTENT_FRAGMENT } from './model.ts';

interface LooseNode {
  type: string;
  attrs?: Record<string, unknown>;
  content?: LooseNode[];
  text?: string;
  marks?: { type: string; attrs?: Record<string, unknown> }[];
}

/** A mark's name without the hash that y-prosemirror appends to marks that may overlap themselves. */
const markName = (key: string) => /^(.*?)(--[a-zA-Z0-9+/=]{8})?$/.exec(key)?.[1] ?? key;

function readText(text: Y.XmlText): LooseNode[] {
  const out: LooseNode[] = [];
  for (const op of text.toDelta() as { insert: unknown; attributes?: Record<string, unknown> }[]) {
    if (typeof op.insert !== 'string' || op.insert === '') continue;
    const marks = Object.entries(op.attributes ?? {})
      .filter(([, value]) => value !== null && value !== undefined)
      .map(([key, value]) => {
        const attrs = typeof value === 'object' ? (value as Record<string, unknown>) : {};
        return Object.keys(attrs).length > 0 ? { type: markName(key), attrs } : { type: markName(key) };
      });
    out.push({ type: 'text', text: op.insert, ...(marks.length > 0 && { marks }) });
  }
  return out;
}

/** Deeper than this, what a hostile client nested is not read: the stack would not hold it. */
const MAX_DEPTH = 500;

function readChildren(parent: Y.XmlFragment, depth: number): LooseNode[] {
  if (depth > MAX_DEPTH) return [];
  const out: LooseNode[] = [];
  for (const child of parent.toArray()) out.push(...readNode(child, depth));
  return out;
}

function readNode(node: Y.XmlElement | Y.XmlText | Y.XmlHook, depth: number): LooseNode[] {
  if (node instanceof Y.XmlText) return readText(node);
  if (!(node instanceof Y.XmlElement)) return [];
  const attrs = node.getAttributes() as Record<string, unknown>;
  const content = readChildren(node, depth + 1);
  return [
    {
      type: node.nodeName,
      ...(Object.keys(attrs).length > 0 && { attrs }),
      ...(content.length > 0 && { content }),
    },
  ];
}

/** One top-level node, as {@link readContent} has it: text that stands there alone may be several nodes. */
export function readBlock(block: Y.XmlElement | Y.XmlText | Y.XmlHook): unknown[] {
  return readNode(block, 0);
}

/**
 * The content of a Y.Doc as ProseMirror JSON, exactly as stored: unknown nodes, marks and attributes
 * included, so it must be parsed before it is trusted. Never changes the doc.
 */
export function readContent(doc: Y.Doc): unknown {
  return { type: 'doc', content: readChildren(doc.getXmlFragment(CONTENT_FRAGMENT), 0) };
}

function buildNodes(nodes: LooseNode[]): (Y.XmlElement | Y.XmlText)[] {
  const out: (Y.XmlElement | Y.XmlText)[] = [];
  let text: Y.XmlText | null = null;
  let length = 0;
  for (const node of nodes) {
    if (node.type === 'text') {
      if (text === null) {
        text = new Y.XmlText();
        length = 0;
        out.push(text);
      }
      const attributes: Record<string, unknown> = {};
      for (const mark of node.marks ?? []) attributes[mark.type] = mark.attrs ?? {};
      text.insert(length, node.text ?? '', attributes);
      length += (node.text ?? '').length;
      continue;
    }
    text = null;
    const element = new Y.XmlElement<Record<string, string>>(node.type);
    for (const [key, value] of Object.entries(node.attrs ?? {})) {
      // Yjs keeps any JSON value in an attribute; its types say only strings.
      if (value !== null && value !== undefined) element.setAttribute(key, value as string);
    }
    const children = buildNodes(node.content ?? []);
    if (children.length > 0) element.insert(0, children);
    out.push(element as Y.XmlElement);
  }
  return out;
}

/** Y nodes, not yet part of a doc, for blocks that have been parsed. */
export function buildBlocks(blocks: readonly BlockJson[]): (Y.XmlElement | Y.XmlText)[] {
  return buildNodes(blocks as unknown as LooseNode[]);
}

/** Replaces the whole content, in one transaction: a forward edit, never a new history. */
export function writeContent(doc: Y.Doc, content: ContentJson): void {
  doc.transact(() => {
    const fragment = doc.getXmlFragment(CONTENT_FRAGMENT);
    fragment.delete(0, fragment.length);
    fragment.insert(0, buildBlocks(content.content ?? []));
  });
}
