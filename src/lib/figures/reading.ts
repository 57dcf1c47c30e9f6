/** What every rule of detection reads with, and the qualifiers around a number. */
import type { DetectedFigure, FigureKind, FigureOp, UnitClass } from './figure.ts';
import { LEADING, LEADING_ENDS, TRAILING, type Unit } from './lexicon.ts';
import { IN_PHRASE, IN_TITLE } from './quotes.ts';

/** A figure before it is told what the words around it say. */
export type Found = Omit<DetectedFigure, 'surface' | 'modality'>;

/** A number with what belongs to it, from its first digit on. */
export interface Quantity {
  end: number;
  value: string;
  step: string;
  /** How many places 万 and 亿 moved the point; 0 for none. */
  places: number;
  /** How many of them a number has, too, that waits for this one's unit: 4.1 in 4.1和5.6亿元. */
  shared: number;
  unit: Unit | null;
  /** The unit as it is told: with 台（套） and 元/亩. */
  unitName: string;
  per?: string;
  qualifier?: string;
  op: FigureOp;
}

/** A number whose unit is yet to come: 4.6 in 4.6和3.1个百分点. */
interface Pending {
  start: number;
  quantity: Quantity;
}

const TRAILING_STARTS = '及或以之左上';
const THRESHOLD_OF =
  /^的?(?:村|薄弱|项目|企业|工程|产业|贷款|单位|大户|农户|家庭|法人|工业|商贸|房地产|合同|采购|资金|事故|支出|重大|民营|大中型)/;

/** What is meant is counted next, or is people or places that have so much. */
const SOME_OF = /^的(?:\d|大户|种植|养殖|[^，。；、]{0,3}(?:企业|项目|农户|村))/;

/**
 * One normalised paragraph while it is read from left to right: its text, where quotations are, and what is found so far.
 */
export class Reading {
  readonly found: Found[] = [];
  readonly text: string;
  readonly mask: Uint8Array;
  pending: Pending[] = [];
  /** Where the last number of the pending list ended, its mark included: the next has to begin there. */
  pendingEnd = -1;

  constructor(text: string, mask: Uint8Array) {
    this.text = text;
    this.mask = mask;
  }

  /** What a sticky pattern matches at a place. */
  match(pattern: RegExp, at: number): RegExpExecArray | null {
    pattern.lastIndex = at;
    return pattern.exec(this.text);
  }

  /** The text before a place, as much of it as any rule looks at; a space between words and a number is none of it. */
  before(at: number, length = 16): string {
    const end = this.text.charAt(at - 1) === ' ' ? at - 1 : at;
    return this.text.slice(Math.max(0, end - length), end);
  }

  after(at: number, length = 12): string {
    return this.text.slice(at, at + length);
  }

  lastEnd(): number {
    return this.found.at(-1)?.end ?? 0;
  }

  /** Whether quantities count here: not in a set phrase, not in a title. */
  counts(at: number): boolean {
    return ((this.mask[at] ?? 0) & (IN_PHRASE | IN_TITLE)) === 0;
  }

  /** Adds a figure and tells where it ends. */
  push(figure: Found): number {
    this.found.push(figure);
    return figure.end;
  }

  /** The qualifier that ends before a place; null for none. */
  leading(at: number): { text: string; op: FigureOp; start: number } | null {
    const text = this.text;
    // 近 3 万人: a space belongs to the number.
    const to = text.charAt(at - 1) === ' ' ? at - 1 : at;
    if (!LEADING_ENDS.has(text.charAt(to - 1))) return null;
    for (const { text: word, op, notAfter, butAfter } of LEADING) {
      const start = to - word.length;
      if (start < this.lastEnd() || !text.startsWith(word, start)) continue;
      const isOther = start > 0 && notAfter?.includes(text.charAt(start - 1));
      if (isOther && !butAfter?.some((whole) => text.endsWith(whole, start))) continue;
      return { text: word, op, start };
    }
    return null;
  }

  /** The qualifier that begins at a place; null for none. */
  trailing(at: number): { text: string; op: FigureOp; end: number } | null {
    // 95% 以上: many write a space between words and numbers.
    const from = this.text.charAt(at) === ' ' ? at + 1 : at;
    if (!TRAILING_STARTS.includes(this.text.charAt(from) || ' ')) return null;
    for (const { text, op } of TRAILING)
      if (this.text.startsWith(text, from)) return { text, op, end: from + text.length };
    return null;
  }

  /** Adds what stands around the number to a figure that begins with it. */
  finish(figure: Found): number {
    const leading = this.leading(figure.start);
    if (leading) figure.start = leading.start;
    if (leading) {
      figure.qualifier = leading.text;
      figure.op = leading.op;
    }
    if (figure.qualifier === undefined) {
      const before = this.before(figure.start);
      if (before.endsWith('连续')) figure.qualifier = '连续';
      else if (/至少[^，。；、,;：:\d]{1,5}$/.test(before)) {
        figure.qualifier = '至少';
        figure.op = 'gte';
      }
    }
    if (isThreshold(figure, this.after(figure.end, 6))) figure.kind = 'threshold';
    return this.push(figure);
  }

  /** A figure without a unit in the usual sense, with the qualifiers around it. */
  figure(
    start: number,
    given: {
      end: number;
      value: string;
      valueMax?: string;
      step: string;
      kind: FigureKind;
      unit?: string;
      unitClass?: UnitClass;
      qualifier?: string;
      op?: FigureOp;
    },
  ): number {
    const trail = this.trailing(given.end);
    const { value, valueMax, unit = '', unitClass = 'none', kind, step, qualifier = trail?.text } = given;
    const end = trail?.end ?? given.end;
    const figure: Found = {
      start,
      end,
      value,
      unit,
      unitClass,
      op: given.op ?? trail?.op ?? 'eq',
      kind,
      step,
    };
    if (valueMax !== undefined) figure.valueMax = valueMax;
    if (qualifier !== undefined) figure.qualifier = qualifier;
    return this.finish(figure);
  }
}

/** A bound that says which ones are meant, not how many there are: 60岁以上, 500万元以上的项目. */
function isThreshold({ unit, kind, qualifier }: Found, after: string): boolean {
  const isBound = qualifier !== undefined && /以上|以下|以内/.test(qualifier);
  if (unit === '岁' || unit === '周岁') return isBound;
  if (!isBound || (kind !== 'count' && kind !== 'money' && kind !== 'duration')) return false;
  // 50万元以上的312个, 100亩以上的种植大户; 新增10个以上项目 is how many there are.
  return SOME_OF.test(after) || (kind === 'money' && THRESHOLD_OF.test(after));
}
