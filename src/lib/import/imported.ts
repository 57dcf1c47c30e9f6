/** What an import gives: the content, the bytes of its pictures, and what is told of it. */
import type { HeldFigure } from '#lib/figures/held.ts';
import type { ContentJson } from '#lib/report/model.ts';

export const IMPORT_FORMATS = ['docx', 'html', 'text', 'json'] as const;
export type ImportFormat = (typeof IMPORT_FORMATS)[number];

/** Why something in a file is not in the report that was made of it. */
export const LEFT_OUT = [
  'repeatedTitle',
  /** Author, date and counts below a title: the report has its own. */
  'byline',
  'wordCount',
  'source',
  'views',
  'share',
  'tools',
  'neighbours',
  'articleNumber',
  'pageHeader',
  'pageFooter',
  'navigation',
  'embedded',
  'externalPicture',
  'unusablePicture',
  'unsafeLink',
  'comment',
  'tooDeep',
  /** That a table shows what the register says: not all of its figures stand in the text where the file says. */
  'figureLinks',
  /** Figures that a block shows, and that neither the file nor the new report has. */
  'lostFigures',
  'controlCharacter',
] as const;
export type LeftOutKind = (typeof LEFT_OUT)[number];

export interface LeftOut {
  kind: LeftOutKind;
  /** The beginning of it, at most 80 characters; '' when it has no words. */
  text: string;
  count: number;
}

/** What was recognised. */
export interface Found {
  paragraphs: number;
  headings: number;
  runIns: number;
  listItems: number;
  tables: number;
  pictures: number;
  links: number;
  /** 数据 in the text. */
  figures: number;
  /** Those of them that tables and charts show, and that are registered in the new report. */
  registered: number;
  words: number;
}

export interface ImportSummary {
  format: ImportFormat;
  /** How the text was encoded; null: it says so itself. */
  encoding: string | null;
  title: string;
  /** Where the title was found. `fileName`: nowhere, so the file's name was taken. */
  titleFrom: 'marked' | 'firstLine' | 'page' | 'fileName';
  found: Found;
  leftOut: LeftOut[];
  /** Half-width marks in Chinese text, and whether they were set full width. */
  punctuation: { marks: number; normalised: boolean };
}

export interface DraftPicture {
  id: string;
  bytes: Uint8Array;
}

/** A figure that is to be registered. */
export interface DraftFigure extends HeldFigure {
  id: string;
}

/** A report before it is one. Pictures and figures are named by the ids in its content. */
export interface Imported {
  content: ContentJson;
  pictures: DraftPicture[];
  /** All that its tables and charts show, and no others. */
  figures: DraftFigure[];
  summary: ImportSummary;
}

/** Why a file is refused. Nothing of it is kept. */
export const IMPORT_FAULTS = [
  'empty',
  'tooLarge',
  'unknownType',
  'pdf',
  'oldWord',
  'encrypted',
  'macros',
  'notWord',
  'damaged',
  'bomb',
  'entities',
  'encoding',
  'badJson',
  'newerJson',
  'tooLong',
  'tooManyPictures',
  'tooComplex',
] as const;
export type ImportFault = (typeof IMPORT_FAULTS)[number];

/** `detail` names a place or a limit, never content. */
export type ImportResult = { ok: true; value: Imported } | { ok: false; fault: ImportFault; detail?: string };

export interface ImportOptions {
  /** 规范标点: half-width marks in Chinese text are set full width. */
  punctuation: boolean;
}

/** The most different things that are named as left out. */
const MOST_NOTES = 100;
const MOST_TEXT = 80;

/** Gathers what is left out, each thing once. */
export class LeftOuts {
  readonly #notes = new Map<string, LeftOut>();

  add(kind: LeftOutKind, text = ''): void {
    const short = text.replace(/\s+/g, ' ').trim().slice(0, MOST_TEXT).toWellFormed();
    const key = `${kind} ${short}`;
    const known = this.#notes.get(key);
    if (known) known.count += 1;
    else if (this.#notes.size < MOST_NOTES) this.#notes.set(key, { kind, text: short, count: 1 });
  }

  get all(): LeftOut[] {
    return [...this.#notes.values()];
  }
}
