/** From one value to another: what lies between, in 百分点 and as a part. */
import type { Finding } from './figure.ts';
import { REACH, between, betweenUndated, number, sameUnit } from './around.ts';
import {
  boundsOf,
  finding,
  isAmount,
  isCalendar,
  isExact,
  overlap,
  type Passage,
  type Placed,
  restated,
  shownLike,
  trim,
} from './placed.ts';

export const TO =
  /^[^，。；,;]{0,8}?(?:提高到|提高至|提升到|提升至|上升到|上升至|增加到|增加至|增长到|增长至|扩大到|扩大至|降到|降至|降低到|降低至|下降到|下降至|减少到|减少至|缩短至|缩短到|压缩至|压缩到|压减至|回落至|涨到|涨至|增至|减至|升至|变为|整合为|合并为|精简为|压缩为|压减为|缩减为|缩短为|调整为|上升为|提高为|减为|增为|到|至)(?:了)?[^，。；,;\d]{0,6}$/;

interface Step {
  from: Placed;
  to: Placed;
  after: Placed;
}

/** Pairs that go from one value to another, with what follows them. */
function steps(passage: Passage, sentence: readonly Placed[]): Step[] {
  const values = sentence.filter((one) => !isCalendar(one));
  return values.flatMap((from, index) => {
    const [to, after] = [values[index + 1], values[index + 2]];
    if (to === undefined || after === undefined) return [];
    if (!sameUnit(from, to) || !TO.test(betweenUndated(passage, from, to))) return [];
    return [{ from, to, after }];
  });
}

/** 96.2%，比2020年的88.5%提高7.7个百分点: the later value stands first. */
function stepsBack(passage: Passage, sentence: readonly Placed[]): Step[] {
  const values = sentence.filter((one) => !isCalendar(one));
  return values.flatMap((to, index) => {
    const [from, after] = [values[index + 1], values[index + 2]];
    if (from === undefined || after === undefined || !sameUnit(from, to)) return [];
    if (!/^[，,、]?(?:分别)?(?:比|较)[^，。；,;\d]{0,8}$/.test(betweenUndated(passage, to, from))) return [];
    return /^[^，。；,;]{0,8}$/.test(between(passage, from, after)) ? [{ from, to, after }] : [];
  });
}

/** 由82%提高到90%、由66%提高到75%，分别提高8个和9个百分点: the first change is the first pair's. */
function inTurn(passage: Passage, pairs: readonly Step[], sentence: readonly Placed[]): Step[] {
  return pairs.flatMap((pair, index) => {
    if (!between(passage, pair.to, pair.after).includes('分别')) return [pair];
    const at = pair.after.at - (sentence[0]?.at ?? 0);
    const run = sentence.slice(at, at + REACH);
    const other = run.findIndex((one) => !sameUnit(one, pair.after));
    const afters = other === -1 ? run : run.slice(0, other);
    const earlier = pairs.slice(Math.max(0, index + 1 - afters.length), index + 1);
    if (earlier.length !== afters.length) return [];
    return earlier.map((one, turn) => ({ ...one, after: afters[turn] ?? one.after }));
  });
}

/** 由123元提高到143元，提高20元: the same unit, the same way, and nothing between but the word for it. */
function isOfAmounts({ from, to, after }: Step, lead: string): boolean {
  // What is more than either is a change of something else: 亩均 against all.
  if (!isAmount(from) || !sameUnit(from, after) || number(after) > Math.max(number(from), number(to)))
    return false;
  const isUp = number(to) > number(from);
  return (
    after.trend === (isUp ? 'up' : 'down') &&
    /^[，,、](?:净|共|总共)?(?:提高|提升|增加|增长|上升|扩大|上涨|净增|增|涨|减少|下降|降低|缩短|压缩|压减|缩减|回落|减|降)(?:了)?[近约超]?$/.test(
      lead,
    )
  );
}

/** 年均提高1.4个百分点 is no difference of the two: it is that of one of many years between. */
export const isPerYear = (lead: string) => /[年月]均|每[年月]|平均/.test(lead);

/** Between what the difference lies for both having been rounded. */
function rounding(a: Placed, b: Placed, computed: number): [number, number] {
  const half = (one: Placed) => (Number(one.step) > 1 ? Number(one.step) / 2 : 0);
  return [computed - half(a) - half(b), computed + half(a) + half(b)];
}

export function differences(passage: Passage, sentence: readonly Placed[]): Finding[] {
  const pairs = steps(passage, sentence);
  return [...inTurn(passage, pairs, sentence), ...stepsBack(passage, sentence)].flatMap(
    ({ from, to, after }) => {
      const last = from.start > to.start ? from : to;
      const lead = between(passage, last, after);
      const isInTurn = lead.includes('分别') && !/[。；;]/.test(lead);
      if ((lead.length > 16 && !isInTurn) || isPerYear(lead)) return [];
      const isOfShares = from.kind === 'percent' && after.kind === 'percentage_point';
      if (!isOfShares && !isOfAmounts({ from, to, after }, lead)) return [];
      const computed = Math.abs(number(to) - number(from));
      const shown = isOfShares ? `${trim(computed, 4)}个百分点` : shownLike(after, computed);
      const [high, low] = number(to) >= number(from) ? [to, from] : [from, to];
      const arithmetic = `${high.surface} − ${low.surface} = ${shown}`;
      const about = [after, from, to];
      const isRight =
        Math.abs(computed - number(after)) <=
        (Number(after.step) > Number(to.step) ? Number(after.step) / 2 : 0) + 1e-9;
      const isNear = !isOfShares && overlap(rounding(to, from, computed), boundsOf(after));
      if (isRight || isNear || (!isExact(after) && overlap([computed, computed], boundsOf(after))))
        return [finding({ rule: 'difference', verdict: 'ok', about, arithmetic })];
      // 今年比前年提高10个百分点 is of another year.
      if (
        ![from, to, after].every(isExact) ||
        (/(?:比(?![例重率值])|较(?![大快为]))/.test(lead) && from.start < to.start)
      )
        return [];
      return [
        finding({
          rule: 'difference',
          verdict: 'mismatch',
          about,
          arithmetic,
          params: { computed: shown },
          fix: isOfShares ? restated(after, trim(computed, 4)) : restated(after, String(computed)),
        }),
      ];
    },
  );
}

/** Fractions and multiples of a change: 由5.2天缩短至2.6天，压缩一半; 由1.5元涨到3元，翻了一番. */
export function changes(passage: Passage, sentence: readonly Placed[]): Finding[] {
  return steps(passage, sentence).flatMap(({ from, to, after }) => {
    const lead = between(passage, to, after);
    const isTimes = /^[，,、]?(?:是|为|达|达到|相当于)[^，。；,;]{0,8}的$/.test(lead);
    const isMultiple = after.kind === 'multiple' && (after.surface.includes('翻') || isTimes);
    if ((after.kind !== 'fraction' && !isMultiple) || number(from) === 0) return [];
    if (
      !isTimes &&
      !/^[，,、]?(?:共|约|降幅|增幅|同比|整整|平均)?(?:压缩|缩短|下降|减少|降低|提高|提升|增长|增加|压减|缩减|上升|节约)?(?:了|近|为|达|约|超)?$/.test(
        lead,
      )
    )
      return [];
    const ratio = number(to) / number(from);
    const computed = isMultiple ? ratio : Math.abs(1 - ratio);
    const arithmetic = isMultiple
      ? `${to.surface} ÷ ${from.surface} = ${trim(ratio, 2)}`
      : number(to) < number(from)
        ? `(${from.surface} − ${to.surface}) ÷ ${from.surface} = ${trim(computed, 2)}`
        : `(${to.surface} − ${from.surface}) ÷ ${from.surface} = ${trim(computed, 2)}`;
    const about = [after, from, to];
    const [low, high] =
      after.op === 'eq' ? [number(after) * 0.93, number(after) * 1.07] : boundsLoosely(after);
    if (computed >= low && computed <= high)
      return [finding({ rule: 'change_fraction', verdict: 'ok', about, arithmetic })];
    if (!isExact(from) || !isExact(to)) return [];
    return [
      finding({
        rule: 'change_fraction',
        verdict: 'mismatch',
        about,
        arithmetic,
        params: { computed: trim(computed, 2) },
      }),
    ];
  });
}

function boundsLoosely({ value, op }: Placed): [number, number] {
  const stated = Number(value);
  if (op === 'gt' || op === 'gte') return [stated * 0.99, Infinity];
  if (op === 'lt' || op === 'lte') return [0, stated * 1.01];
  return [stated * 0.8, stated * 1.2];
}
