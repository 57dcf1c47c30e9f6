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

export function growths(passage: Passage, sentence: readonly Placed[]): Finding[] {
  const amounts = sentence.filter((one) => !isCalendar(one));
  return amounts.flatMap((rate, index) => {
    if (!isChangeRate(rate)) return [];
    const [first, second] = [amounts[index - 2], amounts[index - 1]];
    if (first === undefined || second === undefined || !isAmount(first) || !sameUnit(first, second))
      return [];
    const gap = between(passage, second, rate);
    const sign = rate.trend === 'up' ? 1 : -1;
    if (isPerYear(gap)) return [];
    // 由A增加到B，增长P%.
    if (TO.test(between(passage, first, second)) && gap.length <= 10)
      return growth(rate, second, first, (number(second) - number(first)) * sign, [second, first]);
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

/** `base` is null when it was computed from the amount and its change. */
function growth(
  rate: Placed,
  now: Placed,
  base: Placed | null,
  change: number,
  about: readonly Placed[],
  computedBase = base === null ? 0 : number(base),
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
  if (![rate, ...about].every(isExact)) return [];
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
