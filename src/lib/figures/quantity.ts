/** A number with its multiplier, its unit and its qualifiers, from its first digit on. */
import type { UnitClass } from './figure.ts';
import { add, decimal, shift, stepOf } from './decimal.ts';
import { INNER, unitAt } from './lexicon.ts';
import { partsAt, placesOf } from './parts.ts';
import type { Found, Quantity, Reading } from './reading.ts';

/** Longer than this a row of digits is a number of something, not a number of things. */
export const MAX_DIGITS = 24;
export const NUMBER = /\d{1,3}(?:,\d{3})+(?![\d])(?:\.\d+)?|\d+(?:\.\d+)?/y;
const SPACED = /\d{1,3}(?: \d{3}){1,6}(?:\.\d+)?(?![\d.,])/y;
const MULTIPLIER = /[十百千]?(?:万亿|亿|万)|[百千]/y;
/** After these 多 or 余 behind a unit is no part of the number: 5个多功能厅. */
export const NOT_MORE = '功元样种层媒彩人方数头维次名家项年部门式';
const TAKES_MORE: readonly UnitClass[] = ['time', 'length', 'area', 'mass', 'money', 'volume', 'multiple'];
/** Behind a unit of mass, what it is in: 微克每立方米, 公斤每亩. */
const HOLDS_MASS: readonly UnitClass[] = ['volume', 'area'];
/** What many a rate counts by: the 万 of 件/万人. */
const PER_MANY = /\/(?:(?:10|十|百|千)?万|百|千)(?=[^\d])/y;

/** The number at a place with all that belongs to it. */
export function quantityAt(reading: Reading, at: number): Quantity | null {
  const spaced = reading.match(SPACED, at);
  if (spaced && spaced[0].length <= MAX_DIGITS) {
    const quantity = quantityOf(reading, spaced[0], at + spaced[0].length);
    if (quantity.unit !== null || quantity.places > 0) return quantity;
  }
  const number = reading.match(NUMBER, at);
  if (number === null || number[0].length > MAX_DIGITS) return null;
  return quantityOf(reading, number[0], at + number[0].length);
}

function quantityOf(reading: Reading, written: string, from: number): Quantity {
  const text = reading.text;
  let at = from;
  while (text.charAt(at) === ' ' && at < from + 2) at += 1;
  let qualifier: string | undefined;
  const takeInner = () => {
    const char = text.charAt(at);
    if (qualifier !== undefined || (char !== '多' && char !== '余' && char !== '来')) return;
    if (char === '来' && unitAt(text, at + 1) === null) return;
    qualifier = char;
    at += 1;
  };
  takeInner();
  let [places, shared] = [0, 0];
  let value = decimal(written);
  let step = stepOf(written);
  const direct = unitAt(text, at);
  // 千米 and 百分点 are units, 千 in 5千人 is not.
  const multiplier = direct !== null && direct.name.length > 1 ? null : reading.match(MULTIPLIER, at);
  if (multiplier) {
    const end = at + multiplier[0].length;
    const moved = placesOf(multiplier[0]);
    const parts = qualifier === undefined ? partsAt(reading, end, value, multiplier[0]) : null;
    const isShort = /^[百千]$/.test(multiplier[0]);
    if (
      parts !== null ||
      !isShort ||
      unitAt(text, end) !== null ||
      '多余'.includes(text.charAt(end) || ' ')
    ) {
      // Several parts are clearly a number, and none of those before it shares its 亿.
      [places, shared] = parts === null ? [moved, moved] : [Math.max(moved, 4), 0];
      at = parts?.end ?? end;
      value = parts?.value ?? shift(value, moved);
      step = parts?.step ?? shift(step, moved);
      qualifier = parts?.qualifier ?? qualifier;
    }
  }
  takeInner();
  if (text.charAt(at) === '+' && qualifier === undefined && !/[A-Za-z0-9]/.test(text.charAt(at + 1))) {
    qualifier = '+';
    at += 1;
  }
  const quantity: Quantity = {
    end: at,
    value,
    step,
    places,
    shared,
    unit: null,
    unitName: '',
    op: qualifier === undefined ? 'eq' : qualifier === '+' ? 'gt' : (INNER[qualifier] ?? 'eq'),
    ...(qualifier === undefined ? {} : { qualifier }),
  };
  // Spaces belong to the number only when something of it follows them.
  if (at > from && text.slice(from, at).trim() === '') quantity.end = from;
  takeUnit(reading, quantity, text.charAt(at) === ' ' && places > 0 ? at + 1 : at);
  takeTrailing(reading, quantity);
  return quantity;
}

/** Adds the unit at a place to a number, when there is one. */
export function takeUnit(reading: Reading, quantity: Quantity, at: number): void {
  const text = reading.text;
  let unit = unitAt(text, at);
  if (unit === null) return;
  let end = at + unit.name.length;
  if (unit.name === '个' && '多余半'.includes(text.charAt(end) || ' ')) {
    // 3个多月, 2个半小时.
    const inner = unitAt(text, end + 1);
    const long = unitAt(`个${text.slice(end + 1, end + 6)}`, 0);
    if (long !== null && long.name.length > 1 && (long.class === 'time' || long.class === 'point')) {
      const char = text.charAt(end);
      unit = long;
      end += long.name.length;
      if (char === '半') quantity.value = add(quantity.value, '0.5');
      else if (quantity.qualifier === undefined) {
        quantity.qualifier = char;
        quantity.op = 'gt';
      }
    } else if (inner === null && text.charAt(end) === '半') return;
  }
  quantity.unit = unit;
  quantity.unitName = unit.as ?? unit.name;
  quantity.end = end;
  const open = text.charAt(end);
  if (open === '(') {
    const inner = /^\(([^()]{1,3})\)/.exec(reading.after(end))?.[1] ?? '';
    if (inner !== '' && unitAt(inner, 0)?.name === inner) {
      quantity.unitName += `（${inner}）`;
      quantity.end = end + inner.length + 2;
      // 件（批）次: what follows the brackets ends the unit that began before them.
      const rest = /^[\u4e00-\u9fff]/.exec(reading.after(quantity.end, 1))?.[0] ?? '';
      if (rest !== '' && unitAt(unit.name + rest, 0)?.name === unit.name + rest) {
        quantity.unitName += rest;
        quantity.end += 1;
      }
    }
  } else if (open === '/') {
    const many = reading.match(PER_MANY, end)?.[0].slice(1) ?? '';
    const per = unitAt(text, end + 1 + many.length);
    if (per !== null) {
      quantity.per = many + per.name;
      quantity.unitName += `/${quantity.per}`;
      quantity.end = end + 1 + quantity.per.length;
    } else if (/^(?:[年月日天]|[shd](?![A-Za-z]))/.test(reading.after(end + 1, 2))) {
      quantity.per = text.charAt(end + 1);
      quantity.unitName += `/${quantity.per}`;
      quantity.end = end + 2;
    }
  } else if (open === '每' && unit.class === 'mass') {
    const per = unitAt(text, end + 1);
    if (per !== null && HOLDS_MASS.includes(per.class)) {
      quantity.per = per.name;
      quantity.unitName += `每${per.name}`;
      quantity.end = end + 1 + per.name.length;
    }
  }
}

/** Adds the 多, 半 and 以上 behind its unit to a number. */
export function takeTrailing(reading: Reading, quantity: Quantity): void {
  const text = reading.text;
  const { unit, end } = quantity;
  if (unit !== null && TAKES_MORE.includes(unit.class) && '多余半'.includes(text.charAt(end) || ' ')) {
    const next = text.charAt(end + 1);
    if (text.charAt(end) === '半' && unit.class === 'time' && !'年天月日'.includes(next || ' ')) {
      quantity.value = add(quantity.value, '0.5');
      quantity.end += 1;
    } else if (text.charAt(end) !== '半' && !NOT_MORE.includes(next || ' ')) {
      quantity.end += 1;
      quantity.qualifier ??= text.charAt(end);
      quantity.op = 'gt';
    }
  }
  const trail = reading.trailing(quantity.end);
  if (trail === null) return;
  quantity.end = trail.end;
  if (quantity.qualifier === undefined) quantity.op = trail.op;
  quantity.qualifier ??= trail.text;
}

/** A number with its unit as a figure; with `valueMax` a range. Tells where it ends. */
export function quantityFigure(
  reading: Reading,
  start: number,
  quantity: Quantity,
  valueMax?: string,
): number {
  const { value, unit, unitName, step, op, qualifier, per, end } = quantity;
  const figure: Found = {
    start,
    end,
    value,
    unit: unitName,
    unitClass: per !== undefined && unit?.class !== 'money' ? 'rate' : (unit?.class ?? 'none'),
    op,
    kind: unit?.kind ?? (step.includes('.') && quantity.places === 0 ? 'ratio' : 'count'),
    step,
  };
  if (valueMax !== undefined) figure.valueMax = valueMax;
  if (qualifier !== undefined) figure.qualifier = qualifier;
  if (per !== undefined) figure.per = per;
  return reading.finish(figure);
}
