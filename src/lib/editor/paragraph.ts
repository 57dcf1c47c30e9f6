/**
 * The one text block. Its attributes are absent (null) wherever they have the model's default, both in
 * ProseMirror and in Yjs: y-prosemirror writes every attribute that is not null whenever it touches a
 * block, so a stored default would overwrite the style that a colleague is giving it at that moment.
 */
import type { NodeType, Node as ProseMirrorNode, Schema } from '@tiptap/pm/model';
import type { NodeView } from '@tiptap/pm/view';
import { Node } from '@tiptap/core';
import {
  ALIGNMENTS,
  MAX_LIST_LEVEL,
  PARAGRAPH_DEFAULTS,
  PARAGRAPH_STYLES,
  type ParagraphAttrs,
  type ParagraphStyle,
} from '#lib/report/model.ts';
import { newBid } from './bid.ts';
import { paragraphDom } from './paper.ts';

/** A paragraph's attributes as the schema stores them: null where they have the model's default. */
export type StoredParagraphAttrs = { [K in keyof ParagraphAttrs]: ParagraphAttrs[K] | null };

/** The attributes of a paragraph node, defaults filled in. */
export function paragraphAttrs(node: ProseMirrorNode): ParagraphAttrs {
  const stored: StoredParagraphAttrs = {
    style: node.attrs['style'],
    align: node.attrs['align'],
    level: node.attrs['level'],
    restart: node.attrs['restart'],
    bid: node.attrs['bid'],
  };
  return {
    style: stored.style ?? PARAGRAPH_DEFAULTS.style,
    align: stored.align,
    level: stored.level ?? PARAGRAPH_DEFAULTS.level,
    restart: stored.restart ?? PARAGRAPH_DEFAULTS.restart,
    bid: stored.bid,
  };
}

/** Attributes as they are to be stored: null where they equal the model's default. */
export function storedParagraphAttrs(attrs: Partial<ParagraphAttrs>): StoredParagraphAttrs {
  return {
    style: attrs.style === undefined || attrs.style === PARAGRAPH_DEFAULTS.style ? null : attrs.style,
    align: attrs.align ?? null,
    level: attrs.level || null,
    restart: attrs.restart || null,
    bid: attrs.bid ?? null,
  };
}

/** An empty paragraph with a fresh `bid`. */
export function newParagraph(schema: Schema, attrs: Partial<ParagraphAttrs> = {}): ProseMirrorNode {
  return paragraphType(schema).create(storedParagraphAttrs({ bid: newBid(), ...attrs }));
}

/** The schema's paragraph. */
export function paragraphType(schema: Schema): NodeType {
  const type = schema.nodes['paragraph'];
  if (!type) throw new Error('the schema has no paragraph');
  return type;
}

const isStyle = (value: string | undefined): value is ParagraphStyle =>
  PARAGRAPH_STYLES.some((style) => style === value);

/** What an element of our own editor says of its paragraph; foreign HTML is made into this form before it is parsed. */
function attrsFromDom(element: HTMLElement): StoredParagraphAttrs {
  const { style, align, level, restart, bid } = element.dataset;
  return storedParagraphAttrs({
    style: isStyle(style) ? style : 'body',
    align: ALIGNMENTS.find((one) => one === align) ?? null,
    level: Math.max(0, Math.min(MAX_LIST_LEVEL, Math.trunc(Number(level ?? 0)) || 0)),
    restart: restart !== undefined,
    bid: bid ?? null,
  });
}

/**
 * One `<p>` for life: its attributes are patched in place, so a change of style keeps the element, the
 * caret, the focus, and a running composition.
 */
class ParagraphView implements NodeView {
  readonly dom = document.createElement('p');
  readonly contentDOM = this.dom;
  private node: ProseMirrorNode;
  private shown: Record<string, string> = {};

  constructor(node: ProseMirrorNode) {
    this.node = node;
    this.show(node);
  }

  update(node: ProseMirrorNode): boolean {
    if (node.type !== this.node.type) return false;
    if (node.attrs !== this.node.attrs) this.show(node);
    this.node = node;
    return true;
  }

  private show(node: ProseMirrorNode): void {
    const next = paragraphDom(paragraphAttrs(node));
    for (const name of Object.keys(this.shown)) if (!(name in next)) this.dom.removeAttribute(name);
    for (const [name, value] of Object.entries(next)) {
      if (this.shown[name] !== value) this.dom.setAttribute(name, value);
    }
    this.shown = next;
  }
}

export const Paragraph = Node.create({
  name: 'paragraph',
  group: 'block',
  content: 'inline*',
  defining: true,
  priority: 1000,
  addAttributes() {
    const absent = { default: null, rendered: false };
    return { style: absent, align: absent, level: absent, restart: absent, bid: absent };
  },
  parseHTML() {
    return [{ tag: 'p', getAttrs: (element) => ({ ...attrsFromDom(element) }) }];
  },
  renderHTML({ node }) {
    return ['p', { ...paragraphDom(paragraphAttrs(node)) }, 0];
  },
  addNodeView() {
    return ({ node }) => new ParagraphView(node);
  },
});
