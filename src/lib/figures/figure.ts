/**
 * What the numbers in a report's prose are, once found: figures, measures, and what checking them finds.
 * docs/figures.md has the rules. Offsets are UTF-16 positions in one paragraph's text; a hard break counts one.
 */
import type { ParagraphStyle } from '#lib/report/model.ts';

/** An exact decimal number as a string: `-?digits(.digits)?`, no exponent, no zeros at its ends (`98.6`, `685000000`). */
export type Decimal = string;

export const FIGURE_KINDS = [
  'count',
  'percent',
  'percentage_point',
  'money',
  'duration',
  'ratio',
  'fraction',
  'multiple',
  'ordinal',
  'threshold',
  'year',
  'period',
  'date',
] as const;
export type FigureKind = (typeof FIGURE_KINDS)[number];

/** How the true number stands to the one stated: 多 余 超过 (gt), 以上 不低于 (gte), 以内 不超过 (lte), 不足 (lt), 约 近 (approx). */
export type FigureOp = 'eq' | 'gt' | 'gte' | 'lte' | 'lt' | 'approx';

export const UNIT_CLASSES = [
  'none',
  'money',
  'share',
  'point',
  'multiple',
  'time',
  'calendar',
  'people',
  'household',
  'place',
  'organisation',
  'item',
  'event',
  'length',
  'area',
  'volume',
  'mass',
  'energy',
  'power',
  'rate',
  'other',
] as const;
/** Units of one class may be compared; 公里 and 米 are both `length`. */
export type UnitClass = (typeof UNIT_CLASSES)[number];

/** A stretch of one paragraph's text. */
export interface Span {
  start: number;
  end: number;
}

/** A quantity, rate, rank, period or date asserted in a paragraph. */
export interface DetectedFigure extends Span {
  /** The text from `start` to `end`, as it is written there. */
  surface: string;
  /** With 万 and 亿 multiplied in: 6.85亿元 is `685000000`, 九成 `90`, 三分之一 `0.3333333333333333`; a date's is its year. */
  value: Decimal;
  /** The upper end of a range. */
  valueMax?: Decimal;
  /** As the text has it, in half-width characters; '' for none. 九成 has `%`, 翻一番 `倍`, 7.7个百分点 `百分点`. */
  unit: string;
  unitClass: UnitClass;
  /** 约, 近, 余, 多, 以上, 不低于 … `连续` and a detached 至少 stand outside `surface`. */
  qualifier?: string;
  op: FigureOp;
  kind: FigureKind;
  /** One unit of the last digit that is written: `1000000` for 6.85亿元, `0.1` for 60.0%. How exactly the value is stated. */
  step: Decimal;
  /** What is counted, of the words around it: 重点水利项目. */
  object?: string;
  /** Of which place or body: 全县, 全市农村. */
  scope?: string;
  /** When: `2023`, `2023-03`, `2023-03-15`, `2023-H1`, `2023-Q3`, `2021/2025`, `2021/` (since); `H1`, `01/09` when no year is told. */
  period?: string;
  trend?: 'up' | 'down';
  /** What a change is measured against: 同比, 环比, 比上年, 较2020年. */
  basis?: string;
  /** Of what one: 人均 has `人`, 亩均 `亩`, 每年 `年`. */
  per?: string;
  /** `plan`: promised, not achieved; never added to what is achieved. */
  modality: 'actual' | 'plan';
}

export const MEASURE_KINDS = ['document', 'programme', 'slogan'] as const;
export type MeasureKind = (typeof MEASURE_KINDS)[number];

/** A named document, programme or set phrase (提法). Its range includes its quotes or 《》. */
export interface DetectedMeasure extends Span {
  surface: string;
  kind: MeasureKind;
  /** Without its quotes or 《》. */
  name: string;
  /** What the paragraph says that it consists of, without quotes. */
  definition?: string;
}

/** A paragraph of a report, in a table or not. */
export interface CheckedBlock {
  /** A hard break is one newline. */
  text: string;
  style: ParagraphStyle;
  /** The length of the run-in heading that opens it, in UTF-16 units; 0 for none. */
  runIn: number;
  /** The index of the top-level block of the content that it is or is in. */
  top: number;
  /** Only of a paragraph in a table. */
  cell?: CheckedCell;
}

/** Where in its table a paragraph stands. */
export interface CheckedCell {
  /** From 0, spans counted in. */
  row: number;
  column: number;
  header: boolean;
  /**
   * The text of the first cell of its row and of the header cells above it; '' for none or when it is one itself.
   * What the table tells of the unit of all stands in brackets before that of a column without its own.
   */
  rowHeading: string;
  columnHeading: string;
}

/** A report as the checks see it: all its paragraphs, those of tables included, in reading order. */
export interface CheckedReport {
  blocks: readonly CheckedBlock[];
}

/** A stretch of a report: of the paragraph `blocks[block]`. */
export interface FindingRange extends Span {
  block: number;
}

export const CHECK_RULES = [
  'share',
  'partition',
  'difference',
  'growth',
  'product',
  'per_capita',
  'change_fraction',
  'duration',
  'expansion',
  'period',
  'consistency',
  'transposition',
] as const;
export const LANGUAGE_RULES = [
  'half_width',
  'straight_quotes',
  'unpaired',
  'enumeration_comma',
  'ellipsis',
  'dash',
  'year_range',
  'value_range',
  'double_approximation',
  'several_with_digits',
  'percent_change',
  'decrease_multiple',
  'repeated_words',
  'level_number',
  'document_number',
  'long_sentence',
  'parallel_headings',
  'couplet',
] as const;
export const GLOSSARY_RULES = ['glossary'] as const;
export type CheckRule = (typeof CHECK_RULES)[number];
export type LanguageRule = (typeof LANGUAGE_RULES)[number];
export type FindingRule = CheckRule | LanguageRule | (typeof GLOSSARY_RULES)[number];

/** `mismatch`: wrong as it stands. `query`: a person should look. `derived`: computed, stated nowhere. */
export type Verdict = 'ok' | 'mismatch' | 'query' | 'derived';

/** A replacement of text; a fix is all of its replacements at once, none of them overlapping. */
export interface Replacement extends FindingRange {
  text: string;
}

/** Says what was found: {@link FindingMessage.key} names a message `figures_finding_…`, which takes `params`. */
export interface FindingMessage {
  key: string;
  params: Readonly<Record<string, string>>;
}

export interface Finding {
  rule: FindingRule;
  verdict: Verdict;
  /** What it is about, the accused first; never empty. */
  ranges: readonly FindingRange[];
  message: FindingMessage;
  /** The arithmetic that was done, in the report's own figures: `599人 ÷ 1886名 = 31.76%`. '' where nothing is computed. */
  arithmetic: string;
  fix?: readonly Replacement[];
  /** Names the finding by its words, not by its place: the same after edits elsewhere. What a dismissal remembers. */
  key: string;
}
