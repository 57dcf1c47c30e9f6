/** Ranks: 居全省第3位, 前10名; 第二批 is none. */
import { decimal } from './decimal.ts';
import { chineseInteger } from './numerals.ts';
import type { Reading } from './reading.ts';
import { QUARTER, quarterFigure, timeFigure, two } from './calendar.ts';
import { DIGIT, PAUSE } from './marks.ts';

const ORDINAL = /([第前]) ?(\d{1,6}|[一二三四五六七八九十百]{1,5})/y;
const RANKED = /(?:居|列|排名?|位次|跃升|跃|获|夺得|升|名次|荣膺|进入|跻身|保持|进位)[^，。；、：]{0,8}$/;
const SCOPED = /全(?:国|省|市|县|区|州|旗|镇|乡|系统|行业|球)$/;

/** Reads what begins with 第 or 前, rank or not, and tells where to read on. */
export function ordinalAt(reading: Reading, at: number): number {
  const text = reading.text;
  if (reading.match(QUARTER, at) && reading.mask[at] === 0) {
    const quarter = reading.match(QUARTER, at);
    if (quarter) return quarterFigure(reading, at, QUARTER.lastIndex, quarter);
  }
  const found = reading.match(ORDINAL, at);
  if (found === null) return at + 1;
  const [whole, prefix, number = ''] = found;
  const end = at + whole.length;
  const isArabic = DIGIT.test(number);
  const value = isArabic ? decimal(number) : chineseInteger(number);
  const isQuoted = isArabic ? !reading.counts(at) : reading.mask[at] !== 0;
  if (value === null || isQuoted || DIGIT.test(text.charAt(end))) return prefix === '前' ? at + 1 : end;
  const before = reading.before(at);
  const last = reading.found.at(-1);
  // 居全省第一、第二和第5位.
  const isListed = last?.kind === 'ordinal' && /^[、和与及]$/.test(text.slice(last.end, at));
  const isRanked = isListed || RANKED.test(before) || SCOPED.test(before);
  const rank = (stop: number, unit: string): number =>
    reading.push({
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
  const months = /^ ?个月/.exec(reading.after(end, 4));
  if (prefix === '前' && months && Number(value) <= 12)
    return timeFigure(reading, 'period', at, end + months[0].length, {
      value,
      unit: '个月',
      period: `01/${two(value)}`,
    });
  const unit = /^ ?([位名])(?![于居列党学干])/.exec(reading.after(end, 3));
  if (unit && (isArabic || isRanked)) return rank(end + unit[0].length, unit[1] ?? '');
  const year = /^ ?年/.exec(reading.after(end, 2));
  if (prefix === '第' && year && before.endsWith('连续')) return rank(end + year[0].length, '年');
  if (isRanked && (PAUSE.test(reading.after(end, 1)) || /^[和与及]第/.test(reading.after(end, 2))))
    return rank(end, '');
  // 前20家企业 counts, 第二批 does not.
  return prefix === '前' ? at + 1 : end;
}
