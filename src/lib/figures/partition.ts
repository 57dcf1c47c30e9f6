/** Partitions and totals: 46个，其中9个、12个、25个. */
import { isTransposed } from './consistency.ts';
import type { Finding } from './figure.ts';
import { REACH, between, before, nearBefore, nextValue, number, sameUnit } from './around.ts';
import {
  boundsOf,
  finding,
  isAmount,
  isExact,
  overlap,
  type Passage,
  type Placed,
  restated,
  shownLike,
  trim,
} from './placed.ts';

/** 46个，其中9个、12个、25个. Parts that fall short by more than this share of the whole are an open list. */
const NEARLY = 0.05;
/** Parts that exceed the whole by no more than this were counted wrong. */
const MISCOUNT = 0.1;

export function partitions(passage: Passage, sentence: readonly Placed[]): Finding[] {
  return sentence.flatMap((whole, index) => {
    // Asked of amounts alone, so that a row of dates is passed over once.
    if (!isAmount(whole)) return [];
    const from = nextValue(sentence, index);
    const next = sentence[from];
    if (next === undefined || !isAmount(next) || !sameUnit(next, whole)) return [];
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
      return previous === undefined || isListed(between(passage, previous, part));
    });
    const kind = kindOf(passage, whole, parts);
    return partition(whole, parts, isOpen, { isClosed: kind === 'closed', isList, kind });
  });
}

/** What a whole is that has no parts that add up to it: 人均29864元，其中城镇40215元. */
const AVERAGE =
  /(?:均(?!匀|衡)|[价率]|水位|海拔|浓度|指数|雨量|气温|年龄|最[高低大小多少])[^，。、；：,;:]*$/;
/** Words that part things in one way each: what is parted in two ways overlaps. */
const WAYS: readonly RegExp[] = [
  /[男女妇]/,
  /少数民族|汉族/,
  /大专|本科|硕士|博士|研究生|学历|学位/,
  /岁|青年|老年|年轻/,
  /党员|团员|群众/,
  /职称|高级|中级|初级|骨干/,
  /脱贫|低保|残疾|退役|困难|重点/,
];
/** What one thing can be several of: a case is filed and closed, a loan is small and green. */
const OVERLAPPING =
  /立案|结案|办结|审结|移送|起诉|受理|整改(?!为)|涉农|小微|绿色|普惠|科技|民营|省级以上|国家级以上|以上|上云|线上/;
/** Two parts that are all there is. */
const COMPLEMENTS: readonly (readonly [RegExp, RegExp])[] = [
  [/男/, /女/],
  [/城镇|城市/, /农村|乡村/],
  [/出口/, /进口/],
  [/公办/, /民办/],
];

type Kind = 'closed' | 'overlapping' | 'average' | 'plain';

/** Whether parts have to add up to the whole, as far as their words tell. */
function kindOf(passage: Passage, whole: Placed, parts: readonly Placed[]): Kind {
  const names = parts.map((part, at) =>
    between(passage, parts[at - 1] ?? whole, part).replace(/^.*(?:其中|包括|分别)/, ''),
  );
  const isAverage = whole.per !== undefined && whole.kind === 'money';
  if (isAverage || AVERAGE.test(before(passage, whole)) || names.some((name) => /最[高低大小]/.test(name)))
    return 'average';
  const [first = '', second = ''] = names;
  const isPair = ([a, b]: readonly [RegExp, RegExp]) =>
    (a.test(first) && b.test(second)) || (b.test(first) && a.test(second));
  if (parts.length === 2 && COMPLEMENTS.some(isPair)) return 'closed';
  const ways = WAYS.filter((way) => names.some((name) => way.test(name)));
  const isMixed = ways.length > 1 || (ways.length === 1 && names.some((name) => !ways[0]?.test(name)));
  return isMixed || whole.kind === 'duration' || names.some((name) => OVERLAPPING.test(name))
    ? 'overlapping'
    : 'plain';
}

const isListed = (gap: string) => /[、和及]/.test(gap) && !/[，。；,;]/.test(gap);

function partsFrom(passage: Passage, sentence: readonly Placed[], from: number, whole: Placed): Placed[] {
  const parts: Placed[] = [];
  for (let index = from; index < Math.min(sentence.length, from + REACH); index++) {
    const one = sentence[index];
    if (one === undefined) break;
    const last = parts.at(-1);
    // （其中新建8个、续建12个）、市级40个: a list ends with its brackets.
    if (last !== undefined && /^[^（(]*[）)]/.test(between(passage, last, one))) break;
    if (
      last !== undefined &&
      /其中|总|共|合计|新增|完成|惠及|较|比|相抵|顺差|逆差|差额|结余/.test(between(passage, last, one))
    )
      break;
    if (isAmount(one) && sameUnit(one, whole)) parts.push(one);
    else if (one.kind !== 'percent') break;
  }
  return parts;
}

export function partition(
  whole: Placed,
  parts: readonly Placed[],
  isOpen: boolean,
  { isClosed = false, isList = false, kind = 'plain' as Kind } = {},
): Finding[] {
  const arithmetic = (sum: number) =>
    `${parts.map(({ surface }) => surface).join(' + ')} = ${shownLike(whole, sum)}`;
  const bounds = parts.map(boundsOf);
  const sum = parts.reduce((total, part) => total + number(part), 0);
  const low = bounds.reduce((total, [one]) => total + one, 0);
  const high = bounds.reduce((total, [, one]) => total + one, 0);
  const about = [whole, ...parts];
  const given = { rule: 'partition', about, arithmetic: arithmetic(sum) } as const;
  if (overlap([low, high], boundsOf(whole)) || isRoundedSum(whole, parts, sum))
    return [finding({ ...given, verdict: 'ok' })];
  const [least, most] = boundsOf(whole);
  const allExact = isExact(whole) && parts.every(isExact);
  const params = { computed: shownLike(whole, sum) };
  const wrong = () => [
    finding({ ...given, verdict: 'mismatch', params, fix: allExact ? restated(whole, String(sum)) : null }),
  ];
  const query = () => [finding({ ...given, verdict: 'query', params })];
  if (kind === 'average') return [];
  const beyond = (low - most) / number(whole);
  if (isClosed && allExact && !isOpen) return wrong();
  if (allExact && kind === 'plain' && isSlip(whole, parts, sum)) return wrong();
  // Kinds may overlap: by how much they exceed the whole tells whether they were meant to add up to it.
  if (beyond > 0 && whole.op === 'eq') {
    const isMiscounted = beyond <= MISCOUNT || (isList && low - most <= Number(whole.step));
    return kind === 'plain' && isMiscounted ? wrong() : query();
  }
  if (!allExact || isOpen) return [];
  return (least - high) / number(whole) > NEARLY ? [] : kind === 'plain' ? wrong() : query();
}

/** 48.5万人 of 23.4万 and 22.4万: the sum is the whole with two neighbouring digits changed about. */
function isSlip(whole: Placed, parts: readonly Placed[], sum: number): boolean {
  const steps = [whole, ...parts].map(({ step }) => Number(step));
  const digits = (value: number) => String(Math.round(value / Math.min(...steps)));
  return isTransposed(digits(sum), digits(number(whole)));
}

/** 1.4万人次 of 8200人次, 4600人次 and 1500人次: a whole with a decimal in 万 is rounded when its parts are told more finely. */
function isRoundedSum(whole: Placed, parts: readonly Placed[], sum: number): boolean {
  const step = Number(whole.step);
  const isShort = step > 1 && /\d[.．]\d/.test(whole.surface.normalize('NFKC'));
  return (
    isShort && Math.abs(sum - number(whole)) <= step / 2 && parts.every((part) => Number(part.step) < step)
  );
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
export function sums(passage: Passage, sentence: readonly Placed[]): Finding[] {
  return sentence.flatMap((whole) => {
    if (!isAmount(whole)) return [];
    const lead = before(passage, whole);
    const isTotal = /(?:^|[，,、；;])(?:以上)?(?:共|共计|合计|总计|累计)(?:为|有|达)?$/.test(lead);
    const isAll = /(?:全部|所有|这)$/.test(lead);
    // 风电30万千瓦、光伏20万千瓦，总装机达50万千瓦.
    const isNamed =
      /[，,；;]总(?:数|量|额|计|装机|规模|面积|长度?|里程|投资|产量|人数|户数)[^，。；,;\d]{0,4}$/.test(lead);
    if (!isTotal && !isAll && !isNamed) return [];
    const earlier = nearBefore(passage, whole)
      .filter((one) => isAmount(one) && one.unitClass === whole.unitClass)
      .slice(-8);
    // The shortest list that ends with the nearest and adds up; of a plain total all of its sentence.
    if (isTotal || isNamed) {
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
      if (!isList) return [];
      if (isTotal) return partition(whole, own, false, { isClosed: true });
      // 今年新增12座、去年新增15座，总数达86座: what is new is not all.
      const opening =
        own[0] === undefined ? '' : passage.text.slice(Math.max(0, own[0].start - 12), whole.start);
      const told = partition(whole, own, true);
      if (told[0]?.verdict === 'ok') return told;
      return /新|年|另|再|扩|其中|已|在建/.test(opening)
        ? []
        : partition(whole, own, false, { kind: 'overlapping' });
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
