/** What two numbers make: ratios and fractions; and clock times, which look like them and are none. */
import { decimal, fractionOf, stepOf } from './decimal.ts';
import type { Reading } from './reading.ts';
import { tenthsAt } from './tenths.ts';

const RATIO_RUN = /\d{1,6}(?:\.\d{1,6})?/y;
const AFTER_SPECIAL = ' :时点/分·•×xX*成—-~至到';
const CLOCK = /\d{1,2}:\d{2}(?::\d{2})?(?![\d.])(?: ?(?:—{1,2}|-|~|至|到) ?\d{1,2}:\d{2})?/y;
const HOUR = /\d{1,2} ?时(?![间段期代长效])(?: ?\d{1,2} ?分(?:\d{1,2} ?秒)?)?/y;
const O_CLOCK = /\d{1,2} ?点(?:钟|半|整|\d{1,2} ?分?)/y;
const DAYTIME = /(?:上午|下午|早上|晚上|凌晨|中午|傍晚|夜间|当日|当晚|次日|每天|每日|早|晚)$/;
const A_TO_B =
  /(\d{1,6}(?:\.\d{1,6})?) ?: ?(\d{1,6}(?:\.\d{1,6})?)(?: ?: ?\d{1,6}(?:\.\d{1,6})?)?(?![\d:.])/y;
const RATIO_BEFORE = /(?:比|比例|配比|比值|按照?|比率|比重)[^，。；、]{0,8}$/;
const SLASHED = /(\d{1,4})\/(\d{1,4})(?![\d/.])/y;
const OF_MANY = /(\d{1,6}(?:\.\d{1,6})?)\/(1?0?[万千])/y;
const PARTS_OF = /(\d{1,6}) ?分之 ?(\d{1,6}(?:\.\d{1,6})?)/y;
const SPECIAL = /\d{1,2}[·•]\d{1,2}(?!\d)|7[×xX*]24 ?小时/y;

/** Clock times, ratios and fractions at a digit, which end where it says; null for none. */
export function ratioAt(reading: Reading, at: number): number | null {
  const digits = reading.match(RATIO_RUN, at)?.[0].length ?? 0;
  if (!AFTER_SPECIAL.includes(reading.text.charAt(at + digits) || '。')) return null;
  if (reading.match(SPECIAL, at)) return SPECIAL.lastIndex;
  const before = reading.before(at);
  const ratio = reading.match(A_TO_B, at);
  const clock = reading.match(CLOCK, at);
  if (clock && (!RATIO_BEFORE.test(before) || ratio === null)) return CLOCK.lastIndex;
  if (ratio) {
    reading.match(A_TO_B, at);
    const [, first = '1', second = '1'] = ratio;
    if (Number(second) === 0) return null;
    return reading.figure(at, {
      end: A_TO_B.lastIndex,
      value: fractionOf(Number(first), Number(second)),
      step: '0.0001',
      kind: 'ratio',
    });
  }
  if (reading.match(HOUR, at)) return HOUR.lastIndex;
  if (reading.match(O_CLOCK, at)) return O_CLOCK.lastIndex;
  if (DAYTIME.test(before) && reading.match(/\d{1,2} ?点/y, at)) return at + 2;
  const many = reading.match(OF_MANY, at);
  if (many) {
    const [whole, number = '', base = ''] = many;
    const rate = {
      end: at + whole.length,
      value: decimal(number),
      step: stepOf(number),
      kind: 'ratio',
    } as const;
    return reading.figure(at, { ...rate, unit: `/${base}`, unitClass: 'rate' });
  }
  const tenths = tenthsAt(reading, at);
  if (tenths !== null) return tenths;
  const slashed = reading.match(SLASHED, at) ?? reading.match(PARTS_OF, at);
  if (slashed === null) return null;
  const isSlash = slashed[0].includes('/');
  const [top, bottom] = isSlash ? [slashed[1], slashed[2]] : [slashed[2], slashed[1]];
  if (Number(bottom) === 0 || (isSlash && Number(top) >= Number(bottom))) return null;
  return reading.figure(at, {
    end: at + slashed[0].length,
    value: fractionOf(Number(top), Number(bottom)),
    step: '0.0001',
    kind: 'fraction',
  });
}
