/** The checks that hold figures of the same thing against each other, in one report and across reports. */
import type { DetectedFigure, Finding } from './figure.ts';
import { finding, isCalendar, isExact, type Passage, type Placed, restated } from './placed.ts';
import { compare } from './decimal.ts';

/** What a register knows of a figure that is compared with others. */
export type ComparableFigure = Pick<
  DetectedFigure,
  | 'value'
  | 'valueMax'
  | 'unit'
  | 'unitClass'
  | 'kind'
  | 'op'
  | 'object'
  | 'scope'
  | 'period'
  | 'modality'
  | 'trend'
>;

/** A place or body counted as a whole: 全县17个乡镇, 辖23个行政村. */
const WHOLE =
  /(?:辖|下辖|辖有|共有|现有|全(?:国|省|市|县|区|州|旗|镇|乡|村|校|系统)(?:现有|共有|共|有|的)?)$/;
const WHOLE_LIST = /(?:辖|下辖|辖有|共有|现有)[^，。；,;]*$/;
const WHOLE_CLASSES = ['place', 'organisation', 'item', 'household', 'people'];

export function consistencyOf(passages: readonly Passage[]): Finding[] {
  const figures = passages.flatMap((passage) => (passage.cell === undefined ? passage.figures : []));
  const texts = new Map(passages.map(({ block, text }) => [block, text]));
  return [...wholes(figures, texts), ...conflicts(figures, texts), ...transpositions(figures, texts)];
}

const leadOf = (texts: ReadonlyMap<number, string>, { block, start }: Placed, length = 30) =>
  (texts.get(block) ?? '').slice(Math.max(0, start - length), start);

function isWhole(texts: ReadonlyMap<number, string>, figure: Placed): boolean {
  // 共有行政村213个 tells the thing before its number.
  const { object = '' } = figure;
  const lead = leadOf(texts, figure).replace(/(?:共|有|达|为)+$/, '');
  const rest = lead.endsWith(object) ? lead.slice(0, lead.length - object.length) : leadOf(texts, figure);
  return WHOLE.test(rest) || WHOLE_LIST.test(rest);
}

/** 全县17个乡镇 against 18个乡镇: another whole, or a part that is larger than it. */
function wholes(figures: readonly Placed[], texts: ReadonlyMap<number, string>): Finding[] {
  const found: Finding[] = [];
  const known = new Map<string, Placed>();
  const counts = figures.filter(
    (one) =>
      one.kind === 'count' &&
      one.object !== undefined &&
      one.object.length >= 2 &&
      one.object.length <= 8 &&
      WHOLE_CLASSES.includes(one.unitClass) &&
      one.modality === 'actual' &&
      isExact(one) &&
      one.trend === undefined &&
      one.step === '1' &&
      isNamedBeside(texts, one),
  );
  for (const one of counts) {
    if (!isWhole(texts, one)) continue;
    const key = `${one.object} ${one.unit}`;
    const first = known.get(key);
    if (first === undefined) known.set(key, one);
    else if (compare(first.value, one.value) !== 0 && isOfOne(texts, first, one)) {
      // 共有党员43名 here and 共有党员52名 there may be of two villages.
      const isCertain = [first, one].every((each) => isAnchored(texts, each));
      found.push(conflict(one, first, isCertain ? 'mismatch' : 'query'));
    }
  }
  for (const one of counts) {
    const whole = known.get(`${one.object} ${one.unit}`);
    if (whole === undefined || whole === one || isWhole(texts, one) || !sameScope(whole, one)) continue;
    if (isAnchored(texts, whole) && compare(one.value, whole.value) > 0) found.push(conflict(one, whole));
  }
  return found;
}

/** What a whole is of when it is named: 清川区辖17个乡镇, 初中部共有, 2020年共有. */
const OWNER =
  /([\u4e00-\u9fff]{1,6}?(?:省|市|县|区|州|旗|镇|乡|街道|村|部|校|院))(?:现|下)?(?:辖|共有|现有)[^，。；,;]*$/;
/** Of all of a place, not of whatever was spoken of last. */
const ANCHORED = /全(?:国|省|市|县|区|州|旗|镇|乡|村|校|系统)[^，。；,;]*$|辖[^，。；,;]*$/;
const isAnchored = (texts: ReadonlyMap<number, string>, figure: Placed) =>
  ANCHORED.test(leadOf(texts, figure));
const OF_PART = /其中[^，。；,;]*$|(?:19|20)\d\d年[^，。；,;]*$/;

/** Whether two wholes are of one place and time, as far as the words tell. */
function isOfOne(texts: ReadonlyMap<number, string>, a: Placed, b: Placed): boolean {
  const leads = [leadOf(texts, a), leadOf(texts, b)];
  if (leads.some((lead) => OF_PART.test(lead)) || !sameScope(a, b)) return false;
  const [first, second] = leads.map((lead) => OWNER.exec(lead)?.[1]);
  const [one = a.scope, other = b.scope] = [first, second];
  if (one === undefined || other === undefined || one === other) return true;
  // 清川区 is 全区, and not 全市.
  return (
    (one.startsWith('全') || other.startsWith('全')) &&
    one.slice(-1) === other.slice(-1) &&
    ![one, other].some((name) => name.endsWith('片区'))
  );
}

/** The thing stands right behind its number, or right before it. */
function isNamedBeside(
  texts: ReadonlyMap<number, string>,
  { block, start, end, object = '' }: Placed,
): boolean {
  const text = texts.get(block) ?? '';
  if (text.startsWith(object, end)) return true;
  const before = text.slice(Math.max(0, start - object.length - 2), start);
  const at = before.lastIndexOf(object);
  return at >= 0 && /^(?:共|有|达|为|共有)?$/.test(before.slice(at + object.length));
}

const sameScope = (a: ComparableFigure, b: ComparableFigure) =>
  a.scope === undefined || b.scope === undefined || a.scope === b.scope;

function conflict(one: Placed, other: Placed, verdict: 'mismatch' | 'query' = 'mismatch'): Finding {
  return finding({
    rule: 'consistency',
    verdict,
    about: [one, other],
    arithmetic: '',
    params: { computed: other.surface, object: one.object ?? '' },
    fix: restated(one, other.value),
  });
}

/**
 * Whether two figures tell of the same thing and disagree: same object, scope, period and unit class, both
 * exact, another value. The same number of another thing is no conflict, nor is a promise against what was done.
 */
export function disagree(a: ComparableFigure, b: ComparableFigure): boolean {
  return (
    isSame(a, b) &&
    isExact({ ...empty, ...a }) &&
    isExact({ ...empty, ...b }) &&
    compare(a.value, b.value) !== 0
  );
}

const empty = { start: 0, end: 0, surface: '', step: '1' };

function isSame(a: ComparableFigure, b: ComparableFigure): boolean {
  return (
    a.object !== undefined &&
    a.object.length >= 2 &&
    a.object === b.object &&
    a.scope === b.scope &&
    a.period === b.period &&
    a.unitClass === b.unitClass &&
    a.unit === b.unit &&
    a.kind === b.kind &&
    a.modality === b.modality &&
    a.trend === b.trend &&
    !isCalendar({ ...empty, ...a })
  );
}

/** Amounts that are named alike, of one told period, with another value. */
function conflicts(figures: readonly Placed[], texts: ReadonlyMap<number, string>): Finding[] {
  const byKey = new Map<string, Placed[]>();
  for (const one of figures) {
    if (one.object === undefined || one.object.length < 4 || one.period === undefined) continue;
    if ((one.kind !== 'money' && one.kind !== 'percent' && one.kind !== 'count') || one.trend !== undefined)
      continue;
    if (/占[^，。；,;]{0,16}$|其中[^。；;]{0,20}$|由|从/.test(leadOf(texts, one, 20))) continue;
    const key = [one.object, one.unit, one.period, one.kind].join(' ');
    const same = byKey.get(key);
    if (same) same.push(one);
    else byKey.set(key, [one]);
  }
  return [...byKey.values()].flatMap(([first, ...others]) =>
    others.flatMap((one) => {
      if (first === undefined || !disagree(first, { ...one, scope: first.scope ?? one.scope })) return [];
      // In one sentence the two are its parts or its steps.
      if (first.block === one.block && first.sentence === one.sentence) return [];
      return [
        finding({
          rule: 'consistency',
          verdict: 'query',
          about: [one, first],
          arithmetic: '',
          params: { computed: first.surface, object: one.object ?? '' },
        }),
      ];
    }),
  );
}

const digitsOf = ({ surface }: Placed) => surface.normalize('NFKC').replace(/\D/g, '');

/** Whether two numbers differ by two neighbouring digits only: 213 and 231. */
export function isTransposed(a: string, b: string): boolean {
  if (a.length !== b.length || a.length < 3 || a === b) return false;
  let at = 0;
  while (a[at] === b[at]) at += 1;
  return a[at] === b[at + 1] && a[at + 1] === b[at] && a.slice(at + 2) === b.slice(at + 2);
}

/** Figures of the same unit and thing that differ by two digits changed about. */
function transpositions(figures: readonly Placed[], texts: ReadonlyMap<number, string>): Finding[] {
  const byUnit = new Map<string, Placed[]>();
  const found: Finding[] = [];
  for (const one of figures) {
    const digits = digitsOf(one);
    if (isCalendar(one) || one.object === undefined || digits.length < 3) continue;
    // Which numbers it could be a slip of: each pair of neighbours changed about.
    for (let at = 0; at + 1 < Math.min(digits.length, 12); at++) {
      const swapped = digits.slice(0, at) + digits.charAt(at + 1) + digits.charAt(at) + digits.slice(at + 2);
      for (const other of byUnit.get(`${swapped} ${one.unit}`) ?? []) {
        if (!isTransposed(digits, digitsOf(other)) || !isNamedAlike(one, other)) continue;
        if (
          TO_LEVEL.test((texts.get(one.block) ?? '').slice(other.end, one.start)) &&
          other.block === one.block
        )
          continue;
        found.push(
          finding({
            rule: 'transposition',
            verdict: 'query',
            about: [one, other],
            arithmetic: '',
            params: { computed: other.surface, object: one.object },
          }),
        );
      }
    }
    const key = `${digits} ${one.unit}`;
    byUnit.set(key, [...(byUnit.get(key) ?? []), one].slice(0, 8));
  }
  return found;
}

/** 科技型中小企业入库 and 科技型中小企业 are one thing; shorter names have to be the same. */
function isNamedAlike({ object: a = '' }: Placed, { object: b = '' }: Placed): boolean {
  const [short, long] = a.length < b.length ? [a, b] : [b, a];
  return short === long || (short.length >= 5 && (long.startsWith(short) || long.endsWith(short)));
}

/** From one level to another the digits may well change about. */
const TO_LEVEL = /^[^，。；]{0,10}(?:到|至)[^，。；]{0,4}$/;

/** One figure of the register of one report. */
export interface RegisterRow extends ComparableFigure {
  report: string;
  id: string;
}

/** Figures that tell of one thing and disagree; those of one conflict have more than one value among them. */
export interface Conflict<Row extends RegisterRow = RegisterRow> {
  object: string;
  rows: readonly Row[];
  /** All of its values are one number with two neighbouring digits changed about. */
  transposed: boolean;
}

/** Disagreements within the rows, those of one report too, in the order of the rows. Nothing is ever merged. Linear. */
export function conflictsAcross<Row extends RegisterRow>(rows: readonly Row[]): Conflict<Row>[] {
  const groups = new Map<string, Row[]>();
  for (const row of rows) {
    if (!isSame(row, row) || !isExact({ ...empty, ...row })) continue;
    const { object = '', scope = '', period = '', unitClass, unit, kind, modality, trend = '' } = row;
    const key = JSON.stringify([object, scope, period, unitClass, unit, kind, modality, trend]);
    const group = groups.get(key);
    if (group) group.push(row);
    else groups.set(key, [row]);
  }
  return [...groups.values()].flatMap((group) => {
    const values = [...new Set(group.map(({ value }) => value))];
    const [first = '', second = ''] = values.map((value) => value.replace(/\D/g, ''));
    if (values.length < 2) return [];
    return [
      {
        object: group[0]?.object ?? '',
        rows: group,
        transposed: values.length === 2 && isTransposed(first, second),
      },
    ];
  });
}
