/** Shares: 599人 of 1886名 is 31.76%. */
import { add } from './decimal.ts';
import type { Finding } from './figure.ts';
import { REACH, between, before, nearBefore, number, sameUnit, comparable } from './around.ts';
import {
  boundsOf,
  finding,
  isAmount,
  isExact,
  overlap,
  type Passage,
  type Placed,
  restated,
  rounded,
  trim,
} from './placed.ts';

const isShare = ({ kind, trend }: Placed) =>
  (kind === 'percent' || kind === 'fraction') && trend === undefined;

export function shares(
  passage: Passage,
  sentence: readonly Placed[],
  elsewhere: readonly Placed[],
): Finding[] {
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
    isTakenFrom(passage, whole, part);
  const opened = word.length < 2 && !isTaken ? openedBy(passage, part) : null;
  if (opened !== null) return judge(stated, part, opened, true);
  if (isTaken && word.length < 2) return judge(stated, part, listedUpTo(passage, whole) ?? whole, true);
  for (const one of named.length > 0 ? named : earlier) {
    const found = judge(stated, part, one, false);
    if (found !== null) return found;
  }
  return null;
}

/** 2.37万名，约占3.1%，其中9480名: nothing but shares stands between. */
function isTakenFrom(passage: Passage, whole: Placed, part: Placed): boolean {
  const gap = between(passage, whole, part);
  if (/^[^。；]{0,8}[，,]?其中[^，。；、,;]{0,14}$/.test(gap)) return true;
  return (
    /^[^。；;]{0,28}[，,]其中[^，。；,;\d]{0,16}$/.test(gap) &&
    passage.figures.slice(whole.at + 1, part.at).every(({ kind }) => kind === 'percent')
  );
}

/** 新增2.13亿元，惠及1.87万户次。其中，…6820万元，占32%: the one amount that the sentence before has; null for none. */
function openedBy(passage: Passage, part: Placed): Placed | null {
  if (!/。其中[，,]?[^，。；、,;:]{0,16}$/.test(before(passage, part, 24))) return null;
  const amounts = nearBefore(passage, part).filter(
    (one) => one.sentence === part.sentence - 1 && sameUnit(one, part) && one.trend === undefined,
  );
  const [whole] = amounts;
  return amounts.length === 1 && whole !== undefined && number(whole) > number(part) ? whole : null;
}

/** 新建6所、改扩建31所，其中…: what the part is taken from is the sum of the list; null: it stands alone. */
function listedUpTo(passage: Passage, last: Placed): Placed | null {
  let first = last;
  let sum = last.value;
  const surfaces = [last.surface];
  for (const one of nearBefore(passage, last).toReversed()) {
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
  if (number(part) > number(whole)) return exceeding(passage, { stated, part, whole, stem: rate[1] ?? '' });
  if (passage.text.slice(part.end, stated.start).length > 24) return null;
  const stem = rate[1] ?? '';
  const isOf = sameUnit(part, whole) && /中[，,]?[^，。；]{0,6}$/.test(between(passage, whole, part));
  const isStem = sameUnit(part, whole) && stem.length >= 2 && between(passage, whole, part).includes(stem);
  return judge(stated, part, whole, isOf || isStem) ?? anyBase(passage, stated, part, elsewhere);
}

/** 排查684处，整改692处，整改率98.8%: what comes out only when the two are swapped is no rate of them. */
function exceeding(
  passage: Passage,
  { stated, part, whole, stem }: { stated: Placed; part: Placed; whole: Placed; stem: string },
): Finding | null {
  const lead = between(passage, whole, part);
  const isNext = passage.text.slice(part.end, stated.start).length <= 24 && /^[，,、][^。；;]*$/.test(lead);
  if (!isNext || !sameUnit(part, whole) || stem.length < 2 || !lead.includes(stem)) return null;
  return judge(stated, whole, part, false) === null ? null : judge(stated, part, whole, true);
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
