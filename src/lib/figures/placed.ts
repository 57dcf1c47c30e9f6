/** The figures of a whole report, each with where it stands, and how checks speak of them. */
import type {
  CheckedBlock,
  CheckedReport,
  CheckRule,
  DetectedFigure,
  Finding,
  FindingRange,
  Replacement,
  Verdict,
} from './figure.ts';
import { decimal, quotient, stepOf } from './decimal.ts';
import { detectIn } from './cell.ts';
import { normalise } from './normalise.ts';

export interface Placed extends DetectedFigure {
  block: number;
  /** Its index among the figures of its block. */
  at: number;
  /** Which sentence of its block it is in, from 0. */
  sentence: number;
}

/** A block's text in half-width forms, with its figures. */
export interface Passage {
  block: number;
  /** Undefined outside tables. */
  cell: CheckedBlock['cell'];
  text: string;
  figures: readonly Placed[];
}

const SENTENCE = /[。；;！!？?\n]|(?<![\dA-Za-z])\./g;

/** Every block with its figures, those in cells read with their headings. */
export function passagesOf({ blocks }: CheckedReport): Passage[] {
  return blocks.map((block, index) => {
    const figures = detectIn(block);
    const text = normalise(block.text);
    const ends = [...text.matchAll(SENTENCE)].map((end) => end.index);
    let sentence = 0;
    const placed = figures.map((figure, at) => {
      while ((ends[sentence] ?? Infinity) < figure.start) sentence += 1;
      return { ...figure, block: index, at, sentence };
    });
    return { block: index, cell: block.cell, text, figures: placed };
  });
}

/** The figures of one sentence after another. */
export function sentencesOf({ figures }: Passage): Placed[][] {
  const sentences: Placed[][] = [];
  for (const figure of figures) {
    const last = sentences.at(-1);
    if (last?.[0]?.sentence === figure.sentence) last.push(figure);
    else sentences.push([figure]);
  }
  return sentences;
}

/** The figures of the other paragraphs that one paragraph may speak of. */
export interface Elsewhere {
  /** The nearest of the paragraphs before. */
  before: readonly Placed[];
  /** All of the report, by unit. */
  byUnit: ReadonlyMap<string, readonly Placed[]>;
}

export const isCalendar = ({ kind }: DetectedFigure) =>
  kind === 'year' || kind === 'period' || kind === 'date';
/** Something that can be added: a number of things, money or time, and not a share. */
export const isAmount = ({ kind, valueMax }: DetectedFigure) =>
  (kind === 'count' || kind === 'money' || kind === 'duration') && valueMax === undefined;
export const isExact = ({ op, valueMax }: DetectedFigure) => op === 'eq' && valueMax === undefined;

/** Between which two numbers the true value is, as it is written: a count is exact, 6.85亿元 is within half a 0.01亿. */
export function boundsOf({ value, step, op, kind }: DetectedFigure): [number, number] {
  const number = Number(value);
  // A share is computed and rounded, whole percents too.
  const isRounded = kind === 'percent' && op === 'eq';
  // 8亿元 is meant as 8, not as anything from 7.5 to 8.5: only a finely stated number is one that was rounded.
  const isFine = step !== '1' && Number(step) / 2 <= Math.abs(number) * 0.005;
  const half = isFine || isRounded ? Number(step) / 2 : 0;
  switch (op) {
    case 'eq':
      return [number - half, number + half];
    case 'gt':
    case 'gte':
      // 2700多万 is less than 2800万: what comes after 多 is smaller than the last digit that is not zero.
      return [number - half, number + lastPlace(number)];
    case 'lt':
    case 'lte':
      return [number - lastPlace(number), number + half];
    case 'approx':
      return [number * 0.95 - half, number * 1.05 + half];
    default:
      return op satisfies never;
  }
}

/** One unit of the last digit of a number that is not zero: 100 for 2700. */
function lastPlace(number: number): number {
  const zeros = /0*$/.exec(String(Math.trunc(Math.abs(number))))?.[0].length ?? 0;
  return Number.isInteger(number) ? 10 ** Math.max(0, zeros) : 1;
}

export const overlap = ([a, b]: [number, number], [c, d]: [number, number]) => {
  const slack = 1e-9 * Math.max(Math.abs(b), Math.abs(d), 1);
  return a <= d + slack && c <= b + slack;
};

export const rangeOf = ({ block, start, end }: Placed): FindingRange => ({ block, start, end });

/** A computed number as precisely as a figure is stated: 31.76 for one that is stated as 31.7%, at least two digits more. */
export function rounded(value: number, like: DetectedFigure): string {
  const places = Math.max(0, stepPlaces(like.step));
  return trim(value, places);
}

/** At most so many places, without zeros at the end. */
export function trim(value: number, places: number): string {
  const fixed = value.toFixed(Math.min(places, 12));
  return decimal(fixed);
}

function stepPlaces(step: string): number {
  const point = step.indexOf('.');
  return point === -1 ? 0 : step.length - point - 1;
}

const WRITTEN = /[\d０-９](?:[\d０-９,，. ．]*[\d０-９])?/;

/**
 * The figure's surface with another number in it, in the unit that is written there; null when it has Chinese numerals
 * or several parts.
 */
export function restated(figure: Placed, value: string): Replacement | null {
  const found = WRITTEN.exec(figure.surface);
  if (found === null || /[零〇一二两三四五六七八九十百]/.test(figure.surface.replace('百分点', '')))
    return null;
  // 1亿2千万 is not put right by another number in place of its first.
  if (WRITTEN.test(figure.surface.slice(found.index + found[0].length))) return null;
  const own = normalise(found[0]).replace(/[, ]/g, '');
  // How much one of the written number is: 亿 in 6.85亿元.
  const scale = quotient(figure.step, stepOf(own), 6);
  const places = stepPlaces(stepOf(own));
  const number = trim(Number(value) / Number(scale), places);
  const mark = /[,，]/.exec(found[0])?.[0];
  const written = mark === undefined ? number : grouped(number, mark);
  const start = figure.start + found.index;
  return { block: figure.block, start, end: start + found[0].length, text: written };
}

/** A number in the unit and the multiplier of another: 1220个, 2.3万亩, 1200万元 for 1千2百万元. */
export function shownLike(like: Placed, value: number): string {
  const multiplier = /(?<=[\d０-９多余十百千 ])(?:万亿|亿|万)/.exec(like.surface)?.[0] ?? '';
  const scale = { 万亿: 1e12, 亿: 1e8, 万: 1e4 }[multiplier] ?? 1;
  return `${trim(value / scale, 4)}${multiplier}${like.unit}`;
}

const grouped = (number: string, mark: string) => number.replace(/\B(?<!\.\d*)(?=(\d{3})+(?!\d))/g, mark);

interface Said {
  rule: CheckRule;
  verdict: Verdict;
  /** The accused first. */
  about: readonly Placed[];
  arithmetic: string;
  params?: Readonly<Record<string, string>>;
  fix?: Replacement | null;
}

export function finding({ rule, verdict, about, arithmetic, params = {}, fix = null }: Said): Finding {
  return {
    rule,
    verdict,
    ranges: about.map(rangeOf),
    message: {
      key: `figures_finding_${rule}_${verdict}`,
      params: { stated: about[0]?.surface ?? '', arithmetic, ...params },
    },
    arithmetic,
    ...(fix === null ? {} : { fix: [fix] }),
    key: [rule, ...about.map(({ surface, object = '' }) => `${object}${normalise(surface)}`)].join('|'),
  };
}
