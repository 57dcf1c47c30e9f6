/**
 * A picture: the upload's id, its caption and its alternative text, never an address. The two texts are
 * edited in plain inputs inside the node view, which ProseMirror is told to leave alone.
 */
import { Node } from '@tiptap/core';
import type { Node as ProseMirrorNode } from '@tiptap/pm/model';
import { NodeSelection } from '@tiptap/pm/state';
import type { EditorView, NodeView } from '@tiptap/pm/view';
import { type AttributeInput, captionInput, type CaptionInput, attributeInput } from './caption.ts';
import { m } from '#lib/paraglide/messages.js';
import type { PictureAttrs } from '#lib/report/model.ts';

/** The address that shows an upload of this report. */
export type PictureUrl = (id: string) => string;

export function pictureAttrs(node: ProseMirrorNode): PictureAttrs {
  const { id, alt, caption } = node.attrs;
  return {
    id: typeof id === 'string' ? id : null,
    alt: typeof alt === 'string' ? alt : '',
    caption: typeof caption === 'string' ? caption : '',
  };
}

class PictureView implements NodeView {
  readonly dom = document.createElement('figure');
  private readonly image = document.createElement('img');
  private readonly caption: CaptionInput;
  private readonly alt: AttributeInput;
  private node: ProseMirrorNode;
  private readonly url: PictureUrl;

  constructor(node: ProseMirrorNode, view: EditorView, position: () => number | undefined, url: PictureUrl) {
    this.node = node;
    this.url = url;
    this.dom.className = 'picture';
    this.caption = captionInput(m.editor_picture_caption(), 'caption', view, position);
    this.alt = attributeInput(m.editor_picture_alt(), 'alt', view, position);
    this.alt.input.className = 'picture-alt';
    this.image.draggable = false;
    this.dom.append(this.image, this.caption.element, this.alt.input);
    this.image.addEventListener('error', () => (this.dom.dataset['broken'] = m.editor_picture_missing()));
    this.image.addEventListener('load', () => delete this.dom.dataset['broken']);
    this.show();
  }

  private show(): void {
    const { id, alt, caption } = pictureAttrs(this.node);
    const address = id === null ? '' : this.url(id);
    if (this.image.getAttribute('src') !== address) this.image.src = address;
    this.image.alt = alt || caption;
    this.caption.show(caption);
    this.alt.show(alt);
  }

  update(node: ProseMirrorNode): boolean {
    if (node.type !== this.node.type) return false;
    this.node = node;
    this.show();
    return true;
  }

  selectNode(): void {
    this.dom.classList.add('selected');
  }
  deselectNode(): void {
    this.dom.classList.remove('selected');
  }
  stopEvent(event: Event): boolean {
    return event.target === this.caption.input || event.target === this.alt.input;
  }
  ignoreMutation(): boolean {
    return true;
  }
}

/** Moves the focus to the caption of the selected picture; false when none is selected. */
export function editCaption(view: EditorView): boolean {
  const { selection } = view.state;
  if (!(selection instanceof NodeSelection) || selection.node.type.name !== 'picture') return false;
  const dom = view.nodeDOM(selection.from);
  const input = dom instanceof HTMLElement ? dom.querySelector('figcaption input') : null;
  if (!(input instanceof HTMLInputElement)) return false;
  input.focus();
  return true;
}

export const createPicture = (url: PictureUrl) =>
  Node.create({
    name: 'picture',
    group: 'block',
    atom: true,
    draggable: true,
    addAttributes() {
      const from = (name: string) => (element: HTMLElement) => element.getAttribute(name);
      return {
        id: { default: null, parseHTML: from('data-picture') },
        alt: { default: '', parseHTML: (element: HTMLElement) => element.getAttribute('alt') ?? '' },
        caption: {
          default: '',
          parseHTML: (element: HTMLElement) => element.getAttribute('data-caption') ?? '',
        },
      };
    },
    // Only our own clipboard names an upload; remote pictures are dropped, and said to be (`paste.ts`).
    parseHTML: () => [{ tag: 'img[data-picture]' }],
    renderHTML({ node }) {
      const { id, alt, caption } = pictureAttrs(node);
      return ['img', { 'data-picture': id ?? '', alt, 'data-caption': caption }];
    },
    addNodeView() {
      return ({ node, view, getPos }) => new PictureView(node, view, getPos, url);
    },
  });
