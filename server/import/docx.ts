/**
 * DOCX read into blocks. mammoth reads the document's parts; its model of the document, not its HTML, is
 * what blocks are made of, since the HTML has lost alignment, sizes and fonts.
 */
import { zipSync } from 'fflate';
import mammoth from 'mammoth';
import {
  isAllowedHref,
  MAX_LIST_LEVEL,
  type BlockJson,
  type CellJson,
  type ParagraphAttrs,
  type ParagraphStyle,
} from '#lib/report/model.ts';
import { LIMITS } from '#lib/report/limits.ts';
import {
  alignment,
  type Draft,
  DraftWriter,
  lineOf,
  type Look,
  type Marks,
  withMark,
} from '#lib/import/draft.ts';
import { tableCell, tableRows } from '#lib/import/columns.ts';
import type { DraftPicture, ImportFault, LeftOutKind, LeftOuts } from '#lib/import/imported.ts';
import { headingStyle } from '#lib/import/vocabulary.ts';
import { unpackDocx, type Part } from './package.ts';
import { columnsSaid, prepareParts } from './prepare.ts';

/** mammoth's model of a document, as far as it is used; it has no types of its own. */
interface DocxNode {
  type: string;
  children?: DocxNode[];
  value?: string;
  styleId?: string | null;
  styleName?: string | null;
  alignment?: string | null;
  numbering?: { isOrdered: boolean; level: string | number } | null;
  isBold?: boolean;
  isItalic?: boolean;
  isUnderline?: boolean;
  isStrikethrough?: boolean;
  highlight?: string | null;
  font?: string | null;
  fontSize?: number | null;
  href?: string;
  anchor?: string;
  altText?: string;
  readAsBuffer?: () => Promise<Uint8Array>;
  checked?: boolean;
  breakType?: string;
  noteType?: string;
  noteId?: string;
  isHeader?: boolean;
  colSpan?: number;
  rowSpan?: number;
}
interface DocxDocument extends DocxNode {
  notes: { resolve(reference: DocxNode): { body: DocxNode[] } | null };
  comments: { body: DocxNode[] }[];
}

type Read = { ok: true; draft: Draft } | { ok: false; fault: ImportFault };

/** Text and pictures inside each other; mammoth itself has read them by then. */
const MAX_DEPTH = 100;

export async function readDocx(bytes: Uint8Array, leftOut: LeftOuts): Promise<Read> {
  const unpacked = unpackDocx(bytes);
  if (!unpacked.ok) return unpacked;
  const prepared = prepareParts(unpacked.parts, leftOut);
  if (!prepared.ok) return prepared;
  const { parts, isOwn } = prepared;
  const document = await readDocument(parts);
  if (document === null) return { ok: false, fault: 'damaged' };
  const reader = new DocxReader(document, leftOut, isOwn);
  await reader.read();
  return { ok: true, draft: reader.draft };
}

/** Null: the parts are no document. */
async function readDocument(parts: readonly Part[]): Promise<DocxDocument | null> {
  let found: DocxDocument | null = null;
  try {
    await mammoth.convertToHtml(
      // Nothing is gained by packing what is read at once.
      {
        buffer: Buffer.from(
          zipSync(Object.fromEntries(parts.map(({ path, bytes }) => [path, bytes])), { level: 0 }),
        ),
      },
      {
        includeEmbeddedStyleMap: false,
        externalFileAccess: false,
        transformDocument: (document: DocxDocument) => {
          found = document;
          // There is nothing left to make HTML of.
          return { ...document, children: [], comments: [] };
        },
      },
    );
  } catch (error) {
    // What is wrong with a file is said by errors of many kinds; none of ours has run yet.
    if (error instanceof RangeError) throw error;
    return null;
  }
  return found;
}

const TITLE_NAMES = /^(title|标题|文档标题|公文标题)$/i;
const SUBTITLE_NAMES = /^(subtitle|副标题)$/i;
const QUOTE_NAMES = /^(quote|intense quote|block text|引用|明显引用)$/i;
const SIGNATURE_NAMES = /^(signature|closing|落款|署名|签名)$/i;
const CAPTION_NAMES = /^(caption|题注|图题|图注)$/i;
/** Names of the styles that our own documents have beside Word's, where they mean something. */
const TABLE_CAPTION = 'Table Caption';
const CELL_HEADER = 'Cell Header';
const DIVIDER = 'Divider';
const RUN_IN = /^Run-in Heading \d$/;
/** What our own documents say around the text. */
const AROUND: Readonly<Record<string, LeftOutKind>> = { Byline: 'byline', Imprint: 'articleNumber' };
/** 黑体 and its kin stand for bold in official documents. */
const HEAVY = /黑体|SimHei|Heiti/i;

/** The style of ours that a Word style's name stands for; null: none. Those of our cells say that they are. */
function styleOf(said: string): ParagraphStyle | null {
  const name = said.replace(/^Cell /, '');
  if (TITLE_NAMES.test(name)) return 'title';
  if (SUBTITLE_NAMES.test(name)) return 'subtitle';
  const rank = /^(?:heading|标题)\s*([1-9])$/i.exec(name);
  if (rank) return headingStyle(Number(rank[1]));
  if (QUOTE_NAMES.test(name)) return 'quote';
  return SIGNATURE_NAMES.test(name) ? 'signature' : null;
}

const NO_MARKS: Marks = new Map();

class DocxReader {
  readonly #document: DocxDocument;
  readonly #leftOut: LeftOuts;
  readonly #isOwn: boolean;
  readonly #looks = new Map<BlockJson, Look>();
  readonly #pictures: DraftPicture[] = [];
  #writer: DraftWriter;
  #notes: DocxNode[] = [];
  /** The numbering that goes on at each level. */
  #numberings: object[] = [];
  #marksRunIns = false;

  /** `isOwn`: we wrote the document, and nobody has changed it. */
  constructor(document: DocxDocument, leftOut: LeftOuts, isOwn: boolean) {
    this.#document = document;
    this.#leftOut = leftOut;
    this.#isOwn = isOwn;
    this.#writer = new DraftWriter(this.#looks);
  }

  get draft(): Draft {
    return {
      blocks: this.#writer.blocks,
      pictures: this.#pictures,
      looks: this.#looks,
      isOwn: this.#isOwn,
      marksRunIns: this.#marksRunIns,
      pageTitle: '',
    };
  }

  async read(): Promise<void> {
    await this.#blocks(this.#document.children ?? [], 0);
    await this.#footnotes();
    for (const { body } of this.#document.comments) this.#leftOut.add('comment', textOf(body));
  }

  /** Notes have no place of their own in a report: they follow the text, by their numbers. */
  async #footnotes(): Promise<void> {
    const notes = this.#notes;
    for (const [index, reference] of notes.entries()) {
      const body = this.#document.notes.resolve(reference)?.body ?? [];
      this.#writer.begin({});
      this.#writer.text(`[${index + 1}] ${textOf(body).trim()}`, NO_MARKS);
      this.#writer.close();
    }
  }

  async #blocks(nodes: readonly DocxNode[], tables: number): Promise<void> {
    for (const node of nodes) {
      if (node.type === 'paragraph') await this.#paragraph(node);
      else if (node.type === 'table') await this.#table(node, tables);
      else await this.#inline(node, NO_MARKS, { style: null, size: 0, isHeavy: false }, 0);
    }
    this.#writer.close();
  }

  async #paragraph(node: DocxNode): Promise<void> {
    const name = node.styleName ?? '';
    const around = AROUND[name];
    if (around !== undefined) {
      const isAddress = below([node]).some(({ type }) => type === 'hyperlink');
      return this.#leftOut.add(isAddress ? 'share' : around, textOf([node]));
    }
    if (name === DIVIDER) return this.#writer.push({ type: 'divider' });
    const style = styleOf(name);
    const { numbering } = node;
    let attrs: Partial<ParagraphAttrs> = { style: style ?? 'body' };
    const align = alignment(SIDES[node.alignment ?? ''] ?? node.alignment, this.#isOwn);
    if (style === null && numbering) {
      const level = Math.max(0, Math.min(MAX_LIST_LEVEL, Number(numbering.level) || 0));
      const last = this.#numberings[level];
      const restart = numbering.isOrdered && last !== undefined && last !== numbering;
      // A shallower item begins the numbers below it anew.
      this.#numberings.length = Math.min(this.#numberings.length, level + 1);
      if (numbering.isOrdered) this.#numberings[level] = numbering;
      attrs = {
        style: numbering.isOrdered ? 'ordered' : 'bullet',
        level,
        restart,
        ...(this.#isOwn && { align }),
      };
    } else if (name === TABLE_CAPTION) attrs = { align: 'center' };
    else if (style === null || this.#isOwn) attrs = { ...attrs, align };
    else if (style.startsWith('heading') && align === 'right') attrs = { ...attrs, align };
    const last = this.#writer.blocks.at(-1);
    if (CAPTION_NAMES.test(name) && last?.type === 'picture' && last.attrs.caption === '') {
      const caption = lineOf(textOf([node]), LIMITS.caption);
      // A picture without words of its own was told by its caption.
      last.attrs = { ...last.attrs, caption, alt: last.attrs.alt === caption ? '' : last.attrs.alt };
      return;
    }
    this.#writer.begin(attrs);
    const isHeavy = isAll(node, (run) => HEAVY.test(run.font ?? ''));
    for (const child of node.children ?? []) {
      await this.#inline(child, NO_MARKS, { style, size: 0, isHeavy }, 0);
      // A picture ends the paragraph that it stands in; what follows is the rest of it.
      if (!this.#writer.isOpen) this.#writer.begin(attrs);
    }
    this.#writer.close();
  }

  async #inline(
    node: DocxNode,
    marks: Marks,
    around: { style: ParagraphStyle | null; size: number; isHeavy: boolean },
    depth: number,
  ): Promise<void> {
    const inside = async (inner: Marks, next = around) => {
      if (depth > MAX_DEPTH) return this.#leftOut.add('tooDeep');
      for (const child of node.children ?? []) await this.#inline(child, inner, next, depth + 1);
    };
    switch (node.type) {
      case 'text':
        if (!this.#writer.isOpen) this.#writer.begin({});
        return this.#text(node.value ?? '', marks, around.size);
      case 'tab':
        return this.#text('　', marks, around.size);
      case 'checkbox':
        return this.#text(node.checked ? '☑' : '☐', marks, around.size);
      case 'break':
        if (node.breakType === 'line') this.#writer.lineBreak();
        return;
      case 'run':
        if (RUN_IN.test(node.styleName ?? '')) this.#marksRunIns = true;
        return inside(runMarks(node, marks, around, this.#isOwn), {
          ...around,
          size: node.fontSize ?? around.size,
        });
      case 'hyperlink': {
        const href = node.href?.trim() ?? '';
        if (href === '' || isAllowedHref(href)) return inside(withMark(marks, 'link', href !== '', href));
        this.#leftOut.add('unsafeLink', href);
        return inside(marks);
      }
      case 'noteReference':
        this.#notes.push(node);
        return this.#text(`[${this.#notes.length}]`, marks, around.size);
      case 'image':
        return this.#picture(node);
      case 'table':
        this.#leftOut.add('tooDeep');
        return this.#text(textOf([node]), marks, around.size);
      default:
        return inside(marks);
    }
  }

  #text(value: string, marks: Marks, size: number): void {
    const text = this.#writer.isEmpty ? value.replace(/^[\s\u00a0\u3000]+/, '') : value;
    this.#writer.text(text, marks, size);
  }

  async #picture(node: DocxNode): Promise<void> {
    let bytes: Uint8Array | undefined;
    try {
      bytes = await node.readAsBuffer?.();
    } catch {
      // Linked, missing, or too large to have been unpacked.
    }
    if (bytes === undefined || bytes.length === 0) return this.#leftOut.add('unusablePicture');
    const id = `p${this.#pictures.length + 1}`;
    this.#pictures.push({ id, bytes: new Uint8Array(bytes) });
    const alt = lineOf(node.altText ?? '', LIMITS.alt);
    this.#writer.push({ type: 'picture', attrs: { id, alt, caption: '' } });
  }

  async #table(node: DocxNode, tables: number): Promise<void> {
    const rows = (node.children ?? []).filter(({ type }) => type === 'tableRow');
    const cells = rows.flatMap(({ children = [] }) => children.filter(({ type }) => type === 'tableCell'));
    // Letterheads are set with tables of one cell; a table inside a cell loses its frame.
    const most = this.#isOwn ? LIMITS.tableDepth : 1;
    if (tables >= most || (cells.length <= 1 && !this.#isOwn)) {
      for (const cell of cells) await this.#blocks(cell.children ?? [], tables);
      return;
    }
    const outer = this.#writer;
    const numberings = this.#numberings;
    const content: CellJson[][] = [];
    for (const row of rows) {
      const made: CellJson[] = [];
      for (const cell of (row.children ?? []).filter(({ type }) => type === 'tableCell')) {
        this.#writer = new DraftWriter(this.#looks);
        // A list in a cell counts for itself.
        this.#numberings = [];
        await this.#blocks(cell.children ?? [], tables + 1);
        const { colSpan = 1, rowSpan = 1 } = cell;
        const isHeader = row.isHeader === true || cell.children?.some(isHeaderText) === true;
        made.push(tableCell(isHeader, colSpan, rowSpan, this.#writer.blocks));
      }
      content.push(made);
    }
    this.#writer = outer;
    this.#numberings = numberings;
    this.#writer.push({ type: 'table', content: tableRows(content, columnsSaid(node.styleId)) });
  }
}

/** Alignments that Word names otherwise than CSS. */
const SIDES: Readonly<Record<string, string>> = { both: 'justify', end: 'right', start: 'left' };
const isHeaderText = ({ styleName }: DocxNode) => styleName === CELL_HEADER;

/** The marks of a run. Headings and titles are bold as they stand, and what is all 黑体 is not set apart by it. */
function runMarks(
  node: DocxNode,
  outer: Marks,
  { style, isHeavy }: { style: ParagraphStyle | null; isHeavy: boolean },
  isOwn: boolean,
): Marks {
  let marks = outer;
  // What we write says no mark that is a style's.
  const isHeading = !isOwn && style !== null && /^(title|heading)/.test(style);
  const isBold = node.isBold === true || (!isHeavy && HEAVY.test(node.font ?? ''));
  if (RUN_IN.test(node.styleName ?? '')) marks = withMark(marks, 'runIn', true);
  if (isBold && !isHeading) marks = withMark(marks, 'bold', true);
  if (node.isItalic) marks = withMark(marks, 'italic', true);
  if (node.isUnderline && (isOwn || !marks.has('link'))) marks = withMark(marks, 'underline', true);
  if (node.isStrikethrough) marks = withMark(marks, 'strike', true);
  if (node.highlight) marks = withMark(marks, 'highlight', true);
  return marks;
}

/** Whether all runs with text below a node are so. */
function isAll(node: DocxNode, is: (run: DocxNode) => boolean): boolean {
  const runs = below([node]).filter((one) => one.type === 'run' && textOf([one]).trim() !== '');
  return runs.length > 0 && runs.every(is);
}

function below(nodes: readonly DocxNode[]): DocxNode[] {
  const found: DocxNode[] = [];
  const stack = nodes.toReversed();
  for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
    found.push(node);
    for (const child of (node.children ?? []).toReversed()) stack.push(child);
  }
  return found;
}

const textOf = (nodes: readonly DocxNode[]) =>
  below(nodes)
    .map((node) => (node.type === 'text' ? (node.value ?? '') : node.type === 'tab' ? '　' : ''))
    .join('');
