/** Finding the figures of a paragraph. docs/figures.md has the rules; all of it is linear in the length of the text. */
import type { DetectedFigure, FigureKind, FigureOp, UnitClass } from './figure.ts';
import { addContext } from './context.ts';
import { add, compare, decimal, fractionOf, shift, stepOf } from './decimal.ts';
import { INNER, LEADING, LEADING_ENDS, TRAILING, type Unit, unitAt } from './lexicon.ts';
import { normalise } from './normalise.ts';
import { chineseDecimal, chineseEstimate, chineseInteger, MAX_NUMERALS } from './numerals.ts';
import { IN_PHRASE, IN_TITLE, quotationMask, quotations } from './quotes.ts';

export { detectMeasures } from './measure.ts';

/** The figures of one paragraph, in the order of the text, none overlapping another. Never throws. */
export function detectFigures(text: string): DetectedFigure[] {
  const normal = normalise(text);
  const lexer = new Lexer(normal, quotationMask(normal.length, quotations(text)));
  lexer.run();
  const figures = lexer.found.map((found) => ({
    ...found,
    surface: text.slice(found.start, found.end),
    modality: 'actual' as const,
  }));
  return addContext(normal, figures);
}

type Found = Omit<DetectedFigure, 'surface' | 'modality'>;

/** A number with what belongs to it, from its first digit on. */
interface Quantity {
  end: number;
  value: string;
  step: string;
  /** How many places 万 and 亿 moved the point; 0 for none. */
  places: number;
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

const DIGIT = /[0-9]/;
const TRAILING_STARTS = '及或以之左上';
const LATIN = /[A-Za-z]/;
/** Longer than this a row of digits is a number of something, not a number of things. */
const MAX_DIGITS = 24;
const NUMBER = /\d{1,3}(?:,\d{3})+(?![\d])(?:\.\d+)?|\d+(?:\.\d+)?/y;
const SPACED = /\d{1,3}(?: \d{3}){1,6}(?:\.\d+)?(?![\d.,])/y;
/** What is looked at to judge a number, and what is passed over once it is judged. */
const DIGITS_RUN = /[\d.,]{0,40}\d/y;
const WHOLE_RUN = /\d+(?:[.,]\d+)*/y;
const WORD_RUN = /[A-Za-z0-9.-]*[A-Za-z0-9]/y;
const MULTIPLIER = /[十百千]?(?:万亿|亿|万)|[百千]/y;
/** What follows a multiplier and is of the same number: 2千 in 1万2千, 3千万 in 12亿3千万. */
const LOWER_PART = /(\d{1,4}(?:\.\d{1,4})?)([百千]?万|[百千])?/y;
const DASH = / ?(?:—{1,2}|-{1,2}|~|至|到) ?/y;
const LIST_MARK = / ?(?:、|和|与|及|以及) ?(?=\d)/y;

const YEAR = '(?:19|20)\\d\\d';
const TO = ' ?(?:—{1,2}|-|~|至|到) ?';
const SHORT_RUN = /\d{1,5}/y;
const AFTER_MONTH = ' 月—-~至到季';
const AFTER_YEAR = ' 年学—-~至到/.、和与及])〕】';
const DOCUMENT_NUMBER = /(?:19|20)\d\d ?[\]〕)】] ?第? ?\d+(?:[-、~]\d+)* ?号/y;
const ISO_DATE = /((?:19|20)\d\d)([-/.])(\d{1,2})\2(\d{1,2})(?![\d.])/y;
const YEAR_RANGE = new RegExp(`(${YEAR}) ?(?:学年|年度?)?${TO}(${YEAR}) ?(学年|年)?(?!\\d)`, 'y');
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
const QUARTER = new RegExp(`(?:(${YEAR}) ?年 ?)?(第|前)?([1-4一二三四])(?:${TO}([1-4一二三四]))? ?季度`, 'y');
const ONE_YEAR = new RegExp(`(${YEAR}) ?(?:学年|年)(?![代货级])`, 'y');
const YEAR_OF_LIST = new RegExp(`${YEAR}(?= ?[、和与及] ?${YEAR} ?[年、和与及])`, 'y');
const SINCE = /(?:以来|至今)/y;
const RATIO_RUN = /\d{1,6}(?:\.\d{1,6})?/y;
const AFTER_SPECIAL = ' :时点/分·•×xX*成—-~至到';
const CLOCK = /\d{1,2}:\d{2}(?::\d{2})?(?![\d.])(?: ?(?:—{1,2}|-|~|至|到) ?\d{1,2}:\d{2})?/y;
const HOUR = /\d{1,2} ?时(?![间段期代长效])(?: ?\d{1,2} ?分(?:\d{1,2} ?秒)?)?/y;
const O_CLOCK = /\d{1,2} ?点(?:钟|半|整|\d{1,2} ?分?)/y;
const DAYTIME = /(?:上午|下午|早上|晚上|凌晨|中午|傍晚|夜间|当日|当晚|次日|每天|每日|早|晚)$/;
const A_TO_B = /(\d{1,6}(?:\.\d{1,6})?) ?: ?(\d{1,6}(?:\.\d{1,6})?)(?![\d:.])/y;
const RATIO_BEFORE = /(?:比|比例|配比|比值|按照?|比率|比重)[^，。；、]{0,8}$/;
const SLASHED = /(\d{1,4})\/(\d{1,4})(?![\d/.])/y;
const OF_MANY = /(\d{1,6}(?:\.\d{1,6})?)\/(1?0?[万千])/y;
const PARTS_OF = /(\d{1,6}) ?分之 ?(\d{1,6}(?:\.\d{1,6})?)/y;
const SPECIAL = /\d{1,2}[·•]\d{1,2}(?!\d)|7[×xX*]24 ?小时/y;

const NUMERAL_RUN = /[零〇一二两三四五六七八九十百千万亿]+/y;
const ORDINAL = /([第前]) ?(\d{1,6}|[一二三四五六七八九十百]{1,5})/y;
const DOUBLED = /翻了?([一两二三四五六七八九]|\d{1,2}) ?番/y;
const HALF = /一半(?![天夜晌径])/y;
const CHINESE_YEAR =
  /([一二][九〇零][〇零一二三四五六七八九]{2})年(?:([一二三四五六七八九十]{1,2})月(?:([一二三四五六七八九十]{1,3})[日号])?)?/y;
const PARTS =
  /分之((?:[零〇一二两三四五六七八九十百]{1,8}(?:点[零〇一二三四五六七八九]{1,6})?)|\d{1,6}(?:\.\d{1,6})?)/y;
const TENTHS = /成(半|[一二三四五六七八九](?![个项成]))?(?![立长功果员本为熟都套效绩就品型交才千分规因])/y;
const TENTHS_IN_DIGITS = new RegExp(
  `(\\d(?:\\.\\d)?)(?:${TO}(\\d(?:\\.\\d)?))? ?成(?![立长功果员本为熟都套效绩就品型交才千分规因])`,
  'y',
);
const POINT = /点([零〇一二三四五六七八九]{1,6})/y;
const CHINESE_TO = /(?:到|至|—{1,2}|-|~)([零〇一二两三四五六七八九十百千万亿]{1,16})/y;
const RANKED = /(?:居|列|排名?|位次|跃升|跃|获|夺得|升|名次|荣膺|进入|跻身|保持|进位)[^，。；、：]{0,8}$/;
const SCOPED = /全(?:国|省|市|县|区|州|旗|镇|乡|系统|行业|球)$/;
const PAUSE = /^(?:$|[\s，,。.；;、：:！!？?)）》”"’」—])/;
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
const MONEY_CLASS = /^(?:级|产业|产值产业|集群|俱乐部|园区|强|镇|村|县|企业|大企业|规模)/;
const DURATION_BEFORE = /(?:连续|为期|历时|历经|长达|时长)$/;
const VERSION_BEFORE = /(?:工业|版本|升级版|教育|营商环境|版|Web|web|行动)$/;
const NUMBER_NAMED = /(?:热线|电话|号码|邮编|编号|代码|文号|车牌|网址|账号|密码)[^，。；]{0,8}$/;
const LEVEL_BEFORE = /(?:达到?|为|是|至|到|等于|增加到|提高到|下降到|减少到)$/;
/** After these 多 or 余 behind a unit is no part of the number: 5个多功能厅. */
const NOT_MORE = '功元样种层媒彩人方数头维次名家项年部门式';
const TAKES_MORE: readonly UnitClass[] = ['time', 'length', 'area', 'mass', 'money', 'volume', 'multiple'];
/** Behind a unit of mass, what it is in: 微克每立方米, 公斤每亩. */
const HOLDS_MASS: readonly UnitClass[] = ['volume', 'area'];
/** What many a rate counts by: the 万 of 件/万人. */
const PER_MANY = /\/(?:(?:10|十|百|千)?万|百|千)(?=[^\d])/y;
const THRESHOLD_OF =
  /^的?(?:村|薄弱|项目|企业|工程|产业|贷款|单位|大户|农户|家庭|法人|工业|商贸|房地产|合同|采购|资金|事故|支出|重大|民营|大中型)/;

/** Reads one normalised paragraph from left to right; what it finds is in {@link Lexer.found}. */
class Lexer {
  readonly found: Found[] = [];
  readonly #text: string;
  readonly #mask: Uint8Array;
  #pending: Pending[] = [];
  /** Where the last number of the pending list ended, its mark included: the next has to begin there. */
  #pendingEnd = -1;

  constructor(text: string, mask: Uint8Array) {
    this.#text = text;
    this.#mask = mask;
  }

  run(): void {
    const text = this.#text;
    let at = 0;
    while (at < text.length) {
      if (this.#pending.length > 0 && at !== this.#pendingEnd) this.#settle(null);
      const code = text.charCodeAt(at);
      if (code >= 48 && code <= 57) at = this.#arabic(at);
      else if (code < 0x3007) at += 1;
      else at = this.#han(at, text.charAt(at));
    }
    this.#settle(null);
  }

  // ── small readers ──────────────────────────────────────────────────────────────────────────────

  #match(pattern: RegExp, at: number): RegExpExecArray | null {
    pattern.lastIndex = at;
    return pattern.exec(this.#text);
  }

  /** The text before a place, as much of it as any rule looks at. */
  #before(at: number, length = 16): string {
    return this.#text.slice(Math.max(0, at - length), at);
  }

  #after(at: number, length = 12): string {
    return this.#text.slice(at, at + length);
  }

  #lastEnd(): number {
    return this.found.at(-1)?.end ?? 0;
  }

  /** Whether quantities count here: not in a set phrase, not in a title. */
  #counts(at: number): boolean {
    return ((this.#mask[at] ?? 0) & (IN_PHRASE | IN_TITLE)) === 0;
  }

  #push(figure: Found): number {
    this.found.push(figure);
    return figure.end;
  }

  // ── dates and years ────────────────────────────────────────────────────────────────────────────

  #time(kind: FigureKind, start: number, end: number, fields: TimeFields): number {
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
    const since = kind === 'period' && valueMax !== undefined ? null : this.#match(SINCE, end);
    if (since) {
      figure.kind = 'period';
      figure.qualifier = since[0];
      figure.op = 'gte';
      figure.end = SINCE.lastIndex;
      figure.period = `${period}/`;
    }
    return this.#push(figure);
  }

  /** A date, month, quarter or year at a digit; null for none. */
  #calendar(at: number): number | null {
    const before = this.#text.charAt(at - 1);
    if ('〔[(【'.includes(before) && before !== '') {
      const number = this.#match(DOCUMENT_NUMBER, at);
      if (number) return DOCUMENT_NUMBER.lastIndex;
    }
    // Most numbers are none: a look at how many digits there are and what follows them is cheaper than to try.
    const digits = this.#match(SHORT_RUN, at)?.[0].length ?? 5;
    const next = this.#text.charAt(at + digits);
    if (digits !== 4 && (digits > 2 || !AFTER_MONTH.includes(next || '.'))) return null;
    if (digits === 4 && !AFTER_YEAR.includes(next || '.')) return null;
    const iso = this.#match(ISO_DATE, at);
    if (iso && isMonth(iso[3]) && isDay(iso[4]))
      return this.#time('date', at, ISO_DATE.lastIndex, {
        value: iso[1] ?? '',
        period: `${iso[1]}-${two(iso[3])}-${two(iso[4])}`,
      });
    const listed = this.#match(YEAR_OF_LIST, at);
    if (listed)
      return this.#time('year', at, YEAR_OF_LIST.lastIndex, { value: listed[0], period: listed[0] });
    return this.#years(at) ?? this.#months(at);
  }

  #years(at: number): number | null {
    const range = this.#match(YEAR_RANGE, at);
    if (range === null) return null;
    const [, from = '', to = '', unit] = range;
    const end = YEAR_RANGE.lastIndex;
    const bare = unit === undefined;
    const named =
      '(《“"'.includes(this.#text.charAt(at - 1)) || /^(?:规划|期间|学|年度)/.test(this.#after(end, 4));
    // 2023年—2024年3月 is left to the months.
    if (/^ ?\d{1,2} ?月/.test(this.#after(end, 5)) || from >= to || (bare && !named)) return null;
    return this.#time('period', at, end, {
      value: from,
      valueMax: to,
      unit: unit ?? '年',
      period: `${from}/${to}`,
    });
  }

  #months(at: number): number | null {
    const months = this.#match(MONTH_RANGE, at);
    if (months && isMonth(months[2]) && isMonth(months[4])) {
      const [, year, from, lastYear, to] = months;
      const period = `${dash(year)}${two(from)}/${dash(lastYear ?? year)}${two(to)}`;
      const end = MONTH_RANGE.lastIndex;
      if (year === undefined)
        return this.#time('period', at, end, {
          value: decimal(from ?? ''),
          valueMax: decimal(to ?? ''),
          unit: '月',
          period,
        });
      return this.#time('period', at, end, { value: year, valueMax: lastYear ?? year, period });
    }
    const date = this.#match(FULL_DATE, at);
    if (date && isMonth(date[2]) && isDay(date[3])) {
      const [, year, month, day, lastYear, lastMonth, lastDay] = date;
      const first = `${dash(year)}${two(month)}-${two(day)}`;
      const last =
        lastDay === undefined ? '' : `/${dash(lastYear ?? year)}${two(lastMonth ?? month)}-${two(lastDay)}`;
      return this.#time(last === '' ? 'date' : 'period', at, FULL_DATE.lastIndex, {
        value: year ?? decimal(month ?? ''),
        ...(last === ''
          ? {}
          : { valueMax: year === undefined ? decimal(lastMonth ?? month ?? '') : (lastYear ?? year) }),
        unit: year === undefined ? '月' : '年',
        period: first + last,
      });
    }
    const days = this.#match(BARE_DATE_RANGE, at);
    if (days && isMonth(days[1]) && isDay(days[2]) && isDay(days[3]))
      return this.#time('period', at, BARE_DATE_RANGE.lastIndex, {
        value: decimal(days[1] ?? ''),
        valueMax: decimal(days[1] ?? ''),
        unit: '月',
        period: `${two(days[1])}-${two(days[2])}/${two(days[1])}-${two(days[3])}`,
      });
    const quarter = this.#match(QUARTER, at);
    if (quarter) return this.#quarter(at, QUARTER.lastIndex, quarter);
    const month = this.#match(MONTH, at);
    if (month && isMonth(month[2])) {
      const [, year, number] = month;
      return this.#time('date', at, MONTH.lastIndex, {
        value: year ?? decimal(number ?? ''),
        unit: year === undefined ? '月' : '年',
        period: `${dash(year)}${two(number)}`,
      });
    }
    const year = this.#match(ONE_YEAR, at);
    if (year && !/^(?:历史|文明)/.test(this.#after(ONE_YEAR.lastIndex, 2)))
      return this.#time('year', at, ONE_YEAR.lastIndex, {
        value: year[1] ?? '',
        unit: year[0].includes('学年') ? '学年' : '年',
        period: year[1] ?? '',
      });
    return null;
  }

  #quarter(at: number, end: number, [, year, prefix, first = '', last]: RegExpExecArray): number {
    const from = quarterNumber(first);
    const to = last === undefined ? from : quarterNumber(last);
    const period =
      prefix === '前'
        ? `${dash(year)}01/${dash(year)}${two(String(from * 3))}`
        : from === to
          ? `${dash(year)}Q${from}`
          : `${dash(year)}${two(String(from * 3 - 2))}/${dash(year)}${two(String(to * 3))}`;
    return this.#time('period', at, end, {
      value: year ?? String(from),
      ...(to === from || year !== undefined ? {} : { valueMax: String(to) }),
      unit: year === undefined ? '季度' : '年',
      period,
    });
  }

  // ── Arabic numbers ─────────────────────────────────────────────────────────────────────────────

  #arabic(at: number): number {
    const text = this.#text;
    const before = text.charAt(at - 1);
    const skip = () => {
      this.#settle(null);
      this.#match(WHOLE_RUN, at);
      return Math.max(at + 1, WHOLE_RUN.lastIndex);
    };
    if (LATIN.test(before) && !/^\d[\d.]*(?:亿|万|%)/.test(this.#after(at, 12))) {
      this.#settle(null);
      this.#match(WORD_RUN, at);
      return Math.max(at + 1, WORD_RUN.lastIndex);
    }
    const run = this.#match(DIGITS_RUN, at)?.[0] ?? '';
    if (run.length > MAX_DIGITS && !this.#shortNumber(at)) return skip();
    const calendar = this.#pending.length === 0 ? this.#calendar(at) : null;
    if (calendar !== null) return calendar;
    if (!this.#counts(at)) return skip();
    const special = this.#special(at);
    if (special !== null) {
      this.#settle(null);
      return special;
    }
    if (/^0\d/.test(run) || this.#isIdentifier(at, run)) return skip();
    return this.#general(at) ?? skip();
  }

  #shortNumber(at: number): boolean {
    return (this.#match(NUMBER, at)?.[0].length ?? 0) <= MAX_DIGITS;
  }

  /** 12345热线, 1+3+N, 〔2022〕15号, 5G, 13800138000. */
  #isIdentifier(at: number, run: string): boolean {
    const after = this.#after(at + run.length, 6);
    if (
      /^ ?号(?!召)/.test(after) ||
      /^ ?(?:热线|服务热线|平台热线|专线|国道|省道|后$|后[干部青党群]|级学生|届)/.test(after)
    )
      return true;
    if (/^\+[A-Za-z\d]/.test(after) || /\d\+$/.test(this.#before(at, 2))) return true;
    if (/^[A-Za-z]/.test(after)) return unitAt(this.#text, at + run.length) === null;
    return (
      run.length >= 7 &&
      !/[.,]/.test(run) &&
      /^(?:$|[^万亿多余人元个名户亩 ])/.test(after) &&
      unitAt(this.#text, at + run.length) === null
    );
  }

  /** Clock times, ratios and fractions at a digit, which end where it says; null for none. */
  #special(at: number): number | null {
    const digits = this.#match(RATIO_RUN, at)?.[0].length ?? 0;
    if (!AFTER_SPECIAL.includes(this.#text.charAt(at + digits) || '。')) return null;
    if (this.#match(SPECIAL, at)) return SPECIAL.lastIndex;
    const before = this.#before(at);
    const ratio = this.#match(A_TO_B, at);
    const clock = this.#match(CLOCK, at);
    if (clock && (!RATIO_BEFORE.test(before) || ratio === null)) return CLOCK.lastIndex;
    if (ratio) {
      this.#match(A_TO_B, at);
      const [, first = '1', second = '1'] = ratio;
      if (Number(second) === 0) return null;
      return this.#quantityFigure(at, {
        end: A_TO_B.lastIndex,
        value: fractionOf(Number(first), Number(second)),
        step: '0.0001',
        kind: 'ratio',
      });
    }
    if (this.#match(HOUR, at)) return HOUR.lastIndex;
    if (this.#match(O_CLOCK, at)) return O_CLOCK.lastIndex;
    if (DAYTIME.test(before) && this.#match(/\d{1,2} ?点/y, at)) return at + 2;
    const many = this.#match(OF_MANY, at);
    if (many) {
      const [whole, number = '', base = ''] = many;
      const rate = {
        end: at + whole.length,
        value: decimal(number),
        step: stepOf(number),
        kind: 'ratio',
      } as const;
      return this.#quantityFigure(at, { ...rate, unit: `/${base}`, unitClass: 'rate' });
    }
    const tenths = this.#match(TENTHS_IN_DIGITS, at);
    if (tenths) {
      const [whole, low = '', high] = tenths;
      if (high === undefined || Number(low) < Number(high))
        return this.#tenthsFigure(
          at,
          at + whole.length,
          decimal(low),
          high === undefined ? high : decimal(high),
        );
    }
    const slashed = this.#match(SLASHED, at) ?? this.#match(PARTS_OF, at);
    if (slashed === null) return null;
    const isSlash = slashed[0].includes('/');
    const [top, bottom] = isSlash ? [slashed[1], slashed[2]] : [slashed[2], slashed[1]];
    if (Number(bottom) === 0 || (isSlash && Number(top) >= Number(bottom))) return null;
    return this.#quantityFigure(at, {
      end: at + slashed[0].length,
      value: fractionOf(Number(top), Number(bottom)),
      step: '0.0001',
      kind: 'fraction',
    });
  }

  /** A figure without a unit in the usual sense, with the qualifiers around it. */
  #quantityFigure(
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
    const trail = this.#trailing(given.end);
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
    return this.#finish(figure);
  }

  #trailing(at: number): { text: string; op: FigureOp; end: number } | null {
    if (!TRAILING_STARTS.includes(this.#text.charAt(at) || ' ')) return null;
    for (const { text, op } of TRAILING)
      if (this.#text.startsWith(text, at)) return { text, op, end: at + text.length };
    return null;
  }

  /** The number at a place with all that belongs to it. */
  #quantity(at: number): Quantity | null {
    const spaced = this.#match(SPACED, at);
    if (spaced && spaced[0].length <= MAX_DIGITS) {
      const quantity = this.#tail(spaced[0], at + spaced[0].length);
      if (quantity.unit !== null || quantity.places > 0) return quantity;
    }
    const number = this.#match(NUMBER, at);
    if (number === null || number[0].length > MAX_DIGITS) return null;
    return this.#tail(number[0], at + number[0].length);
  }

  #tail(written: string, from: number): Quantity {
    const text = this.#text;
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
    let places = 0;
    let value = decimal(written);
    let step = stepOf(written);
    const direct = unitAt(text, at);
    // 千米 and 百分点 are units, 千 in 5千人 is not.
    const multiplier = direct !== null && direct.name.length > 1 ? null : this.#match(MULTIPLIER, at);
    if (multiplier) {
      const end = at + multiplier[0].length;
      const moved = placesOf(multiplier[0]);
      const lower = qualifier === undefined ? this.#lowerParts(end, moved) : null;
      const isShort = /^[百千]$/.test(multiplier[0]);
      if (
        lower !== null ||
        !isShort ||
        unitAt(text, end) !== null ||
        '多余'.includes(text.charAt(end) || ' ')
      ) {
        places = moved;
        at = lower?.end ?? end;
        value = add(shift(value, places), lower?.value ?? '0');
        step = lower?.step ?? shift(step, places);
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
      unit: null,
      unitName: '',
      op: qualifier === undefined ? 'eq' : qualifier === '+' ? 'gt' : (INNER[qualifier] ?? 'eq'),
      ...(qualifier === undefined ? {} : { qualifier }),
    };
    // Spaces belong to the number only when something of it follows them.
    if (at > from && text.slice(from, at).trim() === '') quantity.end = from;
    this.#takeUnit(quantity, text.charAt(at) === ' ' && places > 0 ? at + 1 : at);
    this.#takeTrailing(quantity);
    return quantity;
  }

  /** The 2千 of 1万2千余户, which stands where a multiplier of so many places ended; null for none. */
  #lowerParts(from: number, places: number): { end: number; value: string; step: string } | null {
    const text = this.#text;
    let [end, below] = [from, places];
    let [value, step] = ['0', '1'];
    // Each part is less than a unit of the one before; the last may have all its digits instead: 1万2000人.
    while (below > 0) {
      const part = this.#match(LOWER_PART, end);
      if (part === null) break;
      const [whole, number = '', multiplier = ''] = part;
      const moved = placesOf(multiplier);
      if (multiplier === '' && (number.length !== below || text.charAt(end + whole.length) === '年')) break;
      const own = shift(decimal(number), moved);
      if (compare(own, shift('1', below)) >= 0 || (below <= 4 && multiplier.endsWith('万'))) return null;
      end += whole.length;
      value = add(value, own);
      step = shift(stepOf(number), moved);
      below = moved;
    }
    if (end === from) return null;
    const isWhole = below > 0 || unitAt(text, end) !== null || '多余'.includes(text.charAt(end) || ' ');
    return isWhole ? { end, value, step } : null;
  }

  #takeUnit(quantity: Quantity, at: number): void {
    const text = this.#text;
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
      const inner = /^\(([^()]{1,3})\)/.exec(this.#after(end))?.[1] ?? '';
      if (inner !== '' && unitAt(inner, 0)?.name === inner) {
        quantity.unitName += `（${inner}）`;
        quantity.end = end + inner.length + 2;
      }
    } else if (open === '/') {
      const many = this.#match(PER_MANY, end)?.[0].slice(1) ?? '';
      const per = unitAt(text, end + 1 + many.length);
      if (per !== null) {
        quantity.per = many + per.name;
        quantity.unitName += `/${quantity.per}`;
        quantity.end = end + 1 + quantity.per.length;
      } else if (/[年月日天]/.test(text.charAt(end + 1))) {
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

  #takeTrailing(quantity: Quantity): void {
    const text = this.#text;
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
    const trail = this.#trailing(quantity.end);
    if (trail === null) return;
    quantity.end = trail.end;
    if (quantity.qualifier === undefined) quantity.op = trail.op;
    quantity.qualifier ??= trail.text;
  }

  /** A number in general, alone or with another as a range; null when it is no figure. */
  #general(at: number): number | null {
    const text = this.#text;
    const first = this.#quantity(at);
    if (first === null) return null;
    const day = this.#dayOfMonth(at, first);
    if (day !== null) return day;
    const range = this.#range(at, first);
    if (range !== null) return range;
    if (first.unit === null && first.qualifier === undefined) {
      const mark = this.#match(LIST_MARK, first.end);
      const isListNumber = /(?:^|[\n。；：;:(])\s*$/.test(this.#before(at, 3));
      if (mark && !isListNumber && this.#pending.length < 16) {
        this.#pending.push({ start: at, quantity: first });
        this.#pendingEnd = LIST_MARK.lastIndex;
        return this.#pendingEnd;
      }
      // From one level to another that shares its unit: 由10至15家.
      const to = this.#match(DASH, first.end);
      const isFrom = to !== null && /[至到]/.test(to[0]) && DIGIT.test(text.charAt(DASH.lastIndex));
      if (isFrom) {
        const end = DASH.lastIndex;
        if (this.#quantity(end)?.unit) {
          this.#pending.push({ start: at, quantity: first });
          this.#pendingEnd = end;
          return end;
        }
      }
    }
    if (first.unit === null && !this.#bareCounts(at, first)) {
      this.#settle(null);
      return first.end > at ? first.end : null;
    }
    this.#settle(first);
    if (!this.#isNegative(at, first)) return this.#pushQuantity(at, first);
    return this.#pushQuantity(at - 1, { ...first, value: `-${first.value}` });
  }

  #isNegative(at: number, { unit, value }: Quantity): boolean {
    if (this.#text.charAt(at - 1) !== '-' || unit === null || value === '0' || this.#lastEnd() > at - 1)
      return false;
    return (
      (unit.class === 'share' || unit.class === 'money' || unit.name === '℃' || unit.name === '摄氏度') &&
      /[^\dA-Za-z-]$|^$/.test(this.#before(at - 1, 1))
    );
  }

  #pushQuantity(start: number, quantity: Quantity, valueMax?: string): number {
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
    return this.#finish(figure);
  }

  /** 15日 is a date, within a number of days a duration; null for another number. */
  #dayOfMonth(at: number, { end, unit, value, places }: Quantity): number | null {
    const text = this.#text;
    if (unit !== null || places > 0 || text.charAt(end) !== '日' || !/^\d{1,3}$/.test(value)) return null;
    const after = this.#after(end + 1, 3);
    if (/^[均产处]/.test(after)) return null;
    const isSpan =
      /^(?:内|以内|之内|游|龄|以上)/.test(after) ||
      DURATION_BEFORE.test(this.#before(at, 4)) ||
      Number(value) > 31;
    this.#settle(null);
    if (!isSpan) return this.#time('date', at, end + 1, { value, unit: '日', period: `-${two(value)}` });
    return this.#quantityFigure(at, {
      end: end + 1,
      value,
      step: '1',
      kind: 'duration',
      unit: '日',
      unitClass: 'time',
    });
  }

  #range(at: number, first: Quantity): number | null {
    const text = this.#text;
    if (first.qualifier !== undefined) return null;
    const mark = this.#match(DASH, first.end);
    if (mark === null || !DIGIT.test(text.charAt(DASH.lastIndex))) return null;
    if (/[至到]/.test(mark[0]) && /[由从自][^，。；、,;\d]{0,10}$/.test(this.#before(at))) return null;
    const second = this.#quantity(DASH.lastIndex);
    if (second === null || (second.per !== first.per && first.unit !== null)) return null;
    if (
      second.unit === null &&
      ((second.places === 0 && second.qualifier === undefined) || first.unit !== null)
    ) {
      if (!(first.unit === null && text.charAt(second.end) === '日')) return null;
    }
    if (first.unit !== null && first.unit.name !== second.unit?.name) return null;
    let { value, step } = first;
    if (first.unit === null && first.places === 0 && second.places > 0) {
      const shared = shift(value, second.places);
      if (compare(shared, second.value) <= 0) [value, step] = [shared, shift(step, second.places)];
    }
    if (compare(value, second.value) >= 0) return null;
    if (compare(step, second.step) > 0) step = second.step;
    this.#settle(null);
    if (second.unit === null && text.charAt(second.end) === '日')
      return this.#quantityFigure(at, {
        end: second.end + 1,
        value,
        valueMax: second.value,
        step: '1',
        kind: 'duration',
        unit: '日',
        unitClass: 'time',
      });
    return this.#pushQuantity(at, { ...second, value, step }, second.value);
  }

  /** Whether a number without a unit is a figure. */
  #bareCounts(at: number, { end, qualifier, places, value, step }: Quantity): boolean {
    const text = this.#text;
    const before = this.#before(at);
    const next = text.charAt(end);
    if (text.charAt(at - 1) === '+' || (next === '+' && qualifier === undefined) || LATIN.test(next))
      return false;
    if (NUMBER_NAMED.test(before)) return false;
    if (places >= 4) return true;
    if (qualifier !== undefined || this.#leading(at) !== null) return !/^[号后]/.test(next);
    if (step.includes('.'))
      return !(
        /^(?:版|时代|模式|升级)/.test(this.#after(end, 3)) ||
        VERSION_BEFORE.test(before) ||
        (step === '0.1' && !value.includes('.'))
      );
    return LEVEL_BEFORE.test(before) && PAUSE.test(this.#after(end, 1)) && !/^[、—]/.test(next);
  }

  /** Gives the numbers that wait for a unit the one of `quantity`; without one those that may stand alone do. */
  #settle(quantity: Quantity | null): void {
    if (this.#pending.length === 0) return;
    const pending = this.#pending;
    this.#pending = [];
    this.#pendingEnd = -1;
    for (const { start, quantity: own } of pending) {
      if (quantity?.unit) {
        const places = own.places > 0 ? 0 : quantity.places;
        const { unit, unitName, per } = quantity;
        this.#pushQuantity(start, {
          ...own,
          value: shift(own.value, places),
          step: shift(own.step, places),
          unit,
          unitName,
          ...(per === undefined ? {} : { per }),
        });
      } else if (own.unit !== null || this.#bareCounts(start, own)) this.#pushQuantity(start, own);
    }
  }

  // ── Chinese numerals ───────────────────────────────────────────────────────────────────────────

  #han(at: number, char: string): number {
    switch (char) {
      case '第':
      case '前':
        return this.#ordinal(at);
      case '翻':
        return this.#doubled(at);
      default: {
        const run = this.#match(NUMERAL_RUN, at);
        if (run === null) return at + 1;
        return run[0].length > MAX_NUMERALS ? at + run[0].length : this.#chinese(at, run[0]);
      }
    }
  }

  #ordinal(at: number): number {
    const text = this.#text;
    if (this.#match(QUARTER, at) && this.#mask[at] === 0) {
      const quarter = this.#match(QUARTER, at);
      if (quarter) return this.#quarter(at, QUARTER.lastIndex, quarter);
    }
    const found = this.#match(ORDINAL, at);
    if (found === null) return at + 1;
    const [whole, prefix, number = ''] = found;
    const end = at + whole.length;
    const isArabic = DIGIT.test(number);
    const value = isArabic ? decimal(number) : chineseInteger(number);
    const isQuoted = isArabic ? !this.#counts(at) : this.#mask[at] !== 0;
    if (value === null || isQuoted || DIGIT.test(text.charAt(end))) return prefix === '前' ? at + 1 : end;
    const before = this.#before(at);
    const last = this.found.at(-1);
    // 居全省第一、第二和第5位.
    const isListed = last?.kind === 'ordinal' && /^[、和与及]$/.test(text.slice(last.end, at));
    const isRanked = isListed || RANKED.test(before) || SCOPED.test(before);
    const rank = (stop: number, unit: string): number =>
      this.#push({
        start: at,
        end: stop,
        value,
        unit,
        unitClass: 'other',
        kind: 'ordinal',
        op: prefix === '前' ? 'lte' : 'eq',
        step: '1',
        ...(prefix === '前' ? { qualifier: '前' } : before.endsWith('连续') ? { qualifier: '连续' } : {}),
      });
    const months = /^ ?个月/.exec(this.#after(end, 4));
    if (prefix === '前' && months && Number(value) <= 12)
      return this.#time('period', at, end + months[0].length, {
        value,
        unit: '个月',
        period: `01/${two(value)}`,
      });
    const unit = /^ ?([位名])(?![于居列党学干])/.exec(this.#after(end, 3));
    if (unit && (isArabic || isRanked)) return rank(end + unit[0].length, unit[1] ?? '');
    if (prefix === '第' && text.charAt(end) === '年' && before.endsWith('连续')) return rank(end + 1, '年');
    if (isRanked && (PAUSE.test(this.#after(end, 1)) || /^[和与及]第/.test(this.#after(end, 2))))
      return rank(end, '');
    // 前20家企业 counts, 第二批 does not.
    return prefix === '前' ? at + 1 : end;
  }

  #doubled(at: number): number {
    const found = this.#match(DOUBLED, at);
    if (found === null) return at + 1;
    const times = decimalOf(found[1] ?? '');
    if (times === null || this.#mask[at] !== 0) return at + found[0].length;
    return this.#quantityFigure(at, {
      end: at + found[0].length,
      value: String(2 ** Number(times)),
      step: '1',
      kind: 'multiple',
      unit: '倍',
      unitClass: 'multiple',
    });
  }

  #chinese(at: number, run: string): number {
    const text = this.#text;
    const end = at + run.length;
    // The mark of a year in a title or quotation still counts, a numeral there never does.
    const year = this.#match(CHINESE_YEAR, at);
    if (year) return this.#chineseDate(at, year);
    const quarter = run.length === 1 && this.#mask[at] === 0 ? this.#match(QUARTER, at) : null;
    if (quarter) return this.#quarter(at, QUARTER.lastIndex, quarter);
    if (this.#mask[at] !== 0) return end;
    if (SET_PHRASES.some((phrase) => text.startsWith(phrase, at))) return end;
    const parts = this.#match(PARTS, end);
    if (parts) return this.#fraction(at, run, parts);
    if (this.#match(HALF, at))
      return this.#quantityFigure(at, { end: at + 2, value: '0.5', step: '0.1', kind: 'fraction' });
    return this.#tenths(at, run) ?? this.#chineseRange(at, run) ?? this.#chineseQuantity(at, run) ?? end;
  }

  #chineseDate(at: number, [whole, year = '', month, day]: RegExpExecArray): number {
    const value = decimal([...year].map((char) => chineseInteger(char) ?? '0').join(''));
    const parts = [month, day].flatMap((part) =>
      part === undefined ? [] : [two(chineseInteger(part) ?? '')],
    );
    return this.#time(parts.length === 0 ? 'year' : 'date', at, at + whole.length, {
      value,
      period: [value, ...parts].join('-'),
    });
  }

  /** 三分之一 is a third, 百分之三十 is 30 %. */
  #fraction(at: number, run: string, [whole, top = '']: RegExpExecArray): number {
    const end = at + run.length + whole.length;
    const below = chineseInteger(run);
    const above = DIGIT.test(top) ? decimal(top) : chineseDecimal(top);
    if (below === null || above === null || below === '0') return end;
    if (run === '百' || run === '千') {
      const unit = run === '百' ? '%' : '‰';
      const step = DIGIT.test(top) ? stepOf(top) : stepOf(top.replace('点', '.'));
      return this.#quantityFigure(at, { end, value: above, step, kind: 'percent', unit, unitClass: 'share' });
    }
    const value = fractionOf(Number(above), Number(below));
    return this.#quantityFigure(at, { end, value, step: '0.0001', kind: 'fraction' });
  }

  /** 九成 is 90 %. */
  #tenths(at: number, run: string): number | null {
    const text = this.#text;
    const range = /^[一二两三四五六七八九]$/.test(run) ? this.#match(CHINESE_TO, at + 1) : null;
    if (range && text.charAt(CHINESE_TO.lastIndex) === '成') {
      const [low, high] = [chineseInteger(run), chineseInteger(range[1] ?? '')];
      const end = CHINESE_TO.lastIndex + 1;
      if (low !== null && high !== null && compare(low, high) < 0)
        return this.#tenthsFigure(at, end, low, high);
    }
    const found = this.#match(TENTHS, at + run.length);
    if (found === null) return null;
    const end = at + run.length + found[0].length;
    const estimate = chineseEstimate(run);
    if (estimate) return this.#tenthsFigure(at, end, estimate[0], estimate[1]);
    const whole = /^[一二两三四五六七八九]$/.test(run) ? chineseInteger(run) : null;
    if (whole === null) return null;
    const half =
      found[1] === undefined ? '0' : found[1] === '半' ? '0.5' : shift(chineseInteger(found[1]) ?? '0', -1);
    return this.#tenthsFigure(at, end, add(whole, half));
  }

  /** So many tenths as percents, with the 多 of 两成多. */
  #tenthsFigure(at: number, end: number, value: string, valueMax?: string): number {
    const text = this.#text;
    const isMore =
      '多余'.includes(text.charAt(end) || ' ') && !NOT_MORE.includes(text.charAt(end + 1) || ' ');
    return this.#quantityFigure(at, {
      end: isMore ? end + 1 : end,
      value: shift(value, 1),
      ...(valueMax === undefined ? {} : { valueMax: shift(valueMax, 1) }),
      step: '10',
      kind: 'percent',
      unit: '%',
      unitClass: 'share',
      ...(isMore ? { qualifier: text.charAt(end), op: 'gt' as const } : {}),
    });
  }

  /** 两到三年, 三至五个. */
  #chineseRange(at: number, run: string): number | null {
    const found = this.#match(CHINESE_TO, at + run.length);
    if (found === null) return null;
    let end = CHINESE_TO.lastIndex;
    let [low, high] = [chineseInteger(run), chineseInteger(found[1] ?? '')];
    const unit = unitAt(this.#text, end);
    if (low === null || high === null || unit === null || unit.arabicOnly) return null;
    // 二至三万 shares its 万.
    const shared = /[^万亿]([十百千]?[万亿]+|[十百千])$/.exec(found[1] ?? '')?.[1];
    if (shared !== undefined && /^[一二两三四五六七八九]$/.test(run))
      low = chineseInteger(run + shared) ?? low;
    if (compare(low, high) >= 0) return null;
    const from = end;
    end += unit.name.length;
    if (this.#isLexical(from, unit, end)) return null;
    return this.#quantityFigure(at, {
      end,
      value: low,
      valueMax: high,
      step: '1',
      kind: unit.kind,
      unit: unit.as ?? unit.name,
      unitClass: unit.class,
    });
  }

  #isLexical(from: number, unit: Unit, end: number): boolean {
    return unit.class === 'money' && from < end && MONEY_CLASS.test(this.#after(end, 4));
  }

  /** A Chinese numeral that is clearly a quantity; null for what is none. */
  #chineseQuantity(at: number, run: string): number | null {
    const text = this.#text;
    let end = at + run.length;
    let value: string | null;
    let valueMax: string | undefined;
    let step = '1';
    let qualifier = this.#prefix(at, run);
    const start = qualifier === undefined ? at : at - 1;
    const point = this.#match(POINT, end);
    const estimate = chineseEstimate(run);
    if (point) {
      value = chineseDecimal(`${run}点${point[1] ?? ''}`);
      step = stepOf(`0.${point[1] ?? ''}`);
      end = POINT.lastIndex;
    } else if (estimate) [value, valueMax] = estimate;
    else value = chineseInteger(run);
    if (value === null || NO_NUMBERS.includes(run)) return null;
    const isPrefixed = qualifier !== undefined;
    const inner = text.charAt(end);
    if (!isPrefixed && !estimate && inner !== '' && '余多来几'.includes(inner)) {
      const follows = inner === '几' ? /[十百千]$/.test(run) : /[十百千万亿]$/.test(run);
      const multiplier = /^(?:万亿|亿|万)/.exec(this.#after(end + 1, 2))?.[0] ?? '';
      if (follows && unitAt(text, end + 1 + multiplier.length) !== null) {
        qualifier = inner;
        value = shift(value, placesOf(multiplier));
        end += 1 + multiplier.length;
      }
    } else if (point) {
      const multiplier = /^(?:万亿|亿|万)/.exec(this.#after(end, 2))?.[0] ?? '';
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
      unit: null,
      unitName: '',
      op: qualifier === undefined ? 'eq' : (INNER[qualifier] ?? 'eq'),
      ...(qualifier === undefined ? {} : { qualifier }),
    };
    this.#takeUnit(quantity, end);
    this.#takeTrailing(quantity);
    const isLarge = /[十百千万亿]/.test(run);
    const clearly =
      qualifier !== undefined ||
      point !== null ||
      run.length >= 2 ||
      unit.class === 'point' ||
      unit.class === 'multiple' ||
      (isLarge && this.#leading(at) !== null) ||
      (unit.class === 'time' &&
        (text.startsWith('时间', quantity.end) ||
          DURATION_BEFORE.test(this.#before(at, 4)) ||
          this.#sumsUpPeriod(at, quantity.end)));
    if (!clearly) return null;
    if (qualifier === undefined && this.#leading(at) === null && this.#isLexical(end, unit, quantity.end))
      return null;
    return this.#pushQuantity(start, quantity, valueMax);
  }

  /** Whether a time says how long the period before it is: 2021—2023年三年累计; 三年行动 is a name. */
  #sumsUpPeriod(at: number, end: number): boolean {
    const last = this.found.at(-1);
    return (
      last?.kind === 'period' &&
      last.valueMax !== undefined &&
      /^[，,(的这]{0,2}$/.test(this.#text.slice(last.end, at)) &&
      !/^(?:行动|规划|计划|方案|攻坚|任务|目标)/.test(this.#after(end, 2))
    );
  }

  /** 几, 数 or 上 before a numeral that they make an estimate of: 数十, 上千; not 人数, 网上. */
  #prefix(at: number, run: string): string | undefined {
    const char = this.#text.charAt(at - 1);
    if (!/^[十百千万亿]{1,2}$/.test(run) || at - 1 < this.#lastEnd()) return undefined;
    const before = this.#text.charAt(at - 2);
    if (char === '几') return char;
    if (char === '数' && !'人户总指系参基件少多无次个位倍分函整份岁票台例字天'.includes(before || ' '))
      return char;
    const isPlace = '以线网路会身晚早楼地山车台海江天水加马手世社向北沪百'.includes(before || ' ');
    if (char === '上' && (before === '' || !isPlace)) return char;
    if (char === '过' && !'经通超不度跨'.includes(before || ' ')) return char;
    return undefined;
  }

  // ── qualifiers and what all figures share ──────────────────────────────────────────────────────

  #leading(at: number): { text: string; op: FigureOp; start: number } | null {
    const text = this.#text;
    // 近 3 万人: a space belongs to the number.
    const to = text.charAt(at - 1) === ' ' ? at - 1 : at;
    if (!LEADING_ENDS.has(text.charAt(to - 1))) return null;
    for (const { text: word, op, notAfter } of LEADING) {
      const start = to - word.length;
      if (start < this.#lastEnd() || !text.startsWith(word, start)) continue;
      if (start > 0 && notAfter?.includes(text.charAt(start - 1))) continue;
      return { text: word, op, start };
    }
    return null;
  }

  /** Adds what stands around the number to a figure that begins with it. */
  #finish(figure: Found): number {
    const leading = this.#leading(figure.start);
    if (leading) figure.start = leading.start;
    if (leading) {
      figure.qualifier = leading.text;
      figure.op = leading.op;
    }
    if (figure.qualifier === undefined) {
      const before = this.#before(figure.start);
      if (before.endsWith('连续')) figure.qualifier = '连续';
      else if (/至少[^，。；、,;：:\d]{1,5}$/.test(before)) {
        figure.qualifier = '至少';
        figure.op = 'gte';
      }
    }
    if (isThreshold(figure, this.#after(figure.end, 6))) figure.kind = 'threshold';
    return this.#push(figure);
  }
}

/** A bound that says which ones are meant, not how many there are: 60岁以上, 500万元以上的项目. */
function isThreshold({ unit, kind, qualifier }: Found, after: string): boolean {
  const isBound = qualifier !== undefined && /以上|以下|以内/.test(qualifier);
  if (unit === '岁' || unit === '周岁') return isBound;
  return kind === 'money' && isBound && THRESHOLD_OF.test(after);
}

interface TimeFields {
  value: string;
  valueMax?: string;
  unit?: string;
  period: string;
}

const isMonth = (text: string | undefined) => Number(text) >= 1 && Number(text) <= 12;
const isDay = (text: string | undefined) => Number(text) >= 1 && Number(text) <= 31;
const two = (text: string | undefined) => (text ?? '').padStart(2, '0');
const dash = (year: string | undefined) => (year === undefined ? '' : `${year}-`);
const quarterNumber = (text: string) => '1234'.indexOf(text) + 1 || '一二三四'.indexOf(text) + 1;
const decimalOf = (text: string) => (DIGIT.test(text) ? decimal(text) : chineseInteger(text));

const PLACES: Readonly<Record<string, number>> = { 十: 1, 百: 2, 千: 3, 万: 4, 亿: 8 };
/** How many places a multiplier moves the point: 千万 is 7. */
function placesOf(multiplier: string): number {
  let places = 0;
  for (const char of multiplier) places += PLACES[char] ?? 0;
  return places;
}
