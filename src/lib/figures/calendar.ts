/** Years, periods, dates, months and quarters, in digits and in Chinese numerals. */
import type { FigureKind } from './figure.ts';
import { decimal } from './decimal.ts';
import { chineseInteger } from './numerals.ts';
import type { Found, Quantity, Reading } from './reading.ts';
import { settle } from './joining.ts';
import { TO } from './marks.ts';

const YEAR = '(?:19|20)\\d\\d';
const SHORT_RUN = /\d{1,5}/y;
const AFTER_MONTH = ' 月—-~至到季';
const AFTER_YEAR = ' 年学—-~至到/.、和与及])〕】';
const DOCUMENT_NUMBER = /(?:19|20)\d\d ?[\]〕)】] ?第? ?\d+(?:[-、~]\d+)* ?号/y;
const ISO_DATE = /((?:19|20)\d\d)([-/.])(\d{1,2})\2(\d{1,2})(?![\d.])/y;
const YEAR_RANGE = new RegExp(`(${YEAR}) ?(?:学年|年度?)?${TO}(${YEAR}) ?(学年|年)?(?!\\d)`, 'y');
/** 2023/2024学年: of years alone a slash makes a range. */
const SCHOOL_YEARS = new RegExp(`(${YEAR})/(${YEAR}) ?(学年)`, 'y');
const MONTH_RANGE = new RegExp(
  `(?:(${YEAR}) ?年 ?)?(\\d{1,2}) ?(?:月份?)?${TO}(?:(${YEAR}) ?年 ?)?(\\d{1,2}) ?月份?(?! ?\\d+ ?[日号])`,
  'y',
);
const FULL_DATE = new RegExp(
  `(?:(${YEAR}) ?年 ?)?(\\d{1,2}) ?月 ?(\\d{1,2}) ?[日号](?:${TO}(?:(?:(${YEAR}) ?年 ?)?(\\d{1,2}) ?月 ?)?(\\d{1,2}) ?[日号])?`,
  'y',
);
const BARE_DATE_RANGE = new RegExp(`(\\d{1,2}) ?月 ?(\\d{1,2})${TO}(\\d{1,2}) ?[日号]`, 'y');
const MONTH = new RegExp(`(?:(${YEAR}) ?年 ?)?(\\d{1,2}) ?月份?(?![均嫂饼度])`, 'y');
export const QUARTER = new RegExp(
  `(?:(${YEAR}) ?年 ?)?(第|前)?([1-4一二三四])(?:${TO}([1-4一二三四]))? ?季度`,
  'y',
);
const ONE_YEAR = new RegExp(`(${YEAR}) ?(?:学年|年)(?![代货级])`, 'y');
const YEAR_OF_LIST = new RegExp(`${YEAR}(?= ?[、和与及] ?${YEAR} ?[年、和与及])`, 'y');
const SINCE = /(?:以来|至今)/y;
export const DURATION_BEFORE = /(?:连续|为期|历时|历经|长达|时长)$/;

interface TimeFields {
  value: string;
  valueMax?: string;
  unit?: string;
  period: string;
}

const isMonth = (text: string | undefined) => Number(text) >= 1 && Number(text) <= 12;
const isDay = (text: string | undefined) => Number(text) >= 1 && Number(text) <= 31;
export const two = (text: string | undefined) => (text ?? '').padStart(2, '0');
const dash = (year: string | undefined) => (year === undefined ? '' : `${year}-`);
const quarterNumber = (text: string) => '1234'.indexOf(text) + 1 || '一二三四'.indexOf(text) + 1;

/** A year, period or date as a figure, with the 以来 or 至今 behind it. Tells where it ends, as all that read do. */
export function timeFigure(
  reading: Reading,
  kind: FigureKind,
  start: number,
  end: number,
  fields: TimeFields,
): number {
  const { value, valueMax, unit = '年', period } = fields;
  const figure: Found = {
    start,
    end,
    value,
    unit,
    unitClass: 'calendar',
    op: 'eq',
    kind,
    step: '1',
    period,
  };
  if (valueMax !== undefined && valueMax !== value) figure.valueMax = valueMax;
  const since = kind === 'period' && valueMax !== undefined ? null : reading.match(SINCE, end);
  if (since) {
    figure.kind = 'period';
    figure.qualifier = since[0];
    figure.op = 'gte';
    figure.end = SINCE.lastIndex;
    figure.period = `${period}/`;
  }
  return reading.push(figure);
}

/** A date, month, quarter or year at a digit; null for none. */
export function calendarAt(reading: Reading, at: number): number | null {
  const before = reading.text.charAt(at - 1);
  if ('〔[(【'.includes(before) && before !== '') {
    const number = reading.match(DOCUMENT_NUMBER, at);
    if (number) return DOCUMENT_NUMBER.lastIndex;
  }
  // Most numbers are none: a look at how many digits there are and what follows them is cheaper than to try.
  const digits = reading.match(SHORT_RUN, at)?.[0].length ?? 5;
  const next = reading.text.charAt(at + digits);
  if (digits !== 4 && (digits > 2 || !AFTER_MONTH.includes(next || '.'))) return null;
  if (digits === 4 && !AFTER_YEAR.includes(next || '.')) return null;
  const iso = reading.match(ISO_DATE, at);
  if (iso && isMonth(iso[3]) && isDay(iso[4]))
    return timeFigure(reading, 'date', at, ISO_DATE.lastIndex, {
      value: iso[1] ?? '',
      period: `${iso[1]}-${two(iso[3])}-${two(iso[4])}`,
    });
  const listed = reading.match(YEAR_OF_LIST, at);
  if (listed)
    return timeFigure(reading, 'year', at, YEAR_OF_LIST.lastIndex, { value: listed[0], period: listed[0] });
  return yearsAt(reading, at) ?? monthsAt(reading, at);
}

function yearsAt(reading: Reading, at: number): number | null {
  const slashed = reading.match(SCHOOL_YEARS, at);
  const range = slashed ?? reading.match(YEAR_RANGE, at);
  if (range === null) return null;
  const [, from = '', to = '', unit] = range;
  const end = at + range[0].length;
  const bare = unit === undefined;
  const named =
    '(《“"'.includes(reading.text.charAt(at - 1)) || /^(?:规划|期间|学|年度)/.test(reading.after(end, 4));
  // 2023年—2024年3月 is left to the months.
  if (/^ ?\d{1,2} ?月/.test(reading.after(end, 5)) || from >= to || (bare && !named)) return null;
  return timeFigure(reading, 'period', at, end, {
    value: from,
    valueMax: to,
    unit: unit ?? '年',
    period: `${from}/${to}`,
  });
}

function monthsAt(reading: Reading, at: number): number | null {
  const months = reading.match(MONTH_RANGE, at);
  if (months && isMonth(months[2]) && isMonth(months[4])) {
    const [, year, from, lastYear, to] = months;
    const period = `${dash(year)}${two(from)}/${dash(lastYear ?? year)}${two(to)}`;
    const end = MONTH_RANGE.lastIndex;
    if (year === undefined)
      return timeFigure(reading, 'period', at, end, {
        value: decimal(from ?? ''),
        valueMax: decimal(to ?? ''),
        unit: '月',
        period,
      });
    return timeFigure(reading, 'period', at, end, { value: year, valueMax: lastYear ?? year, period });
  }
  const date = reading.match(FULL_DATE, at);
  if (date && isMonth(date[2]) && isDay(date[3])) {
    const [, year, month, day, lastYear, lastMonth, lastDay] = date;
    const first = `${dash(year)}${two(month)}-${two(day)}`;
    const last =
      lastDay === undefined ? '' : `/${dash(lastYear ?? year)}${two(lastMonth ?? month)}-${two(lastDay)}`;
    return timeFigure(reading, last === '' ? 'date' : 'period', at, FULL_DATE.lastIndex, {
      value: year ?? decimal(month ?? ''),
      ...(last === ''
        ? {}
        : { valueMax: year === undefined ? decimal(lastMonth ?? month ?? '') : (lastYear ?? year) }),
      unit: year === undefined ? '月' : '年',
      period: first + last,
    });
  }
  const days = reading.match(BARE_DATE_RANGE, at);
  if (days && isMonth(days[1]) && isDay(days[2]) && isDay(days[3]))
    return timeFigure(reading, 'period', at, BARE_DATE_RANGE.lastIndex, {
      value: decimal(days[1] ?? ''),
      valueMax: decimal(days[1] ?? ''),
      unit: '月',
      period: `${two(days[1])}-${two(days[2])}/${two(days[1])}-${two(days[3])}`,
    });
  const quarter = reading.match(QUARTER, at);
  if (quarter) return quarterFigure(reading, at, QUARTER.lastIndex, quarter);
  const month = reading.match(MONTH, at);
  if (month && isMonth(month[2])) {
    const [, year, number] = month;
    return timeFigure(reading, 'date', at, MONTH.lastIndex, {
      value: year ?? decimal(number ?? ''),
      unit: year === undefined ? '月' : '年',
      period: `${dash(year)}${two(number)}`,
    });
  }
  const year = reading.match(ONE_YEAR, at);
  if (year && !/^(?:历史|文明)/.test(reading.after(ONE_YEAR.lastIndex, 2)))
    return timeFigure(reading, 'year', at, ONE_YEAR.lastIndex, {
      value: year[1] ?? '',
      unit: year[0].includes('学年') ? '学年' : '年',
      period: year[1] ?? '',
    });
  return null;
}

/** 2024年一季度, 前三季度, from the match of {@link QUARTER}. */
export function quarterFigure(
  reading: Reading,
  at: number,
  end: number,
  [, year, prefix, first = '', last]: RegExpExecArray,
): number {
  const from = quarterNumber(first);
  const to = last === undefined ? from : quarterNumber(last);
  const period =
    prefix === '前'
      ? `${dash(year)}01/${dash(year)}${two(String(from * 3))}`
      : from === to
        ? `${dash(year)}Q${from}`
        : `${dash(year)}${two(String(from * 3 - 2))}/${dash(year)}${two(String(to * 3))}`;
  return timeFigure(reading, 'period', at, end, {
    value: year ?? String(from),
    ...(to === from || year !== undefined ? {} : { valueMax: String(to) }),
    unit: year === undefined ? '季度' : '年',
    period,
  });
}

/** 15日 is a date, within a number of days a duration; null for another number. */
export function dayAt(reading: Reading, at: number, { end, unit, value, places }: Quantity): number | null {
  const text = reading.text;
  if (unit !== null || places > 0 || text.charAt(end) !== '日' || !/^\d{1,3}$/.test(value)) return null;
  const after = reading.after(end + 1, 3);
  if (/^[均产处]/.test(after)) return null;
  const isSpan =
    /^(?:内|以内|之内|游|龄|以上)/.test(after) ||
    DURATION_BEFORE.test(reading.before(at, 4)) ||
    Number(value) > 31;
  settle(reading, null);
  if (!isSpan)
    return timeFigure(reading, 'date', at, end + 1, { value, unit: '日', period: `-${two(value)}` });
  return reading.figure(at, {
    end: end + 1,
    value,
    step: '1',
    kind: 'duration',
    unit: '日',
    unitClass: 'time',
  });
}

/** 二〇二三年十月, from the match of its parts. */
export function chineseDateFigure(
  reading: Reading,
  at: number,
  [whole, year = '', month, day]: RegExpExecArray,
): number {
  const value = decimal([...year].map((char) => chineseInteger(char) ?? '0').join(''));
  const parts = [month, day].flatMap((part) => (part === undefined ? [] : [two(chineseInteger(part) ?? '')]));
  return timeFigure(reading, parts.length === 0 ? 'year' : 'date', at, at + whole.length, {
    value,
    period: [value, ...parts].join('-'),
  });
}
