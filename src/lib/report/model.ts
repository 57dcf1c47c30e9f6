/**
 * The content of a report: what nodes and marks there are, and what they may hold.
 *
 * One text block, `paragraph`, carries its style as an attribute, as in Word: changing a style then
 * never re-creates the block, so a colleague's keystrokes and every anchor inside it survive.
 * All content is `*`: what a good report looks like is checked and shown, never enforced here.
 */

/**
 * The schema's version, named by a client when it connects. Raise it whenever a node, a mark or an
 * attribute is added: a browser that lacks one would delete it for everybody. (A new paragraph style
 * needs no new version: unknown style values survive.)
 */
export const SCHEMA_VERSION = 1;

/** The name of the Y.XmlFragment that holds the content in its Y.Doc. */
export const CONTENT_FRAGMENT = 'content';

export const PARAGRAPH_STYLES = [
  'title',
  'subtitle',
  'heading1',
  'heading2',
  'heading3',
  'heading4',
  'body',
  'bullet',
  'ordered',
  'quote',
  'signature',
] as const;
export type ParagraphStyle = (typeof PARAGRAPH_STYLES)[number];

export const ALIGNMENTS = ['left', 'center', 'right', 'justify'] as const;
export type Alignment = (typeof ALIGNMENTS)[number];

/** The longest title that lists keep, in UTF-16 units: lists and file names need an end. */
export const MAX_TITLE_LENGTH = 200;

/** The deepest indent of bullets and numbers; the outermost is 0. */
export const MAX_LIST_LEVEL = 3;

export interface ParagraphAttrs {
  style: ParagraphStyle;
  /** null: as the style has it. */
  align: Alignment | null;
  /** Indent of a bullet or number, 0 to {@link MAX_LIST_LEVEL}. */
  level: number;
  /** Whether an `ordered` paragraph begins its numbering anew. */
  restart: boolean;
  /** A hint that names the block; may be missing or duplicated, never a key. */
  bid: string | null;
}

export interface PictureAttrs {
  /** The id of an upload of this report, never an address. */
  id: string | null;
  alt: string;
  caption: string;
}

export const FIGURE_VIEWS = ['table', 'bar', 'line', 'share'] as const;
/** How a block of figures shows them: as a table, or as a chart. */
export type FigureView = (typeof FIGURE_VIEWS)[number];

/** Figures of the report's register, by id: what they say is never stored in the text. */
export interface FiguresAttrs {
  show: FigureView;
  /** Ids of the register, each once, in the order that they are shown in. */
  figures: string[];
  caption: string;
}

export interface CellAttrs {
  colspan: number;
  rowspan: number;
  /** Column widths in CSS pixels, one for each spanned column. */
  colwidth: number[] | null;
}

export const MARKS = ['bold', 'italic', 'underline', 'strike', 'highlight', 'link', 'runIn'] as const;
export type MarkName = (typeof MARKS)[number];

export type MarkJson =
  | { type: Exclude<MarkName, 'link'>; attrs?: Record<string, never> }
  | { type: 'link'; attrs: { href: string } };

export interface TextJson {
  type: 'text';
  text: string;
  marks?: MarkJson[];
}
export interface HardBreakJson {
  type: 'hardBreak';
  marks?: MarkJson[];
}
export type InlineJson = TextJson | HardBreakJson;

export interface ParagraphJson {
  type: 'paragraph';
  attrs?: Partial<ParagraphAttrs>;
  content?: InlineJson[];
}
export interface PictureJson {
  type: 'picture';
  attrs: PictureAttrs;
}
export interface FiguresJson {
  type: 'figures';
  attrs: FiguresAttrs;
}
export interface DividerJson {
  type: 'divider';
}
export interface CellJson {
  type: 'tableCell' | 'tableHeader';
  attrs?: Partial<CellAttrs>;
  content?: BlockJson[];
}
export interface RowJson {
  type: 'tableRow';
  content?: CellJson[];
}
export interface TableJson {
  type: 'table';
  content?: RowJson[];
}
export type BlockJson = ParagraphJson | PictureJson | FiguresJson | DividerJson | TableJson;
export interface ContentJson {
  type: 'doc';
  content?: BlockJson[];
}

/** A picture's bytes as our JSON carries them. */
export interface EmbeddedPicture {
  type: PictureType;
  base64: string;
}
export const PICTURE_TYPES = ['image/png', 'image/jpeg', 'image/webp', 'image/gif'] as const;
/** The largest picture that is kept, in bytes. */
export const MAX_PICTURE_BYTES = 20 * 1024 * 1024;
export type PictureType = (typeof PICTURE_TYPES)[number];

/** Where a figure begins in the text. */
export interface FigurePlace {
  /** Which paragraph of the content, from 0, in reading order: those in the cells of tables count. */
  paragraph: number;
  /** UTF-16 units of its text before the figure; a hard break is one. */
  start: number;
}

/** What a figure of the register says: all of it that leaves with a report. As `figures/figure.ts` has it. */
export interface StatedFigure {
  /** As it is written in the text. */
  surface: string;
  /** A decimal number as a string; of a range the lower end. */
  value: string;
  valueMax?: string;
  unit: string;
  qualifier?: string;
  object?: string;
  scope?: string;
  period?: string;
  per?: string;
  basis?: string;
  trend?: 'up' | 'down';
  /** Promised, not achieved; absent: achieved. */
  modality?: 'plan';
  /** So that whoever reads our JSON again registers that figure, and no other. */
  at?: FigurePlace;
}

/** Says in a page or a document that it is of our own making, as it left: what reads it again has nothing to guess. */
export const OWN_FORMAT = 'huigao';

/** Our JSON, in and out. */
export interface ReportJson {
  schema: number;
  title: string;
  content: ContentJson;
  pictures: Record<string, EmbeddedPicture>;
  /** What the figures say that the content shows, by id; absent: it shows none. */
  figures?: Record<string, StatedFigure>;
}

export const PARAGRAPH_DEFAULTS: ParagraphAttrs = {
  style: 'body',
  align: null,
  level: 0,
  restart: false,
  bid: null,
};

const LINK_SCHEMES = ['http:', 'https:', 'mailto:'];

/** Whether an address may stand in a link: an absolute http, https or mailto URL of at most 2,000 characters. */
export function isAllowedHref(href: string): boolean {
  if (href.length > 2000 || !/^(https?|mailto):/i.test(href)) return false;
  try {
    return LINK_SCHEMES.includes(new URL(href).protocol);
  } catch {
    return false;
  }
}

/** The heading rank of a style: 1 to 4, or null for a style that is no heading. */
export function headingRank(style: ParagraphStyle): number | null {
  const found = /^heading([1-4])$/.exec(style);
  return found ? Number(found[1]) : null;
}
