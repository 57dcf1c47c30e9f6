/** Growth: an amount, by how much it is more than before, and by what part. */
import { TO, isPerYear } from './change.ts';
import type { Finding } from './figure.ts';
import { between, betweenUndated, number, sameUnit } from './around.ts';
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
  rounded,
  trim,
} from './placed.ts';

const isChangeRate = ({ kind, trend, modality }: Placed) =>
  kind === 'percent' && trend !== undefined && modality === 'actual';

/** 由12万亩扩大到15万亩，产值提高30% is of something else. */
const BARE =
  /^[，,、]?(?:同比|净|共|累计|总体|平均)?(?:增长|提高|提升|增加|上升|上涨|增幅|升幅|扩大|增|涨|下降|减少|降低|缩短|压缩|压减|降幅|下滑|回落|缩减|缩小|节约|节省|减|降)(?:率|了)?(?:为|达到?|近|约|超)?$/;
/** Behind the rate the amount: 同比增长6.2%、增收1.67亿元. */
const BY_AMOUNT =
  /^[，,、](?:同比|比上年|较上年)?(?:净增|多收|少收|增[收产支]|减[收产支]|增加|减少|增长|下降|增|减)(?:了)?$/;

export function growths(passage: Passage, sentence: readonly Placed[]): Finding[] {
  const amounts = sentence.filter((one) => !isCalendar(one));
  return amounts.flatMap((rate, index) => {
    if (!isChangeRate(rate)) return [];
    const [first, second] = [amounts[index - 2], amounts[index - 1]];
    const told = rateFirst(passage, amounts, index);
    if (told !== null) return told;
    if (first === undefined || second === undefined || !isAmount(first) || !sameUnit(first, second))
      return [];
    const gap = between(passage, second, rate);
    const sign = rate.trend === 'up' ? 1 : -1;
    if (isPerYear(gap)) return [];
    // 由A增加到B，增长P%.
    if (TO.test(betweenUndated(passage, first, second)) && gap.length <= 10)
      return growth(
        rate,
        second,
        first,
        (number(second) - number(first)) * sign,
        [second, first],
        number(first),
        BARE.test(gap),
      );
    // X，比上年增加D，增长P%.
    if (
      second.trend === rate.trend &&
      first.trend === undefined &&
      /^[，,、](?:同比)?(?:增长|增幅|下降|降幅|增|降)[^，。；,;]{0,3}$/.test(gap)
    ) {
      if (!/^[，,、][^，。；,;]{0,16}$/.test(between(passage, first, second))) return [];
      const base = number(first) - sign * number(second);
      return growth(rate, first, null, number(second), [first, second], base);
    }
    // X，较2022年的B增长P%.
    if (
      /^[，,、]?(?:同比)?(?:较|比)[^，。；,;]{0,10}$/.test(betweenUndated(passage, first, second)) &&
      /^(?:同比)?(?:增长|提高|增加|下降|减少|降低|上升)(?:了)?$/.test(gap)
    )
      return growth(rate, first, second, (number(first) - number(second)) * sign, [first, second]);
    return [];
  });
}

/** 28.64亿元，同比增长6.2%、增收1.67亿元: the amount, by what part it is more, and by how much; null for none. */
function rateFirst(passage: Passage, amounts: readonly Placed[], index: number): Finding[] | null {
  const [now, rate, change] = [amounts[index - 1], amounts[index], amounts[index + 1]];
  if (now === undefined || rate === undefined || change === undefined || !isAmount(now)) return null;
  const isOne = isAmount(change) && sameUnit(now, change) && change.trend === rate.trend;
  if (!isOne || now.trend !== undefined || !BY_AMOUNT.test(between(passage, rate, change))) return null;
  if (!/^[，,、](?:同比|比上年|较上年)?(?:增长|下降|增|降)(?:了)?$/.test(between(passage, now, rate)))
    return null;
  const base = number(now) - (rate.trend === 'up' ? 1 : -1) * number(change);
  return growth(rate, now, null, number(change), [now, change], base);
}

/** `base` is null when it was computed from the amount and its change. */
function growth(
  rate: Placed,
  now: Placed,
  base: Placed | null,
  change: number,
  about: readonly Placed[],
  computedBase = base === null ? 0 : number(base),
  isCertain = true,
): Finding[] {
  if (computedBase <= 0) return [];
  const computed = (change / computedBase) * 100;
  const change1 = about[1];
  if (change1 === undefined) return [];
  const arithmetic =
    base === null
      ? `${change1.surface} ÷ (${now.surface} ${rate.trend === 'up' ? '−' : '+'} ${change1.surface}) = ${trim(computed, 2)}%`
      : `${now.surface} ÷ ${base.surface} − 1 = ${trim(rate.trend === 'up' ? computed : -computed, 2)}%`;
  const doubt = ((margin(now) + margin(change1)) / computedBase) * 100;
  const [low, high] = boundsOf(rate);
  const given = { rule: 'growth', about: [rate, ...about], arithmetic } as const;
  if (overlap([computed - doubt, computed + doubt], [low, high]))
    return [finding({ ...given, verdict: 'ok' })];
  if (!isCertain || ![rate, ...about].every(isExact)) return [];
  const value = rounded(computed, rate);
  return [
    finding({
      ...given,
      verdict: 'mismatch',
      params: { computed: `${trim(computed, 2)}%` },
      fix: computed > 0 ? restated(rate, value) : null,
    }),
  ];
}

/** By how much what is stated may be off for having been rounded. */
const margin = (figure: Placed) => boundsOf({ ...figure, op: 'eq' })[1] - number(figure);
