/** Finding measures: the documents, programmes and set phrases that a paragraph names. */
import type { DetectedMeasure } from './figure.ts';
import { NO_MEASURES, PROGRAMME_AFTER, PROGRAMME_BEFORE, PROGRAMME_NAME } from './lexicon.ts';
import { normalise } from './normalise.ts';
import { MAX_PHRASE, type Quotation, quotations } from './quotes.ts';

/** Measures without quotation marks: 实施|健全|抓好… + name + 工程|计划|项目|机制. */
const UNQUOTED =
  /(?:实施|健全|抓好|推行|启动|开展|推进|落实|建立|完善)(?:了|好)?([\u4e00-\u9fff]{2,14}?(?:工程|计划|项目|机制|行动))(?=[，。；、,;：:！!（(]|$|等)/g;
/** The next of a list: 实施甲工程、乙工程. */
const NEXT_UNQUOTED = /、([\u4e00-\u9fff]{2,14}?(?:工程|计划|项目|机制|行动))(?=[，。；、,;：:！!（(]|$|等)/y;
/** Not the names of anything. */
const GENERIC =
  /^(?:长效|一批|重点|重大|各类|各项|相关|有关|一系列|系列|部分|新|年度|具体|这一|该|本|全部|所有|多个|更多|若干|建设|基础设施|民生|配套|政府|国家|省级|市级|县级)(?:.{0,6})?(?:工程|计划|项目|机制|行动)$|的|了|和|与|及/;
const DEFINES =
  /^为(?:主要|核心|基本|重点|主体)?(?:内容|抓手|核心|重点|载体|主题|主线)的?[^，。；“”"]{0,10}$/;
const NAMES_WHOLE = /^的[^，。；“”"]{0,4}$/;
const IN_BRACKETS = /^[(（](?:即|指|就是)[:：]?([^()（）]{2,80})[)）]/;

/**
 * The measures of one paragraph, in the order of the text, none overlapping another. `notMeasures` are
 * quotations that people said are none, beside those that are known to be none. Linear. Never throws.
 */
export function detectMeasures(text: string, notMeasures: readonly string[] = []): DetectedMeasure[] {
  const normal = normalise(text);
  const quoted = quotations(text);
  const refused = new Set([...NO_MEASURES, ...notMeasures]);
  const definitions = definitionsOf(normal, quoted);
  const found: DetectedMeasure[] = [];
  let covered = 0;
  quoted.forEach((quotation, index) => {
    const { kind, start, end } = quotation;
    if (start < covered) return;
    const name = text.slice(start + 1, end - 1);
    if (kind === 'title') {
      found.push({ start, end, surface: text.slice(start, end), kind: 'document', name });
      covered = end;
      return;
    }
    if (definitions.isDefinition.has(index) || !isPhrase(name) || refused.has(name)) return;
    const isProgramme =
      PROGRAMME_NAME.test(name) ||
      PROGRAMME_AFTER.test(normal.slice(end, end + 12)) ||
      PROGRAMME_BEFORE.test(normal.slice(Math.max(0, start - 6), start));
    const measure: DetectedMeasure = {
      start,
      end,
      surface: text.slice(start, end),
      kind: isProgramme ? 'programme' : 'slogan',
      name,
    };
    const definition = definitions.of(start, end, text);
    if (definition !== undefined) measure.definition = definition;
    found.push(measure);
    covered = end;
  });
  shareKinds(normal, found);
  for (const measure of unquoted(normal, text, found, definitions)) found.push(measure);
  return found.sort((a, b) => a.start - b.start);
}

/** 打造“一乡一品”“一村一策”: what stands before or behind a row of quotations speaks of them all. */
function shareKinds(normal: string, found: readonly DetectedMeasure[]): void {
  const adjoin = (a: DetectedMeasure, b: DetectedMeasure) =>
    a.kind !== 'document' && b.kind !== 'document' && /^[、和与及]?$/.test(normal.slice(a.end, b.start));
  const spread = (order: readonly DetectedMeasure[]) =>
    order.forEach((one, index) => {
      const previous = order[index - 1];
      if (previous?.kind !== 'programme') return;
      const [first, second] = previous.start < one.start ? [previous, one] : [one, previous];
      if (adjoin(first, second)) one.kind = 'programme';
    });
  spread(found);
  spread(found.toReversed());
}

/** A quotation that can be a name: short, no sentence, not digits alone. */
function isPhrase(name: string): boolean {
  // “八五”普法 is a number of something.
  if (/^[一二三四五六七八九十百·\d]+$/.test(name)) return false;
  if (name.length < 2 || name.length > MAX_PHRASE || /[。！？!?；;：:《》]/.test(name)) return false;
  return /[\u4e00-\u9fff]/.test(name) || /[A-Za-z0-9][+*/][A-Za-z0-9]/.test(name);
}

interface Definitions {
  /** Indexes of the quotations that only say what another consists of. */
  isDefinition: ReadonlySet<number>;
  of(start: number, end: number, text: string): string | undefined;
}

/** Which quotation defines what follows it: “…”为主要内容的“X”, “甲、乙、丙”的“三个一”. */
function definitionsOf(normal: string, quoted: readonly Quotation[]): Definitions {
  const isDefinition = new Set<number>();
  const ends: { end: number; inner: string; index: number; defines: boolean }[] = [];
  quoted.forEach(({ kind, start, end }, index) => {
    if (kind === 'title') return;
    const after = normal.slice(end, end + 12);
    const defines = /^为(?:主要|核心|基本|重点|主体)?(?:内容|抓手|核心|重点|载体|主题|主线)/.test(after);
    if (/^为(?:主要|核心|基本|主体)?内容/.test(after)) isDefinition.add(index);
    const inner = normal.slice(start + 1, end - 1);
    if (defines || (inner.length > MAX_PHRASE && after.startsWith('的')))
      ends.push({ end, inner, index, defines });
  });
  return {
    isDefinition,
    of(start, end, text) {
      const bracket = IN_BRACKETS.exec(normal.slice(end, end + 90));
      if (bracket?.[1] !== undefined) return bracket[1];
      const near = ends.findLast((one) => one.end <= start && one.end >= start - 20);
      if (near === undefined) return undefined;
      const between = normal.slice(near.end, start);
      if (!DEFINES.test(between) && !NAMES_WHOLE.test(between)) return undefined;
      return text.slice(near.end - 1 - near.inner.length, near.end - 1);
    },
  };
}

function* unquoted(
  normal: string,
  text: string,
  found: readonly DetectedMeasure[],
  definitions: Definitions,
): Generator<DetectedMeasure> {
  const taken = found.map(({ start, end }) => ({ start, end })).sort((a, b) => a.start - b.start);
  let index = 0;
  for (const match of normal.matchAll(UNQUOTED)) {
    let end = match.index + match[0].length;
    let start = end - (match[1] ?? '').length;
    for (;;) {
      while (index < taken.length && (taken[index]?.end ?? 0) <= start) index += 1;
      const overlaps = (taken[index]?.start ?? Infinity) < end;
      const name = text.slice(start, end);
      if (!overlaps && !GENERIC.test(name)) {
        const definition = definitions.of(start, end, text);
        yield {
          start,
          end,
          surface: name,
          kind: 'programme',
          name,
          ...(definition === undefined ? {} : { definition }),
        };
      }
      NEXT_UNQUOTED.lastIndex = end;
      const next = NEXT_UNQUOTED.exec(normal);
      if (next === null) break;
      end = NEXT_UNQUOTED.lastIndex;
      start = end - (next[1] ?? '').length;
    }
  }
}
