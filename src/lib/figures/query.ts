/** Which figures of all reports a list asks for, and what it answers. The page, the API and the server share these. */
import type { FigureKind, FindingMessage } from './figure.ts';
import { FIGURE_STATES, type FigureState } from './register.ts';

/** `todo`: what waits for my department: to verify, changed since, no longer in the text, wrong, or contradicted. */
export const FIGURE_SCOPES = ['all', 'todo'] as const;
export type FigureScope = (typeof FIGURE_SCOPES)[number];

/** `conflict`: another report has another value of the same. `mismatch`: its own report's sums say that it is wrong. */
export const FIGURE_FILTERS = [...FIGURE_STATES, 'conflict', 'mismatch'] as const;
export type FigureFilter = (typeof FIGURE_FILTERS)[number];

/** Null and empty text narrow nothing. */
export interface FigureQuery {
  scope: FigureScope;
  /** Words that the figure, what it is of or its section must contain, each of them. */
  text: string;
  unit: string;
  departmentId: string | null;
  /** The beginning of a period: `2023` finds `2023-03` as well. */
  period: string;
  filter: FigureFilter | null;
  /** From 1; beyond the last it is the last. */
  page: number;
}

/** A registered figure in its report. */
export interface FigureHit {
  id: string;
  report: { id: string; title: string };
  surface: string;
  value: string;
  valueMax: string | null;
  unit: string;
  kind: FigureKind;
  object: string;
  scope: string;
  period: string;
  modality: 'actual' | 'plan';
  department: { id: string; name: string; hue: number } | null;
  source: string;
  section: string;
  state: FigureState;
  verifiedAt: string | null;
  /** Why it cannot be right as it stands; null: nothing says so. */
  wrong: FindingMessage | null;
  /** Figures of the same with another value, of reports that the reader may read; of many the first. */
  against: { id: string; report: { id: string; title: string }; surface: string }[];
}

/**
 * Those in conflict first, each beside what it contradicts, then those that are wrong; of the others the newest, and of
 * one registration in the order of the text. Pages count from 1.
 */
export interface FigurePage {
  figures: FigureHit[];
  total: number;
  page: number;
  pages: number;
}
