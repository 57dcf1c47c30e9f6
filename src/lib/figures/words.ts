/** The checks that hold numbers against words: a period against its duration, a set phrase against what it lists. */
import type { Finding } from './figure.ts';
import { finding, isCalendar, isExact, type Passage, type Placed, restated } from './placed.ts';
import { chineseInteger } from './numerals.ts';

export function wordsOf(passage: Passage): Finding[] {
  return [...durations(passage), ...titles(passage), ...expansions(passage), ...mixedPeriods(passage)];
}

const yearsOf = ({ value, valueMax }: Placed) => Number(valueMax) - Number(value) + 1;
const isYears = ({ kind, unit, valueMax }: Placed) =>
  kind === 'period' && unit === '年' && Number(valueMax) > 1900;

/** A duration that stands this near behind a period speaks of it. */
const NEAR = 14;
/** What is told from now on or back speaks of no period before it. */
const OF_NOW = /(?:今后|未来|过去|最近|此后|往后)$/;

/** 2024—2026年，用四年时间. */
function durations(passage: Passage): Finding[] {
  return passage.figures.flatMap((duration, index) => {
    if (duration.kind !== 'duration' || duration.unit !== '年' || !isExact(duration)) return [];
    const period = passage.figures[index - 1];
    if (period === undefined || !isYears(period) || period.sentence !== duration.sentence) return [];
    const between = passage.text.slice(period.end, duration.start);
    if (
      between.length > NEAR ||
      OF_NOW.test(between) ||
      !/^[的这]{0,2}$|(?:用|利用|为期|历时|连续|共|，|,|[（(])[^，,]{0,4}$/.test(between)
    )
      return [];
    return span(period, duration, Number(duration.value), true);
  });
}

function span(period: Placed, duration: Placed | null, stated: number, isCertain: boolean): Finding[] {
  const years = yearsOf(period);
  const arithmetic = `${period.valueMax} − ${period.value} + 1 = ${years}`;
  const about = duration === null ? [period] : [duration, period];
  const params = { stated: `${stated}年`, computed: `${years}年` };
  if (years === stated) return [finding({ rule: 'duration', verdict: 'ok', about, arithmetic, params })];
  // From the end of one year to the end of another is one less.
  const verdict = isCertain && years - 1 !== stated ? 'mismatch' : 'query';
  const fix = duration === null ? null : restated(duration, String(years));
  return [finding({ rule: 'duration', verdict, about, arithmetic, params, fix })];
}

/** 三年行动方案（2023—2025年）. */
function titles(passage: Passage): Finding[] {
  return passage.figures.flatMap((period) => {
    if (!isYears(period)) return [];
    const lead = passage.text.slice(Math.max(0, period.start - 16), period.start);
    const named =
      /([一二两三四五六七八九十]{1,2}|\d{1,2})年(?:滚动)?(?:行动|规划|计划|攻坚|提升|倍增)[^，。；》]{0,8}[（(]$/.exec(
        lead,
      );
    const stated = named === null ? null : (chineseInteger(named[1] ?? '') ?? named[1] ?? null);
    return stated === null ? [] : span(period, null, Number(stated), true);
  });
}

const COUNTED = '[一二两三四五六七八九十]|\\d{1,2}';
/** “三个一”（甲、乙、丙）, “三个一”：甲、乙、丙。 */
const PHRASE_THEN_LIST = new RegExp(
  `[“"]([^“”"]{0,6}?)(${COUNTED})(个|大|项|有|化|不|条|链|到位|提升|统一|清单)([^“”"]{0,8})[”"][^，。；（(：:“”]{0,8}(?:[（(](?:即|指)?[:：]?([^（()）]{4,120})[)）]|[:：]([^。；\\n]{4,120})(?=[。；\\n]|$))`,
  'g',
);
/** “甲、乙、丙”的“三个一” */
const LIST_THEN_PHRASE = new RegExp(
  `[“"]([^“”"]{8,120})[”"](?:为(?:主要|核心)?内容)?的[“"]([^“”"]{0,4}?)(${COUNTED})(个|大|项|有|化|不|条|链)([^“”"]{0,8})[”"]`,
  'g',
);
/** 甲、乙、丙等4个方面 */
const LIST_THEN_COUNT = new RegExp(
  `(?:^|[，。；：:,;])([^，。；：:,;“”\\n]{1,24}(?:、[^，。；：:,;“”、\\n]{1,16}){1,12})等?(${COUNTED})(?:个方面|方面|个环节|大类|项内容|个领域|大领域)`,
  'g',
);

const itemsOf = (list: string) =>
  list.split(/[、，,；;]|和(?=[^、]*$)/).filter((item) => item.trim() !== '').length;
const countOf = (text: string) => Number(/^\d/.test(text) ? text : (chineseInteger(text) ?? '0'));

function expansions(passage: Passage): Finding[] {
  const found: Finding[] = [];
  const report = (at: number, length: number, stated: number, list: string, isOpen: boolean) => {
    // A clause may follow the list: 一个规划、一支队伍，统筹推进.
    const counts = [list, list.slice(0, list.search(/[，,；;]|$/)), list.replaceAll('、', '')].map(itemsOf);
    const items = counts.includes(stated) ? stated : (counts[0] ?? 0);
    if (isOpen && items <= stated) return;
    const surface = passage.text.slice(at, at + length);
    const verdict = items === stated ? ('ok' as const) : ('query' as const);
    found.push({
      rule: 'expansion',
      verdict,
      ranges: [{ block: passage.block, start: at, end: at + length }],
      message: {
        key: `figures_finding_expansion_${verdict}`,
        params: { stated: String(stated), computed: String(items), arithmetic: list },
      },
      arithmetic: '',
      key: `expansion|${surface}`,
    });
  };
  for (const match of passage.text.matchAll(PHRASE_THEN_LIST)) {
    const list = match[5] ?? match[6] ?? '';
    if (list.includes('、') || list.includes('，'))
      report(match.index, match[0].length, countOf(match[2] ?? ''), list, /等$|等[（(]/.test(list));
  }
  for (const match of passage.text.matchAll(LIST_THEN_PHRASE)) {
    const list = match[1] ?? '';
    if (list.includes('、') || list.includes('，'))
      report(match.index, match[0].length, countOf(match[3] ?? ''), list, list.endsWith('等'));
  }
  for (const match of passage.text.matchAll(LIST_THEN_COUNT)) {
    const at = match.index + match[0].indexOf(match[1] ?? '');
    report(at, match[0].length - (at - match.index), countOf(match[2] ?? ''), match[1] ?? '', false);
  }
  return found;
}

/** 2020年以来…当年: two periods in one sentence, of which one number can only have one. */
function mixedPeriods(passage: Passage): Finding[] {
  return passage.figures.flatMap((since, index) => {
    if (since.kind !== 'period' || since.qualifier === undefined) return [];
    return passage.figures.slice(index + 1, index + 8).flatMap((one) => {
      if (one.sentence !== since.sentence || isCalendar(one)) return [];
      if (!/当年[^，。；、]{0,10}$/.test(passage.text.slice(since.end, one.start))) return [];
      return [finding({ rule: 'period', verdict: 'query', about: [one, since], arithmetic: '' })];
    });
  });
}
