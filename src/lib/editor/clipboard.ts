/** What copying puts on the clipboard, and what pasting takes from it. */
import { DOMSerializer, Fragment, type Node as ProseMirrorNode, type Schema, Slice } from '@tiptap/pm/model';
import { Plugin } from '@tiptap/pm/state';
import { m } from '#lib/paraglide/messages.js';
import { headingRank, type ParagraphAttrs, PICTURE_TYPES } from '#lib/report/model.ts';
import { newBid } from './bid.ts';
import { isList } from './commands.ts';
import { copiedFigures, figuresText } from './figureblock.ts';
import { paragraphDom } from './paper.ts';
import { newParagraph, paragraphAttrs } from './paragraph.ts';
import { cleanPasted } from './pasted.ts';
import { pictureAttrs, type PictureUrl } from './picture.ts';
import type { StatedFigures } from './stated.ts';
import { pictureFiles, type PictureRef, type Uploads } from './uploads.ts';

/** The tag that other programs know a paragraph by. */
function tagOf({ style }: ParagraphAttrs): string {
  if (style === 'title') return 'h1';
  if (style === 'quote') return 'blockquote';
  const rank = headingRank(style);
  return rank === null ? 'p' : `h${rank}`;
}

/** Real headings and lists, which Word and mail programs understand; our own attributes ride along. */
class ClipboardSerializer extends DOMSerializer {
  private readonly pictureUrl: PictureUrl;
  private readonly stated: StatedFigures;

  constructor(schema: Schema, pictureUrl: PictureUrl, stated: StatedFigures) {
    super(DOMSerializer.nodesFromSchema(schema), DOMSerializer.marksFromSchema(schema));
    this.pictureUrl = pictureUrl;
    this.stated = stated;
  }

  private paragraph(node: ProseMirrorNode, tag: string): HTMLElement {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(paragraphDom(paragraphAttrs(node)))) {
      if (name.startsWith('data-')) element.setAttribute(name, value);
    }
    super.serializeFragment(node.content, { document }, element);
    return element;
  }

  override serializeFragment(
    fragment: Fragment,
    options?: { document?: Document },
    target?: HTMLElement | DocumentFragment,
  ): HTMLElement | DocumentFragment {
    const out = target ?? document.createDocumentFragment();
    /** The lists that are open, outermost first. */
    let lists: HTMLElement[] = [];
    fragment.forEach((node) => {
      const attrs = node.type.name === 'paragraph' ? paragraphAttrs(node) : null;
      if (attrs && isList(attrs.style)) {
        const tag = attrs.style === 'bullet' ? 'ul' : 'ol';
        lists = lists.slice(0, attrs.level + 1);
        if (lists.at(-1)?.localName !== tag && lists.length === attrs.level + 1) lists.pop();
        while (lists.length <= attrs.level) {
          const list = document.createElement(tag);
          (lists.at(-1)?.lastElementChild ?? lists.at(-1) ?? out).append(list);
          lists.push(list);
        }
        lists.at(-1)?.append(this.paragraph(node, 'li'));
        return;
      }
      lists = [];
      if (attrs) out.append(this.paragraph(node, tagOf(attrs)));
      else if (node.type.name === 'picture') {
        const image = this.serializeNode(node, options);
        const { id } = pictureAttrs(node);
        if (image instanceof HTMLImageElement && id !== null) image.src = this.pictureUrl(id);
        out.append(image);
      } else if (node.type.name === 'figures') {
        const figures = this.serializeNode(node, options);
        if (figures instanceof HTMLElement) figures.append(...copiedFigures(node, this.stated));
        out.append(figures);
      } else
        out.append(super.serializeFragment(Fragment.from(node), options, document.createDocumentFragment()));
    });
    return out;
  }
}

/** Gives pasted paragraphs names of their own; one that was cut keeps its name. */
function renew(slice: Slice, doc: ProseMirrorNode): Slice {
  const taken = new Set<string>();
  doc.descendants((node) => {
    const bid: unknown = node.attrs['bid'];
    if (typeof bid === 'string') taken.add(bid);
    return !node.isTextblock;
  });
  const each = (fragment: Fragment): Fragment => {
    const nodes: ProseMirrorNode[] = [];
    fragment.forEach((node) => {
      if (node.type.name !== 'paragraph') return void nodes.push(node.copy(each(node.content)));
      const { bid } = paragraphAttrs(node);
      const own = bid !== null && !taken.has(bid) ? bid : newBid();
      taken.add(own);
      nodes.push(node.type.create({ ...node.attrs, bid: own }, node.content, node.marks));
    });
    return Fragment.from(nodes);
  };
  return new Slice(each(slice.content), slice.openStart, slice.openEnd);
}

export interface ClipboardOptions {
  pictureUrl: PictureUrl;
  uploads: Pick<Uploads, 'announce' | 'forget'>;
  stated: StatedFigures;
  /** How many tables and charts of another report a paste made into plain tables. */
  onPlainFigures: (count: number) => void;
  /** How many pictures a paste left out. */
  onDropped: (count: number) => void;
}

/** The address of any report's picture, as `docs/api.md` has it. */
const PICTURE_PATH = /^\/api\/reports\/([^/]+)\/pictures\/([^/]+)$/;

/** What an address of our own shows; null for any other. */
function pictureAt(address: string): PictureRef | null {
  const url = URL.parse(address, location.href);
  const [, reportId, pictureId] = (url?.origin === location.origin && PICTURE_PATH.exec(url.pathname)) || [];
  return reportId !== undefined && pictureId !== undefined ? { reportId, pictureId } : null;
}

/** The file that a `data:` address holds; null when it holds no picture that a report can have. */
function fileOf(address: string, name: string): File | null {
  const [, type, data] = /^data:([\w./+-]+);base64,([\w+/=\s]+)$/i.exec(address) ?? [];
  const known = PICTURE_TYPES.find((one) => one === type?.toLowerCase());
  if (known === undefined || data === undefined) return null;
  const bytes = decodeBase64(data);
  return bytes && new File([bytes], name, { type: known });
}

function decodeBase64(data: string): Uint8Array<ArrayBuffer> | null {
  try {
    return Uint8Array.from(atob(data), (letter) => letter.charCodeAt(0));
  } catch {
    // Not base64 after all: the picture counts as one that cannot be had.
    return null;
  }
}

export function clipboard(
  schema: Schema,
  { pictureUrl, uploads, stated, onDropped, onPlainFigures }: ClipboardOptions,
): Plugin {
  /** The picture files that came with what is being pasted or dropped. */
  let files: File[] = [];

  /**
   * An upload of this report keeps its id; another report's is copied; the bytes in a `data:` address, and
   * the files beside the text, are uploaded. Word and WPS name files of the writer's own machine in the
   * text, and put the same pictures beside it in the same order, so they are taken when the numbers agree.
   */
  function idsOf(images: readonly HTMLImageElement[]): (string | null)[] {
    uploads.forget();
    const found = images.map((image, index) => {
      const address = image.getAttribute('src') ?? '';
      const from = pictureAt(address);
      if (from) {
        const isOurs = new URL(pictureUrl(from.pictureId), location.href).href === image.src;
        return isOurs ? from.pictureId : uploads.announce({ kind: 'copy', from });
      }
      const file = fileOf(address, image.alt || m.editor_picture_pasted({ number: index + 1 }));
      return file && uploads.announce({ kind: 'file', file });
    });
    if (found.filter((id) => id === null).length !== files.length) return found;
    const rest = files.values();
    return found.map((id) => {
      if (id !== null) return id;
      const { value: file } = rest.next();
      return file ? uploads.announce({ kind: 'file', file }) : null;
    });
  }
  const remember = (transfer: DataTransfer | null) => {
    files = pictureFiles(transfer?.files ?? []);
    return false;
  };

  return new Plugin({
    props: {
      clipboardSerializer: new ClipboardSerializer(schema, pictureUrl, stated),
      handleDOMEvents: {
        paste: (_view, event) => remember(event.clipboardData),
        drop: (_view, event) => remember(event.dataTransfer),
      },
      transformPastedHTML(html) {
        const isFigure = (id: string) => stated.get(id) !== undefined;
        const { html: clean, droppedPictures, plainFigures } = cleanPasted(html, idsOf, isFigure);
        if (plainFigures > 0) onPlainFigures(plainFigures);
        if (droppedPictures > 0) onDropped(droppedPictures);
        return clean;
      },
      transformPasted: (slice, view) => renew(slice, view.state.doc),
      clipboardTextSerializer: (slice) =>
        slice.content.textBetween(0, slice.content.size, '\n', (leaf) =>
          leaf.type.name === 'hardBreak'
            ? '\n'
            : leaf.type.name === 'picture'
              ? pictureAttrs(leaf).caption
              : leaf.type.name === 'figures'
                ? figuresText(leaf, stated)
                : '',
        ),
      clipboardTextParser(text, $context) {
        const around = $context.parent.type.name === 'paragraph' ? paragraphAttrs($context.parent) : null;
        const attrs = around && isList(around.style) ? { style: around.style, level: around.level } : {};
        const marks = $context.marks();
        const lines = text.split(/\r\n?|\n/);
        const paragraphs = lines
          .map((line) => (lines.length > 1 ? line.trim().replace(/^\u3000+/, '') : line))
          .filter((line) => line !== '')
          .map((line) => {
            const paragraph = newParagraph(schema, attrs);
            return paragraph.copy(Fragment.from(schema.text(line, marks)));
          });
        return new Slice(
          Fragment.from(paragraphs),
          paragraphs.length > 0 ? 1 : 0,
          paragraphs.length > 0 ? 1 : 0,
        );
      },
    },
  });
}
