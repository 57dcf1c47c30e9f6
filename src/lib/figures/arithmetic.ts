/**
 * The checks that do sums: shares, partitions, differences, growth, products, fractions of change. A stated
 * number is wrong only when the numbers it belongs to are certain; where the words leave that open, only what
 * fits is told.
 */
import { add } from './decimal.ts';
import type { Finding } from './figure.ts';
import {
  boundsOf,
  type Elsewhere,
  finding,
  isAmount,
  isCalendar,
  isExact,
  overlap,
  type Passage,
  type Placed,
  restated,
  rounded,
  sentencesOf,
  trim,
} from './placed.ts';
import { unitScale } from './lexicon.ts';

const between = (passage: Passage, a: Placed, b: Placed) => passage.text.slice(a.end, b.start);
/** How many figures back a share's base or a total's parts are looked for. */
const REACH = 40;
const nearBefore = (passage: Passage, { at }: Placed) => passage.figures.slice(Math.max(0, at - REACH), at);

/** The same without the years and dates that stand there. */
function betweenUndated(passage: Passage, a: Placed, b: Placed): string {
  let text = '';
  let at = a.end;
  for (const one of passage.figures.slice(a.at + 1, b.at)) {
    if (!isCalendar(one)) continue;
    text += passage.text.slice(at, one.start);
    at = one.end;
  }
  return text + passage.text.slice(at, b.start);
}
const before = (passage: Passage, { start }: Placed, length = 16) =>
  passage.text.slice(Math.max(0, start - length), start);
const number = ({ value }: Placed) => Number(value);
const sameUnit = (a: Placed, b: Placed) => a.unit === b.unit && a.kind === b.kind;
/** 名 and 人 count the same, 座 and 处 may. */
const comparable = (a: Placed, b: Placed) => a.unitClass === b.unitClass && isAmount(a) && isAmount(b);

/** All arithmetic findings of one paragraph, and of what it needs from the report's other paragraphs. */
export function arithmeticOf(passage: Passage, elsewhere: Elsewhere): Finding[] {
  return sentencesOf(passage).flatMap((sentence) => {
    const done = [
      ...partitions(passage, sentence),
      ...sums(passage, sentence),
      ...differences(passage, sentence),
      ...growths(passage, sentence),
      ...changes(passage, sentence),
    ];
    return [
      ...shares(passage, sentence, elsewhere.before),
      ...products(passage, sentence, elsewhere),
      ...done,
    ];
  });
}

// ── shares ───────────────────────────────────────────────────────────────────────────────────────

const isShare = ({ kind, trend }: Placed) =>
  (kind === 'percent' || kind === 'fraction') && trend === undefined;

function shares(passage: Passage, sentence: readonly Placed[], elsewhere: readonly Placed[]): Finding[] {
  return sentence.flatMap((stated, index) => {
    if (!isShare(stated)) return [];
    const found = shareOf(passage, sentence, { stated, index, elsewhere });
    return found === null ? [] : [found];
  });
}

interface Stated {
  stated: Placed;
  index: number;
  /** The figures of the paragraphs before. */
  elsewhere: readonly Placed[];
}

function shareOf(
  passage: Passage,
  sentence: readonly Placed[],
  { stated, index, elsewhere }: Stated,
): Finding | null {
  const lead = before(passage, stated, 24);
  const previous = sentence[index - 1];
  if (previous === undefined) return null;
  const taking = /占(?!比)([^，。；、,;]{0,16})$/.exec(lead);
  if (taking || /占比(?:为|达|达到|约)?$/.test(lead)) {
    // 占专任教师6180名的6.67%: the base stands between.
    const named = sentence[index - 1];
    const part = sentence[index - 2];
    if (
      named !== undefined &&
      part !== undefined &&
      /占[^，。；、,;]{0,12}$/.test(before(passage, named)) &&
      /^的?$/.test(between(passage, named, stated)) &&
      comparable(part, named)
    )
      return judge(stated, part, named, true);
    if (!isAmount(previous) || passage.text.slice(previous.end, stated.start).length > 24) return null;
    const word = (taking?.[1] ?? '')
      .replace(/(?:的|总数|总量|约|全部)+$/g, '')
      .replace(/^(?:了|到|全(?:县|市|镇|区|省|乡))/, '');
    return withBase(passage, stated, previous, word, elsewhere);
  }
  return rateOf(passage, sentence, { stated, index, elsewhere });
}

/** The base of a share is named, or it is what 其中 takes the part from; else whichever earlier number fits. */
function withBase(
  passage: Passage,
  stated: Placed,
  part: Placed,
  word: string,
  elsewhere: readonly Placed[],
): Finding | null {
  const earlier = nearBefore(passage, part)
    .filter((one) => comparable(one, part) && number(one) >= number(part))
    .toReversed();
  const fits = (one: Placed) => comparable(one, part) && number(one) >= number(part);
  const named =
    word.length < 2
      ? []
      : [
          ...earlier.filter((one) => isNamed(passage, one, word)),
          ...elsewhere.filter(
            (one) => fits(one) && (one.object ?? '').length >= 2 && word.includes(one.object ?? ''),
          ),
        ];
  if (named.length === 1 && named[0] !== undefined)
    return judge(stated, part, named[0], named[0].object === word || named[0].block === part.block);
  const whole = earlier[0];
  const isTaken =
    whole !== undefined &&
    whole.sentence === part.sentence &&
    sameUnit(whole, part) &&
    /^[^。；]{0,8}[，,]?其中[^，。；、,;]{0,14}$/.test(between(passage, whole, part));
  if (isTaken && word.length < 2) return judge(stated, part, listedUpTo(passage, whole) ?? whole, true);
  for (const one of named.length > 0 ? named : earlier) {
    const found = judge(stated, part, one, false);
    if (found !== null) return found;
  }
  return null;
}

/** 新建6所、改扩建31所，其中…: what the part is taken from is the sum of the list; null: it stands alone. */
function listedUpTo(passage: Passage, last: Placed): Placed | null {
  let first = last;
  let sum = last.value;
  const surfaces = [last.surface];
  for (const one of passage.figures.slice(0, last.at).toReversed()) {
    const isNext = one.sentence === last.sentence && sameUnit(one, first) && isExact(one);
    if (!isNext || !/^[^，。；,;：:]{0,12}[、和及][^，。；、,;：:]{0,12}$/.test(between(passage, one, first)))
      break;
    first = one;
    sum = add(sum, one.value);
    surfaces.unshift(one.surface);
  }
  if (first === last) return null;
  return { ...last, value: sum, start: first.start, surface: `（${surfaces.join(' + ')}）` };
}

function isNamed(passage: Passage, { object = '', start, end }: Placed, word: string): boolean {
  const around = passage.text.slice(Math.max(0, start - 14), start) + passage.text.slice(end, end + 8);
  return object === word || around.includes(word);
}

/** 15条河流中，14条…比例为93.3%; 受理5630件，办结5602件，办结率99.5%. */
function rateOf(
  passage: Passage,
  sentence: readonly Placed[],
  { stated, index, elsewhere }: Stated,
): Finding | null {
  const lead = before(passage, stated, 18);
  const rate = /(?:^|[，,、；;（(。])([\u4e00-\u9fff]{1,10}?)(?:率|比例|占比)(?:为|达|达到|是)?$/.exec(lead);
  if (rate === null) return null;
  const [part, whole] = [sentence[index - 1], sentence[index - 2]];
  if (part === undefined || whole === undefined || !comparable(part, whole))
    return anyBase(passage, stated, part, elsewhere);
  if (number(part) > number(whole) || passage.text.slice(part.end, stated.start).length > 24) return null;
  const stem = rate[1] ?? '';
  const isOf = sameUnit(part, whole) && /中[，,]?[^，。；]{0,6}$/.test(between(passage, whole, part));
  const isStem = sameUnit(part, whole) && stem.length >= 2 && between(passage, whole, part).includes(stem);
  return judge(stated, part, whole, isOf || isStem) ?? anyBase(passage, stated, part, elsewhere);
}

function anyBase(
  passage: Passage,
  stated: Placed,
  part: Placed | undefined,
  elsewhere: readonly Placed[],
): Finding | null {
  if (part === undefined || !isAmount(part) || part.unit === '') return null;
  for (const whole of [...elsewhere.slice(-REACH), ...nearBefore(passage, part)].toReversed())
    if (sameUnit(whole, part) && number(whole) > number(part)) {
      const found = judge(stated, part, whole, false);
      if (found !== null) return found;
    }
  return null;
}

/** Whether part ÷ whole is what is stated; null when it is not and that is not certain. */
function judge(stated: Placed, part: Placed, whole: Placed, isCertain: boolean): Finding | null {
  if (number(whole) === 0) return null;
  const isPercent = stated.kind === 'percent';
  const factor = isPercent ? (stated.unit === '‰' ? 1000 : 100) : 1;
  const [low, high] = boundsOf(part);
  const [bottom, top] = boundsOf(whole);
  const computed = (number(part) / number(whole)) * factor;
  const value = rounded(computed, stated);
  const shown = isPercent ? `${trim(computed, 2)}${stated.unit}` : trim(computed, 4);
  const arithmetic = `${part.surface} ÷ ${whole.surface} = ${shown}`;
  const about = [stated, part, whole];
  const allowed: [number, number] = isPercent
    ? boundsOf(stated)
    : [number(stated) - 0.02, number(stated) + 0.02];
  const isRight = overlap([(low / top) * factor, (high / Math.max(bottom, 1e-12)) * factor], allowed);
  if (isRight) return finding({ rule: 'share', verdict: 'ok', about, arithmetic });
  // 力争占…的35% is told of a time when the part will be another.
  const isMixed = stated.modality === 'plan' && part.modality === 'actual' && whole.modality === 'actual';
  if (!isCertain || isMixed || !isExact(part) || !isExact(whole) || stated.op !== 'eq') return null;
  return finding({
    rule: 'share',
    verdict: 'mismatch',
    about,
    arithmetic,
    params: { computed: shown },
    fix: isPercent ? restated(stated, value) : null,
  });
}

/** The index of the next figure of a sentence that is no date. */
function nextValue(sentence: readonly Placed[], index: number): number {
  let next = index + 1;
  for (let one = sentence[next]; one !== undefined && isCalendar(one); one = sentence[next]) next += 1;
  return next;
}

// ── partitions ───────────────────────────────────────────────────────────────────────────────────

/** 46个，其中9个、12个、25个. Parts that fall short by more than this share of the whole are an open list. */
const NEARLY = 0.05;
/** Parts that exceed the whole by no more than this were counted wrong. */
const MISCOUNT = 0.1;

function partitions(passage: Passage, sentence: readonly Placed[]): Finding[] {
  return sentence.flatMap((whole, index) => {
    const from = nextValue(sentence, index);
    const next = sentence[from];
    if (next === undefined || !isAmount(whole) || !isAmount(next) || !sameUnit(next, whole)) return [];
    const opening = between(passage, whole, next);
    const isOf = /中[，,][^，。；,;]{0,14}$/.test(opening);
    if (!isOf && !/(?:其中|包括|分别是|分别为)[^，。；,;]{0,16}$/.test(opening)) return [];
    const parts = partsFrom(passage, sentence, from, whole);
    const last = parts.at(-1);
    if (last === undefined) return [];
    if (parts.length === 1) return isOf ? [] : derived(passage, sentence, whole, next);
    const isOpen = /^[^，。；,;]{0,6}等/.test(passage.text.slice(last.end, last.end + 8));
    // One list of kinds, with 、 between all of them, was meant to add up; sentences about kinds may overlap.
    const isList = parts.every((part, at) => {
      const previous = parts[at - 1];
      return (
        previous === undefined ||
        /^[^，。；,;]*(?:、|和|及)[^，。；,;]*$/.test(between(passage, previous, part))
      );
    });
    return partition(whole, parts, isOpen, { isClosed: false, isList });
  });
}

function partsFrom(passage: Passage, sentence: readonly Placed[], from: number, whole: Placed): Placed[] {
  const parts: Placed[] = [];
  for (let index = from; index < Math.min(sentence.length, from + REACH); index++) {
    const one = sentence[index];
    if (one === undefined) break;
    const last = parts.at(-1);
    if (last !== undefined && /其中|总|共|合计|新增|完成|惠及|较|比/.test(between(passage, last, one))) break;
    if (isAmount(one) && sameUnit(one, whole)) parts.push(one);
    else if (one.kind !== 'percent') break;
  }
  return parts;
}

function partition(
  whole: Placed,
  parts: readonly Placed[],
  isOpen: boolean,
  { isClosed = false, isList = false } = {},
): Finding[] {
  const arithmetic = (sum: number) =>
    `${parts.map(({ surface }) => surface).join(' + ')} = ${shownLike(whole, sum)}`;
  const bounds = parts.map(boundsOf);
  const sum = parts.reduce((total, part) => total + number(part), 0);
  const low = bounds.reduce((total, [one]) => total + one, 0);
  const high = bounds.reduce((total, [, one]) => total + one, 0);
  const about = [whole, ...parts];
  const given = { rule: 'partition', about, arithmetic: arithmetic(sum) } as const;
  if (overlap([low, high], boundsOf(whole))) return [finding({ ...given, verdict: 'ok' })];
  const [least, most] = boundsOf(whole);
  const allExact = isExact(whole) && parts.every(isExact);
  const params = { computed: shownLike(whole, sum) };
  const wrong = () => [
    finding({ ...given, verdict: 'mismatch', params, fix: allExact ? restated(whole, String(sum)) : null }),
  ];
  const beyond = (low - most) / number(whole);
  if (isClosed && allExact && !isOpen) return wrong();
  // Kinds may overlap: by how much they exceed the whole tells whether they were meant to add up to it.
  if (beyond > 0 && whole.op === 'eq')
    return isList || beyond <= MISCOUNT ? wrong() : [finding({ ...given, verdict: 'query', params })];
  if (!allExact || isOpen) return [];
  return (least - high) / number(whole) <= NEARLY ? wrong() : [];
}

/** A number in the unit and the multiplier of another: 1220个, 2.3万亩. */
function shownLike(like: Placed, value: number): string {
  const multiplier = /(?<=[\d０-９多余 ])(?:万亿|亿|万)/.exec(like.surface)?.[0] ?? '';
  const scale = { 万亿: 1e12, 亿: 1e8, 万: 1e4 }[multiplier] ?? 1;
  return `${trim(value / scale, 4)}${multiplier}${like.unit}`;
}

function derived(passage: Passage, sentence: readonly Placed[], whole: Placed, part: Placed): Finding[] {
  const next = sentence[part.at - (sentence[0]?.at ?? 0) + 1];
  const isStated = next !== undefined && /占|率|比例/.test(between(passage, part, next));
  if (isStated || number(whole) === 0 || number(part) > number(whole) || !isExact(part) || !isExact(whole)) {
    return [];
  }
  const computed = `${trim((number(part) / number(whole)) * 100, 2)}%`;
  return [
    finding({
      rule: 'share',
      verdict: 'derived',
      about: [part, whole],
      arithmetic: `${part.surface} ÷ ${whole.surface} = ${computed}`,
      params: { computed },
    }),
  ];
}

/** 水厂7座、供水站118处…全部125处; 一类3个、二类5个，共8个. */
function sums(passage: Passage, sentence: readonly Placed[]): Finding[] {
  return sentence.flatMap((whole) => {
    if (!isAmount(whole)) return [];
    const lead = before(passage, whole);
    const isTotal = /(?:^|[，,、；;])(?:以上)?(?:共|共计|合计|总计|累计)(?:为|有|达)?$/.test(lead);
    const isAll = /(?:全部|所有|这)$/.test(lead);
    if (!isTotal && !isAll) return [];
    const earlier = nearBefore(passage, whole)
      .filter((one) => isAmount(one) && one.unitClass === whole.unitClass)
      .slice(-8);
    // The shortest list that ends with the nearest and adds up; of a plain total all of its sentence.
    if (isTotal) {
      const own = earlier.filter((one) => one.sentence === whole.sentence && sameUnit(one, whole));
      const isList =
        own.length >= 2 &&
        own.every(
          (one, at) =>
            at === 0 ||
            /^[^，。；,;\d]{0,10}[、，,和][^，。；,;\d]{0,14}$/.test(
              between(passage, own[at - 1] ?? one, one),
            ),
        );
      return isList ? partition(whole, own, false, { isClosed: true }) : [];
    }
    for (let length = 2; length <= earlier.length; length++) {
      const found = partition(whole, earlier.slice(-length), true);
      if (found[0]?.verdict === 'ok') return found;
    }
    // Those of another unit may stand between: take any two neighbours that add up.
    for (let at = 0; at + 1 < earlier.length; at++) {
      const found = partition(whole, earlier.slice(at, at + 2), true);
      if (found[0]?.verdict === 'ok') return found;
    }
    return [];
  });
}

// ── from one value to another ────────────────────────────────────────────────────────────────────

const TO =
  /^[^，。；,;]{0,8}?(?:提高到|提高至|提升到|提升至|上升到|上升至|增加到|增加至|增长到|增长至|扩大到|扩大至|降到|降至|降低到|降低至|下降到|下降至|减少到|减少至|缩短至|缩短到|压缩至|压缩到|压减至|回落至|涨到|涨至|增至|减至|升至|变为|到|至)(?:了)?[^，。；,;\d]{0,6}$/;

/** Pairs that go from one value to another, with what follows them. */
function steps(passage: Passage, sentence: readonly Placed[]): { from: Placed; to: Placed; after: Placed }[] {
  const values = sentence.filter((one) => !isCalendar(one));
  return values.flatMap((from, index) => {
    const [to, after] = [values[index + 1], values[index + 2]];
    if (to === undefined || after === undefined) return [];
    if (!sameUnit(from, to) || !TO.test(betweenUndated(passage, from, to))) return [];
    return [{ from, to, after }];
  });
}

/** 96.2%，比2020年的88.5%提高7.7个百分点: the later value stands first. */
function stepsBack(
  passage: Passage,
  sentence: readonly Placed[],
): { from: Placed; to: Placed; after: Placed }[] {
  const values = sentence.filter((one) => !isCalendar(one));
  return values.flatMap((to, index) => {
    const [from, after] = [values[index + 1], values[index + 2]];
    if (from === undefined || after === undefined || !sameUnit(from, to)) return [];
    if (!/^[，,、]?(?:分别)?(?:比|较)[^，。；,;\d]{0,8}$/.test(betweenUndated(passage, to, from))) return [];
    return /^[^，。；,;]{0,8}$/.test(between(passage, from, after)) ? [{ from, to, after }] : [];
  });
}

function differences(passage: Passage, sentence: readonly Placed[]): Finding[] {
  return [...steps(passage, sentence), ...stepsBack(passage, sentence)].flatMap(({ from, to, after }) => {
    if (from.kind !== 'percent' || after.kind !== 'percentage_point') return [];
    const last = from.start > to.start ? from : to;
    if (between(passage, last, after).length > 16) return [];
    const computed = Math.abs(number(to) - number(from));
    const shown = `${trim(computed, 4)}个百分点`;
    const [high, low] = number(to) >= number(from) ? [to, from] : [from, to];
    const arithmetic = `${high.surface} − ${low.surface} = ${shown}`;
    const about = [after, from, to];
    const isRight =
      Math.abs(computed - number(after)) <=
      (Number(after.step) > Number(to.step) ? Number(after.step) / 2 : 0) + 1e-9;
    if (isRight || (!isExact(after) && overlap([computed, computed], boundsOf(after))))
      return [finding({ rule: 'difference', verdict: 'ok', about, arithmetic })];
    if (![from, to, after].every(isExact)) return [];
    return [
      finding({
        rule: 'difference',
        verdict: 'mismatch',
        about,
        arithmetic,
        params: { computed: shown },
        fix: restated(after, trim(computed, 4)),
      }),
    ];
  });
}

/** Fractions and multiples of a change: 由5.2天缩短至2.6天，压缩一半; 由1.5元涨到3元，翻了一番. */
function changes(passage: Passage, sentence: readonly Placed[]): Finding[] {
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

// ── growth ───────────────────────────────────────────────────────────────────────────────────────

const isChangeRate = ({ kind, trend, modality }: Placed) =>
  kind === 'percent' && trend !== undefined && modality === 'actual';

function growths(passage: Passage, sentence: readonly Placed[]): Finding[] {
  const amounts = sentence.filter((one) => !isCalendar(one));
  return amounts.flatMap((rate, index) => {
    if (!isChangeRate(rate)) return [];
    const [first, second] = [amounts[index - 2], amounts[index - 1]];
    if (first === undefined || second === undefined || !isAmount(first) || !sameUnit(first, second))
      return [];
    const gap = between(passage, second, rate);
    const sign = rate.trend === 'up' ? 1 : -1;
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

// ── products ─────────────────────────────────────────────────────────────────────────────────────

/** Of so many figures of one unit the base of a rate is looked for, those that the report names first. */
const MANY = 200;
const PER_UNITS: Readonly<Record<string, readonly string[]>> = {
  亩: ['亩'],
  人: ['人', '名', '位'],
  户: ['户', '农户'],
  村: ['个', '村'],
};

function products(passage: Passage, sentence: readonly Placed[], { byUnit }: Elsewhere): Finding[] {
  return sentence.flatMap((each, index) => {
    const units = PER_UNITS[each.per ?? ''];
    if (units === undefined) return [];
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
