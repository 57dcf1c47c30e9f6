/** Chinese numerals, which are figures only when they clearly count. */
import { compare, decimal, fractionOf, shift, stepOf } from './decimal.ts';
import { INNER, type Unit, unitAt } from './lexicon.ts';
import { chineseDecimal, chineseEstimate, chineseInteger } from './numerals.ts';
import type { Quantity, Reading } from './reading.ts';
import { DURATION_BEFORE, QUARTER, chineseDateFigure, quarterFigure } from './calendar.ts';
import { quantityFigure, takeTrailing, takeUnit } from './quantity.ts';
import { placesOf } from './parts.ts';
import { CHINESE_TO, chineseTenthsAt } from './tenths.ts';
import { DIGIT } from './marks.ts';

const DOUBLED = /翻了?([一两二三四五六七八九]|\d{1,2})? ?番/y;
const HALF = /一半(?![天夜晌径])/y;
const CHINESE_YEAR =
  /([一二][九〇零][〇零一二三四五六七八九]{2})年(?:([一二三四五六七八九十]{1,2})月(?:([一二三四五六七八九十]{1,3})[日号])?)?/y;
const PARTS =
  /分之((?:[零〇一二两三四五六七八九十百]{1,8}(?:点[零〇一二三四五六七八九]{1,6})?)|\d{1,6}(?:\.\d{1,6})?)/y;
const POINT = /点([零〇一二三四五六七八九]{1,6})/y;
/** Words of two or more numerals that count nothing. */
const NO_NUMBERS: readonly string[] = [
  '亿万',
  '万千',
  '千千万万',
  '千百',
  '万万',
  '百千万',
  '千万千万',
  '一一',
  '三三两两',
  '七七八八',
];
const SET_PHRASES: readonly string[] = [
  '二十四节',
  '三十六计',
  '二十四史',
  '二十四孝',
  '两万五千里长征',
  '百分百',
  '三十年河',
  '十八般',
  '八百里',
  '七十二变',
  '九十九个',
];
/** What a time that is told from now begins with. */
const TIMES_BEFORE = /(?:过去|今后|未来|最近|此后|往后)$/;
/** What a rate counts by stands behind it: 每百万人口. */
const LARGE_ONLY = /^[十百千万亿]+$/;
const MONEY_CLASS = /^(?:级|产业|产值产业|集群|俱乐部|园区|强|镇|村|县|企业|大企业|规模)/;
const decimalOf = (text: string) => (DIGIT.test(text) ? decimal(text) : chineseInteger(text));

/** Reads a run of Chinese numerals, figure or not, and tells where to read on. */
export function chineseAt(reading: Reading, at: number, run: string): number {
  const text = reading.text;
  const end = at + run.length;
  // The mark of a year in a title or quotation still counts, a numeral there never does.
  const year = reading.match(CHINESE_YEAR, at);
  if (year) return chineseDateFigure(reading, at, year);
  const quarter = run.length === 1 && reading.mask[at] === 0 ? reading.match(QUARTER, at) : null;
  if (quarter) return quarterFigure(reading, at, QUARTER.lastIndex, quarter);
  if (reading.mask[at] !== 0) return end;
  if (SET_PHRASES.some((phrase) => text.startsWith(phrase, at))) return end;
  const parts = reading.match(PARTS, end);
  if (parts) return chineseFraction(reading, at, run, parts);
  if (reading.match(HALF, at))
    return reading.figure(at, { end: at + 2, value: '0.5', step: '0.1', kind: 'fraction' });
  return (
    chineseTenthsAt(reading, at, run) ??
    chineseRangeAt(reading, at, run) ??
    chineseQuantityAt(reading, at, run) ??
    end
  );
}

/** 翻一番 is 2 倍, and so is 翻番. */
export function doubledAt(reading: Reading, at: number): number {
  const found = reading.match(DOUBLED, at);
  if (found === null) return at + 1;
  const times = decimalOf(found[1] ?? '一');
  if (times === null || reading.mask[at] !== 0) return at + found[0].length;
  return reading.figure(at, {
    end: at + found[0].length,
    value: String(2 ** Number(times)),
    step: '1',
    kind: 'multiple',
    unit: '倍',
    unitClass: 'multiple',
  });
}

/** 三分之一 is a third, 百分之三十 is 30 %. */
function chineseFraction(
  reading: Reading,
  at: number,
  run: string,
  [whole, top = '']: RegExpExecArray,
): number {
  const end = at + run.length + whole.length;
  const below = chineseInteger(run);
  const above = DIGIT.test(top) ? decimal(top) : chineseDecimal(top);
  if (below === null || above === null || below === '0') return end;
  if (run === '百' || run === '千') {
    const unit = run === '百' ? '%' : '‰';
    const step = DIGIT.test(top) ? stepOf(top) : stepOf(top.replace('点', '.'));
    return reading.figure(at, { end, value: above, step, kind: 'percent', unit, unitClass: 'share' });
  }
  const value = fractionOf(Number(above), Number(below));
  return reading.figure(at, { end, value, step: '0.0001', kind: 'fraction' });
}

/** 两到三年, 三至五个. */
function chineseRangeAt(reading: Reading, at: number, run: string): number | null {
  const found = reading.match(CHINESE_TO, at + run.length);
  if (found === null) return null;
  let end = CHINESE_TO.lastIndex;
  let [low, high] = [chineseInteger(run), chineseInteger(found[1] ?? '')];
  const unit = unitAt(reading.text, end);
  if (low === null || high === null || unit === null || unit.arabicOnly) return null;
  // 二至三万 shares its 万.
  const shared = /[^万亿]([十百千]?[万亿]+|[十百千])$/.exec(found[1] ?? '')?.[1];
  if (shared !== undefined && /^[一二两三四五六七八九]$/.test(run)) low = chineseInteger(run + shared) ?? low;
  if (compare(low, high) >= 0) return null;
  const from = end;
  end += unit.name.length;
  if (isLexical(reading, from, unit, end)) return null;
  return reading.figure(at, {
    end,
    value: low,
    valueMax: high,
    step: '1',
    kind: unit.kind,
    unit: unit.as ?? unit.name,
    unitClass: unit.class,
  });
}

function isLexical(reading: Reading, from: number, unit: Unit, end: number): boolean {
  return unit.class === 'money' && from < end && MONEY_CLASS.test(reading.after(end, 4));
}

/** A Chinese numeral that is clearly a quantity; null for what is none. */
function chineseQuantityAt(reading: Reading, at: number, run: string): number | null {
  const text = reading.text;
  let end = at + run.length;
  let value: string | null;
  let valueMax: string | undefined;
  let step = '1';
  let qualifier = estimatePrefix(reading, at, run);
  const start = qualifier === undefined ? at : at - 1;
  const point = reading.match(POINT, end);
  const estimate = chineseEstimate(run);
  if (point) {
    value = chineseDecimal(`${run}点${point[1] ?? ''}`);
    step = stepOf(`0.${point[1] ?? ''}`);
    end = POINT.lastIndex;
  } else if (estimate) [value, valueMax] = estimate;
  else value = chineseInteger(run);
  if (value === null || NO_NUMBERS.includes(run)) return null;
  if (LARGE_ONLY.test(run) && text.charAt(at - 1) === '每') return null;
  const isPrefixed = qualifier !== undefined;
  const inner = text.charAt(end);
  if (!isPrefixed && !estimate && inner !== '' && '余多来几'.includes(inner)) {
    const follows = inner === '几' ? /[十百千]$/.test(run) : /[十百千万亿]$/.test(run);
    const multiplier = /^(?:万亿|亿|万)/.exec(reading.after(end + 1, 2))?.[0] ?? '';
    if (follows && unitAt(text, end + 1 + multiplier.length) !== null) {
      qualifier = inner;
      value = shift(value, placesOf(multiplier));
      end += 1 + multiplier.length;
    }
  } else if (point) {
    const multiplier = /^(?:万亿|亿|万)/.exec(reading.after(end, 2))?.[0] ?? '';
    value = shift(value, placesOf(multiplier));
    step = shift(step, placesOf(multiplier));
    end += multiplier.length;
  }
  const unit = unitAt(text, end);
  if (unit === null || unit.arabicOnly) return null;
  const quantity: Quantity = {
    end,
    value,
    step,
    places: 0,
    shared: 0,
    unit: null,
    unitName: '',
    op: qualifier === undefined ? 'eq' : (INNER[qualifier] ?? 'eq'),
    ...(qualifier === undefined ? {} : { qualifier }),
  };
  takeUnit(reading, quantity, end);
  takeTrailing(reading, quantity);
  const isLarge = /[十百千万亿]/.test(run);
  const clearly =
    qualifier !== undefined ||
    point !== null ||
    run.length >= 2 ||
    unit.class === 'point' ||
    unit.class === 'multiple' ||
    (isLarge && reading.leading(at) !== null) ||
    (unit.class === 'time' && isSpan(reading, at, quantity.end));
  if (!clearly) return null;
  if (qualifier === undefined && reading.leading(at) === null && isLexical(reading, end, unit, quantity.end))
    return null;
  return quantityFigure(reading, start, quantity, valueMax);
}

/** Whether a time in few numerals says how long something takes, took or goes back: 三年时间, 近三年, 五年来, 2021—2023年三年累计. */
function isSpan(reading: Reading, at: number, end: number): boolean {
  const after = reading.after(end, 2);
  if (after === '时间') return true;
  // 三年行动 is a name.
  if (/^(?:行动|规划|计划|方案|攻坚|任务|目标)/.test(after)) return false;
  if (DURATION_BEFORE.test(reading.before(at, 4))) return true;
  // 一年 is as often just a year, 百年来 no number of years.
  if (!'一百千万亿'.includes(reading.text.charAt(at))) {
    if (/^来(?!年)/.test(after) || TIMES_BEFORE.test(reading.before(at, 2))) return true;
    if (reading.leading(at) !== null) return true;
  }
  const last = reading.found.at(-1);
  return (
    last?.kind === 'period' &&
    last.valueMax !== undefined &&
    /^[，,(的这]{0,2}$/.test(reading.text.slice(last.end, at))
  );
}

/** 几, 数 or 上 before a numeral that they make an estimate of: 数十, 上千; not 人数, 网上. */
function estimatePrefix(reading: Reading, at: number, run: string): string | undefined {
  const char = reading.text.charAt(at - 1);
  if (!/^[十百千万亿]{1,2}$/.test(run) || at - 1 < reading.lastEnd()) return undefined;
  const before = reading.text.charAt(at - 2);
  if (char === '几') return char;
  if (char === '数' && !'人户总指系参基件少多无次个位倍分函整份岁票台例字天'.includes(before || ' '))
    return char;
  const isPlace = '以线网路会身晚早楼地山车台海江天水加马手世社向北沪百'.includes(before || ' ');
  if (char === '上' && (before === '' || !isPlace)) return char;
  if (char === '过' && !'经通超不度跨'.includes(before || ' ')) return char;
  return undefined;
}
