/** Numbers that share a unit: ranges, and lists whose unit comes last. */
import { compare, shift } from './decimal.ts';
import type { Quantity, Reading } from './reading.ts';
import { quantityAt, quantityFigure } from './quantity.ts';
import { DASH, DIGIT, LATIN, PAUSE } from './marks.ts';

/** Behind 7.7 in 7.7个和9.5个百分点: each has its 个, the last one its whole unit. */
const LIST_OF_POINTS = /个(?: ?(?:、|和|与|及|以及) ?\d{1,4}(?:\.\d{1,4})? ?个){1,8}百分点/y;
const LIST_MARK = / ?(?:、|和|与|及|以及) ?(?=\d)/y;
const VERSION_BEFORE = /(?:工业|版本|升级版|教育|营商环境|版|Web|web|行动)$/;
const NUMBER_NAMED = /(?:热线|电话|号码|邮编|编号|代码|文号|车牌|网址|账号|密码)[^，。；]{0,8}$/;
const LEVEL_BEFORE = /(?:达到?|为|是|至|到|等于|增加到|提高到|下降到|减少到)$/;

/** A range that begins with `first`, as one figure: 5—6亿元, 10至15家; null for none. */
export function rangeAt(reading: Reading, at: number, first: Quantity): number | null {
  const text = reading.text;
  if (first.qualifier !== undefined) return null;
  const mark = reading.match(DASH, first.end);
  if (mark === null || !DIGIT.test(text.charAt(DASH.lastIndex))) return null;
  if (/[至到]/.test(mark[0]) && /[由从自][^，。；、,;\d]{0,10}$/.test(reading.before(at))) return null;
  const second = quantityAt(reading, DASH.lastIndex);
  if (second === null || (second.per !== first.per && first.unit !== null)) return null;
  if (
    second.unit === null &&
    ((second.places === 0 && second.qualifier === undefined) || first.unit !== null)
  ) {
    if (!(first.unit === null && text.charAt(second.end) === '日')) return null;
  }
  if (first.unit !== null && first.unit.name !== second.unit?.name) return null;
  let { value, step } = first;
  if (first.unit === null && first.places === 0 && second.shared > 0) {
    const shared = shift(value, second.shared);
    if (compare(shared, second.value) <= 0) [value, step] = [shared, shift(step, second.shared)];
  }
  if (compare(value, second.value) >= 0) return null;
  if (compare(step, second.step) > 0) step = second.step;
  settle(reading, null);
  if (second.unit === null && text.charAt(second.end) === '日')
    return reading.figure(at, {
      end: second.end + 1,
      value,
      valueMax: second.value,
      step: '1',
      kind: 'duration',
      unit: '日',
      unitClass: 'time',
    });
  return quantityFigure(reading, at, { ...second, value, step }, second.value);
}

/** Puts a number aside whose unit is still to come, in a list or a step: 4.6和3.1个百分点. Null when it is none. */
export function waitForUnit(reading: Reading, at: number, first: Quantity): number | null {
  const text = reading.text;
  if (first.qualifier !== undefined) return null;
  const isPoint = first.unit?.name === '个' && reading.match(LIST_OF_POINTS, first.end - 1) !== null;
  if (first.unit !== null && !isPoint) return null;
  const mark = reading.match(LIST_MARK, first.end);
  const isListNumber = /(?:^|[\n。；：;:(])\s*$/.test(reading.before(at, 3));
  if (mark && !isListNumber && reading.pending.length < 16) {
    reading.pending.push({ start: at, quantity: first });
    reading.pendingEnd = LIST_MARK.lastIndex;
    return reading.pendingEnd;
  }
  // From one level to another that shares its unit: 由10至15家.
  const to = reading.match(DASH, first.end);
  const isFrom = to !== null && /[至到]/.test(to[0]) && DIGIT.test(text.charAt(DASH.lastIndex));
  if (isFrom) {
    const end = DASH.lastIndex;
    if (quantityAt(reading, end)?.unit) {
      reading.pending.push({ start: at, quantity: first });
      reading.pendingEnd = end;
      return end;
    }
  }
  return null;
}

/** Gives the numbers that wait for a unit the one of `quantity`; without one those that may stand alone do. */
export function settle(reading: Reading, quantity: Quantity | null): void {
  if (reading.pending.length === 0) return;
  const pending = reading.pending;
  reading.pending = [];
  reading.pendingEnd = -1;
  for (const { start, quantity: own } of pending) {
    if (quantity?.unit) {
      const places = own.places > 0 ? 0 : quantity.shared;
      const { unit, unitName, per } = quantity;
      quantityFigure(reading, start, {
        ...own,
        value: shift(own.value, places),
        step: shift(own.step, places),
        unit,
        unitName,
        ...(per === undefined ? {} : { per }),
      });
    } else if (own.unit !== null || countsAlone(reading, start, own)) quantityFigure(reading, start, own);
  }
}

/** Whether a number without a unit is a figure. */
export function countsAlone(
  reading: Reading,
  at: number,
  { end, qualifier, places, value, step }: Quantity,
): boolean {
  const text = reading.text;
  const before = reading.before(at);
  const next = text.charAt(end);
  if (text.charAt(at - 1) === '+' || (next === '+' && qualifier === undefined) || LATIN.test(next))
    return false;
  if (NUMBER_NAMED.test(before)) return false;
  if (places >= 4) return true;
  if (qualifier !== undefined || reading.leading(at) !== null) return !/^[号后]/.test(next);
  if (step.includes('.'))
    return !(
      /^(?:版|时代|模式|升级)/.test(reading.after(end, 3)) ||
      VERSION_BEFORE.test(before) ||
      (step === '0.1' && !value.includes('.'))
    );
  return LEVEL_BEFORE.test(before) && PAUSE.test(reading.after(end, 1)) && !/^[、—]/.test(next);
}
