/** Products: so much for each, of so many, is so much in all. */
import { unitScale } from './lexicon.ts';
import type { Finding } from './figure.ts';
import { REACH, between, before, nextValue, number } from './around.ts';
import {
  boundsOf,
  type Elsewhere,
  finding,
  isAmount,
  isExact,
  overlap,
  type Passage,
  type Placed,
  restated,
  shownLike,
} from './placed.ts';

/** Of so many figures of one unit the base of a rate is looked for, those that the report names first. */
const MANY = 200;
const PER_UNITS: Readonly<Record<string, readonly string[]>> = {
  亩: ['亩'],
  人: ['人', '名', '位'],
  户: ['户', '农户', '家'],
  村: ['个', '村'],
};

export function products(passage: Passage, sentence: readonly Placed[], { byUnit }: Elsewhere): Finding[] {
  return sentence.flatMap((each, index) => {
    const units = PER_UNITS[each.per ?? ''];
    if (units === undefined) return [];
    const told =
      totalFirst(passage, sentence, { each, index, units }) ??
      baseFirst(passage, sentence, { each, index, units });
    if (told !== null) return [told];
    const follows = nextValue(sentence, index);
    // 每户补助2000元，共350户，发放70万元: what is counted may stand behind the rate.
    const [second, third] = [sentence[follows], sentence[nextValue(sentence, follows)]];
    const isBehind = second !== undefined && units.includes(second.unit) && isAmount(second);
    const total = isBehind ? third : second;
    if (total === undefined || total.per !== undefined) return [];
    const [one, all] = [unitScale(each.unit), unitScale(total.unit)];
    if (one === null ? each.unit !== total.unit : one.base !== all?.base) return [];
    const lead = isBehind ? between(passage, second, total) : between(passage, each, total);
    const isTotal =
      /^[，,、]?(?:年|全年|共|合计|总|累计|带动|实现|发放|兑现|补助|补贴)/.test(lead) && lead.length <= 12;
    if (!isTotal) return [];
    const factor = one === null || all === null ? 1 : one.factor / all.factor;
    const rule = each.per === '人' || each.per === '户' ? ('per_capita' as const) : ('product' as const);
    const earlier = sentence
      .slice(Math.max(0, index - REACH), index)
      .filter((base) => units.includes(base.unit) && isAmount(base));
    const near = isBehind ? [second] : earlier;
    const bases = [
      ...near.toReversed(),
      ...units.flatMap((unit) =>
        (byUnit.get(unit) ?? []).slice(0, MANY).filter((base) => base.block !== each.block && isAmount(base)),
      ),
    ];
    const isPaid = /补助|补贴|奖励|资助|发放/.test(before(passage, each)) && /补|发放|兑现|总|共/.test(lead);
    const isCertain = isBehind ? isPaid : /总|合计|共/.test(lead) || sameStem(passage, each, lead);
    for (const base of bases) {
      const found = product(rule, { each, base, total, factor }, false);
      if (found !== null) return [found];
    }
    // It is wrong only when base, rate and total stand side by side.
    const base = isBehind ? second : sentence[index - 1];
    if (!isCertain || base === undefined || near.length !== 1 || base !== near[0]) return [];
    const wrong = product(rule, { each, base, total, factor }, true);
    return wrong === null ? [] : [wrong];
  });
}

/** 发放1.32亿元，惠及1.9万人，人均6947元: the total, what it is for, and the rate, side by side; null for none. */
function totalFirst(
  passage: Passage,
  sentence: readonly Placed[],
  { each, index, units }: { each: Placed; index: number; units: readonly string[] },
): Finding | null {
  const [total, base] = [sentence[index - 2], sentence[index - 1]];
  if (total === undefined || base === undefined || !units.includes(base.unit) || !isAmount(base)) return null;
  if (each.kind !== 'money' || total.kind !== 'money' || !isAmount(total) || each.unit !== total.unit)
    return null;
  const isFor =
    /^[^，。；,;]{0,6}[，,、]?(?:惠及|受益|覆盖|支持|扶持|帮扶|帮助|资助|救助|补助|补贴)[^，。；,;]{0,8}$/;
  if (!isFor.test(between(passage, total, base))) return null;
  const isEach = /^[^，。；,;\d]{0,4}[，,、][户人亩村]均(?:为|达|达到|约)?$/.test(
    between(passage, base, each),
  );
  if (!isEach) return null;
  const rule = each.per === '人' || each.per === '户' ? 'per_capita' : 'product';
  return product(rule, { each, base, total, factor: 1 }, true);
}

/** 改造320户，投入资金256万元、户均8000元: for how many, the total and the rate, side by side; null for none. */
function baseFirst(
  passage: Passage,
  sentence: readonly Placed[],
  { each, index, units }: { each: Placed; index: number; units: readonly string[] },
): Finding | null {
  const total = sentence[index - 1];
  if (total === undefined || each.kind !== 'money' || total.kind !== 'money' || each.unit !== total.unit)
    return null;
  if (!isAmount(total) || total.trend !== undefined || total.per !== undefined) return null;
  const lead = between(passage, total, each);
  if (!/^[，,、](?:[户人亩村]均|每[户人亩村])(?:为|达|达到|约)?$/.test(lead)) return null;
  // 412名0—6岁残疾儿童: who they are may stand between.
  const near = sentence.slice(Math.max(0, index - 3), index - 1);
  const [base, ...others] = near.filter((one) => units.includes(one.unit) && isAmount(one));
  if (base === undefined || others.length > 0 || base.trend !== undefined) return null;
  if (sentence.slice(base.at - (sentence[0]?.at ?? 0) + 1, index - 1).some(({ kind }) => kind === 'money'))
    return null;
  const gap = between(passage, base, total);
  const isFor =
    /^[^。；;]{0,28}[，,、](?:共|全年)?(?:发放|投入|兑现|补助|补贴|拨付|资助|奖励|支付|落实)[^，。；、,;]{0,8}$/.test(
      gap,
    ) && !/累计|总|全(?!年)|贷/.test(gap);
  return product(
    each.per === '人' || each.per === '户' ? 'per_capita' : 'product',
    { each, base, total, factor: 1 },
    isFor,
  );
}

/** 亩均节水85立方米，年节水2700多万立方米 speak of the same. */
function sameStem(passage: Passage, each: Placed, lead: string): boolean {
  const stem = /(?:均|每亩|每人|每户|亩产)([\u4e00-\u9fff]{2})[^，。；]{0,4}$/.exec(
    before(passage, each),
  )?.[1];
  return stem !== undefined && lead.includes(stem);
}

function product(
  rule: 'product' | 'per_capita',
  { each, base, total, factor }: { each: Placed; base: Placed; total: Placed; factor: number },
  isCertain: boolean,
): Finding | null {
  const computed = number(each) * number(base) * factor;
  const arithmetic = `${base.surface} × ${each.surface} = ${shownLike(total, computed)}`;
  const [a, b] = [boundsOf(base), boundsOf(each)];
  const about = [total, base, each];
  if (overlap([a[0] * b[0] * factor, a[1] * b[1] * factor], boundsOf(total)))
    return finding({ rule, verdict: 'ok', about, arithmetic });
  if (!isCertain || !isExact(each) || !isExact(base) || total.op === 'approx') return null;
  return finding({
    rule,
    verdict: 'mismatch',
    about,
    arithmetic,
    params: { computed: shownLike(total, computed) },
    fix: isExact(total) ? restated(total, String(computed)) : null,
  });
}
