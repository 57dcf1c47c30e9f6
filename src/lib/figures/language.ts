/** The language checks: marks, numbers in words, set forms. docs/figures.md has the rules. */
import type {
  CheckedBlock,
  CheckedReport,
  Finding,
  LanguageRule,
  Replacement,
  Span,
  Verdict,
} from './figure.ts';
import { type AnyReport, asChecked } from './document.ts';
import { normalisePunctuation } from './punctuation.ts';
import { detectFigures } from './detect.ts';
import { normalise } from './normalise.ts';

export { normalisePunctuation } from './punctuation.ts';

/** A sentence longer than this, in UTF-16 units, is hard to read. */
const LONG_SENTENCE = 180;

/** What is wrong or doubtful in a report's marks and wording, in the order of the text. Linear in each paragraph. */
export function checkLanguage(input: AnyReport): Finding[] {
  const report = asChecked(input);
  const found = [
    ...report.blocks.flatMap((block, index) => CHECKS.flatMap((check) => check(block.text, index, block))),
    ...parallelHeadings(report),
    ...couplet(report),
  ];
  return found.sort((a, b) => place(a) - place(b));
}

const place = ({ ranges: [first] }: Finding) =>
  first === undefined ? 0 : first.block * 10_000_000 + first.start;

type Check = (text: string, block: number, whole: CheckedBlock) => Finding[];

interface Said {
  rule: LanguageRule;
  verdict: Verdict;
  block: number;
  spans: readonly Span[];
  /** What stands there. */
  found: string;
  params?: Readonly<Record<string, string>>;
  fix?: readonly Omit<Replacement, 'block'>[];
}

function say({ rule, verdict, block, spans, found, params = {}, fix }: Said): Finding {
  return {
    rule,
    verdict,
    ranges: spans.map(({ start, end }) => ({ block, start, end })),
    message: { key: `figures_finding_${rule}`, params: { found, ...params } },
    arithmetic: '',
    ...(fix === undefined ? {} : { fix: fix.map((one) => ({ block, ...one })) }),
    key: `${rule}|${found}`,
  };
}

/** A check that finds a pattern; `fix` answers what to put there, null for nothing. */
function pattern(
  rule: LanguageRule,
  verdict: Verdict,
  matcher: RegExp,
  fix: (match: RegExpExecArray) => string | null = () => null,
): Check {
  return (text, block) =>
    [...text.matchAll(matcher)].map((match) => {
      const span = { start: match.index, end: match.index + match[0].length };
      const better = fix(match);
      return say({
        rule,
        verdict,
        block,
        spans: [span],
        found: match[0],
        params: { better: better ?? '' },
        ...(better === null ? {} : { fix: [{ ...span, text: better }] }),
      });
    });
}

const NUMBER = '(?:\\d[\\d,.]*|[一二两三四五六七八九十百千万亿]+)';
const TOGETHER = `(${NUMBER}[^，。；、,;：:（）()\\n]{0,10}?)`;

const CHECKS: readonly Check[] = [
  halfWidth,
  straightQuotes,
  unpaired,
  pattern('enumeration_comma', 'query', /(?<=[”》])、(?=[“《])/g, () => ''),
  pattern('ellipsis', 'mismatch', /\.{3,}|。{2,}|(?<!…)…(?!…)|…{3,}/g, () => '……'),
  pattern(
    'dash',
    'mismatch',
    /(?<![-\d])-{2,}(?!-)|(?<![—\d])—(?![—\d])(?=[\u4e00-\u9fff])(?<=[，。；])/g,
    () => '——',
  ),
  pattern(
    'year_range',
    'mismatch',
    /(?<=(?<!\d)(?:19|20)\d\d年?)[-~～–－](?=(?:19|20)\d\d(?:年|学年|[)）]))/g,
    () => '—',
  ),
  valueRanges,
  pattern(
    'double_approximation',
    'mismatch',
    new RegExp(`(?:大约|约|将近|接近|近)${TOGETHER}(?:左右|上下)`, 'g'),
    ([all]) => all.replace(/(?:左右|上下)$/, ''),
  ),
  pattern(
    'double_approximation',
    'mismatch',
    new RegExp(`(?:超过|至少|不少于|不低于|突破|超)${TOGETHER}以上`, 'g'),
    ([all]) => all.replace(/以上$/, ''),
  ),
  pattern(
    'double_approximation',
    'mismatch',
    new RegExp(`(?:不超过|最多|至多|不足|不到)${TOGETHER}(?:以内|以下|之内)`, 'g'),
    ([all]) => all.replace(/(?:以内|以下|之内)$/, ''),
  ),
  pattern('several_with_digits', 'mismatch', /(?<![\d十])几\d|(?<!\d)\d{1,9}几(?=[个名人户家年天万千百次])/g),
  percentChanges,
  pattern(
    'decrease_multiple',
    'mismatch',
    /(?:减少|下降|降低|缩短|缩小|压缩|降)了?(?:近|约|超过?)?(?:\d+(?:\.\d+)?|[一二两三四五六七八九十])倍/g,
  ),
  pattern(
    'repeated_words',
    'query',
    /((?!一|逐|个个|年年|天天|月月)[\u4e00-\u9fff]{2,4})\1|的的|了了|是是|在在|和和|，，|、、|；；/g,
    ([all, word]) => word ?? all.charAt(0),
  ),
  ...levelNumbers(),
  pattern(
    'document_number',
    'mismatch',
    /[[【(（]((?:19|20)\d\d)[\]】)）]第?0*(0|[1-9]\d*)号/g,
    ([, year, number]) => `〔${year}〕${number}号`,
  ),
  pattern(
    'document_number',
    'mismatch',
    /〔((?:19|20)\d\d)〕(?:第0*|0+)(0|[1-9]\d*)号/g,
    ([, year, number]) => `〔${year}〕${number}号`,
  ),
  longSentences,
];

// ── marks ────────────────────────────────────────────────────────────────────────────────────────

/** Where the normalised text differs, and what it has there. */
function differences(text: string): { start: number; end: number; text: string }[] {
  const better = normalisePunctuation(text);
  const found: { start: number; end: number; text: string }[] = [];
  if (better === text) return found;
  for (let at = 0; at < text.length; at++)
    if (better.charAt(at) !== text.charAt(at))
      found.push({ start: at, end: at + 1, text: better.charAt(at) });
  return found;
}

function marks(
  rule: 'half_width' | 'straight_quotes',
  text: string,
  block: number,
  isQuote: boolean,
): Finding[] {
  const fix = differences(text).filter(({ text: mark }) => /[“”‘’]/.test(mark) === isQuote);
  if (fix.length === 0) return [];
  const found = [...new Set(fix.map(({ start }) => text.charAt(start)))].join(' ');
  return [
    say({ rule, verdict: 'mismatch', block, spans: fix, found, params: { count: String(fix.length) }, fix }),
  ];
}

function halfWidth(text: string, block: number): Finding[] {
  return marks('half_width', text, block, false);
}

function straightQuotes(text: string, block: number): Finding[] {
  return marks('straight_quotes', text, block, true);
}

const PAIRS: Readonly<Record<string, string>> = {
  '”': '“',
  '’': '‘',
  '》': '《',
  '）': '（',
  '〕': '〔',
  '】': '【',
};
const OPENING = '“‘《（〔【';

function unpaired(text: string, block: number): Finding[] {
  const open: { char: string; at: number }[] = [];
  const alone: number[] = [];
  // Where a number that counts items would begin.
  const lead = /^[\s(（]*/.exec(text)?.[0].length ?? 0;
  for (const { 0: char, index: at } of normalisePunctuation(text).matchAll(/[“”‘’《》（）〔〕【】]/g)) {
    if (OPENING.includes(char)) {
      open.push({ char, at });
      continue;
    }
    const partner = open.slice(-2).findLastIndex((one) => one.char === PAIRS[char]);
    // 1）and 一） number items.
    if (partner < 0 && !(char === '）' && /^[一二三四五六七八九十\d]{1,2}$/.test(text.slice(lead, at))))
      alone.push(at);
    if (partner >= 0)
      for (const { at: other } of open.splice(open.length - Math.min(2, open.length) + partner).slice(1))
        alone.push(other);
  }
  return [...alone, ...open.map(({ at }) => at)].map((at) =>
    say({
      rule: 'unpaired',
      verdict: 'mismatch',
      block,
      spans: [{ start: at, end: at + 1 }],
      found: text.charAt(at),
    }),
  );
}

// ── numbers ──────────────────────────────────────────────────────────────────────────────────────

/** 5—6亿元 leaves open whether 5 is 5亿: 5亿～6亿元. */
function valueRanges(text: string, block: number): Finding[] {
  const normal = normalise(text);
  return [
    ...normal.matchAll(
      /(?<![\d.年月A-Za-z])(\d+(?:\.\d+)?) ?(?:—{1,2}|-|~|至|到) ?(\d+(?:\.\d+)?)(万亿|亿|万|%)/g,
    ),
  ].map(({ 0: all, 1: low = '', 2: high = '', 3: multiplier = '', index }) => {
    const better = `${low}${multiplier}～${high}${multiplier}`;
    const span = { start: index, end: index + all.length };
    const found = text.slice(span.start, span.end);
    return say({
      rule: 'value_range',
      verdict: 'query',
      block,
      spans: [span],
      found,
      params: { better },
      fix: [{ ...span, text: better }],
    });
  });
}

/** 由40%提高到45%，提高5% is five points. */
function percentChanges(text: string, block: number): Finding[] {
  const figures = detectFigures(text).filter(
    ({ kind }) => kind !== 'year' && kind !== 'date' && kind !== 'period',
  );
  return figures.flatMap((change, index) => {
    const [from, to] = [figures[index - 2], figures[index - 1]];
    if (from === undefined || to === undefined || change.trend === undefined) return [];
    if ([from, to, change].some(({ unit }) => unit !== '%')) return [];
    if (!/到|至/.test(text.slice(from.end, to.start)) || /[。；]/.test(text.slice(from.end, change.start)))
      return [];
    const points = Math.abs(Number(to.value) - Number(from.value));
    if (Math.abs(points - Number(change.value)) > 1e-9) return [];
    const better = change.surface.replace(/[%％]/, '个百分点');
    const span = { start: change.start, end: change.end };
    return [
      say({
        rule: 'percent_change',
        verdict: 'mismatch',
        block,
        spans: [span],
        found: change.surface,
        params: { better },
        fix: [{ ...span, text: better }],
      }),
    ];
  });
}

// ── forms ────────────────────────────────────────────────────────────────────────────────────────

/** 一、 （一） 1. （1） are the forms; 一， （一）、 1、 第一、 are not. */
function levelNumbers(): Check[] {
  return [
    pattern(
      'level_number',
      'mismatch',
      /^([一二三四五六七八九十]{1,3})[，,.．](?=[^\s\d])/g,
      ([, number]) => `${number}、`,
    ),
    pattern(
      'level_number',
      'mismatch',
      /^[（(]([一二三四五六七八九十]{1,3})[)）][、，,.．]/g,
      ([, number]) => `（${number}）`,
    ),
    pattern('level_number', 'mismatch', /^(\d{1,2})、/g, ([, number]) => `${number}．`),
    pattern('level_number', 'mismatch', /^[（(](\d{1,2})[)）][、，,]/g, ([, number]) => `（${number}）`),
    pattern(
      'level_number',
      'mismatch',
      /(?<=^|[。；：])第([一二三四五六七八九十])、/g,
      ([, number]) => `第${number}，`,
    ),
  ];
}

function longSentences(text: string, block: number): Finding[] {
  const found: Finding[] = [];
  let start = 0;
  const end = (at: number) => {
    const length = text.slice(start, at).trim().length;
    if (length > LONG_SENTENCE) {
      const spans = [{ start, end: at }];
      const head = text.slice(start, start + 12);
      found.push(
        say({
          rule: 'long_sentence',
          verdict: 'query',
          block,
          spans,
          found: head,
          params: { count: String(length) },
        }),
      );
    }
    start = at;
  };
  for (const { index } of text.matchAll(/[。！？!?\n]|(?<=[\u4e00-\u9fff%）”])\.(?!\.)/g)) end(index + 1);
  end(text.length);
  return found;
}

/** The halves of a heading or title, without place and closing mark; null when it is not of two. */
function halvesOf(text: string): [string, string] | null {
  const parts = text
    .replace(/^[^：:，]{1,10}[：:]/, '')
    .replace(/[。．.：:！!]$/, '')
    .split(/[，,\s　]+/)
    .filter((part) => part !== '');
  const [first, second] = parts;
  return parts.length === 2 && first !== undefined && second !== undefined ? [first, second] : null;
}

/** The one of which more than half are; undefined: there is none. */
function usual<T>(all: readonly T[]): T | undefined {
  const groups = Map.groupBy(all, (one) => one);
  return [...groups.entries()].find(([, same]) => same.length * 2 > all.length)?.[0];
}

/**
 * Run-in headings stand in parallel: each of two equal halves, or as most of them are, all opening with the
 * same word when most do.
 */
function parallelHeadings({ blocks }: CheckedReport): Finding[] {
  const headings = blocks.flatMap(({ text, runIn }, block) =>
    runIn > 0 ? [{ block, end: runIn, text: text.slice(0, runIn).trim() }] : [],
  );
  if (headings.length < 3) return [];
  const common = usual(headings.map(({ text }) => text.charAt(0)));
  const formOf = (halves: readonly string[] | null) => halves?.map(({ length }) => length).join('+');
  const form = usual(headings.map(({ text }) => formOf(halvesOf(text))));
  const paired = headings.filter(({ text }) => halvesOf(text) !== null).length;
  return headings.flatMap(({ block, end, text }) => {
    const halves = halvesOf(text);
    const why =
      halves === null
        ? paired * 2 > headings.length
          ? 'halves'
          : null
        : halves[0].length !== halves[1].length && formOf(halves) !== form
          ? 'unequal'
          : common !== undefined && !text.startsWith(common)
            ? 'opening'
            : null;
    if (why === null) return [];
    const one = say({
      rule: 'parallel_headings',
      verdict: 'query',
      block,
      spans: [{ start: 0, end }],
      found: text,
      params: { common: common ?? '' },
    });
    return [{ ...one, message: { ...one.message, key: `figures_finding_parallel_headings_${why}` } }];
  });
}

function couplet({ blocks }: CheckedReport): Finding[] {
  return blocks.flatMap(({ style, text }, block) => {
    const halves = style === 'title' ? halvesOf(text) : null;
    if (halves === null || halves[0].length === halves[1].length) return [];
    const params = { first: String(halves[0].length), second: String(halves[1].length) };
    return [
      say({
        rule: 'couplet',
        verdict: 'query',
        block,
        spans: [{ start: 0, end: text.length }],
        found: text,
        params,
      }),
    ];
  });
}
