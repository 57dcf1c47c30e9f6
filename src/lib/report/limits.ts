/** What a report may hold, and what can be wrong with one. */
import { MAX_PICTURE_BYTES } from './model.ts';

/** The most a report may hold; lengths are in UTF-16 units. */
export const LIMITS = {
  title: 500,
  /** All text of the content together. */
  text: 1_000_000,
  /** All nodes of the content together. */
  nodes: 100_000,
  alt: 2_000,
  caption: 2_000,
  bid: 64,
  /** Figures in one table or chart. */
  figures: 100,
  /** Each text of what a figure says. */
  stated: 200,
  colspan: 100,
  rowspan: 1_000,
  /** A column's width in CSS pixels. */
  colwidth: 10_000,
  /** Tables inside tables: 1 is a table that holds no other. */
  tableDepth: 2,
  /** Bytes of one picture. */
  pictureBytes: MAX_PICTURE_BYTES,
} as const;

export type IssueCode =
  | 'not_an_object'
  | 'not_a_list'
  | 'not_text'
  | 'unknown_field'
  | 'unknown_node'
  | 'misplaced_node'
  | 'unknown_mark'
  | 'duplicate_mark'
  | 'unknown_attribute'
  | 'bad_attribute'
  | 'unsafe_link'
  | 'control_character'
  | 'too_long'
  | 'too_many'
  | 'too_deep'
  | 'bad_schema'
  | 'newer_schema'
  | 'bad_picture'
  | 'bad_figure'
  /** Shown, and not in the text. */
  | 'lost_figure';

export interface Issue {
  /** Where, from the root of what was given: `content[3].marks[0].attrs.href`; '' is the root itself. */
  path: string;
  code: IssueCode;
  /** The name that was not known, cut to 40 characters. Never content. */
  detail?: string;
}

export type Parsed<K extends string, T> = ({ ok: true } & Record<K, T>) | { ok: false; errors: Issue[] };
