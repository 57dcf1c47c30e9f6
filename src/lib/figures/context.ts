/** What the words around a figure say of it: what is counted, where, when, against what, and whether it is promised. */
import type { DetectedFigure, UnitClass } from './figure.ts';

/** Farther back than this no rule looks, so that a long sentence costs no more than a short one. */
const REACH = 80;
const SENTENCE_ENDS = '。；;！!？?\n';
const BOUNDARIES = /[。；;！!？?\n.，,：:（(]/g;
const HAN = /[\u4e00-\u9fff]/;

/** Verbs and particles that no name of what is counted contains: it begins behind them. */
const BEFORE_OBJECT =
  /累计|实施|完成|新建|新增|建成|建设(?!用地|资金|项目)|改造|整治|改建|扩建|加固|铺设|惠及|覆盖|涉及|达到|达|共有|共计|现有|拥有|其中|设立|配备|组建|选派|派出|选聘|培训|培育|培养|发展|引进|引导|落实|争取|安排|投入|下达|拨付|发放|整合|盘活|实现|开展|举办|(?<!党|会|群|团|民)组织|解决|化解|办结|整改|排查|查处|拆除|清理|清退|收缴|追回|处置|争创|创建|创(?![业新意造收])|打造|建立|成立|健全|推广|带动|吸引|接待|帮助|帮扶|救助|资助|补助|减免|减少|增加|增长|下降|提高|提升|降低|缩短|压缩|纳入|包括|分别|除去|通过|通车|种植|收获|收割|播种|养殖|出栏|存栏|生产(?!总值|力|线|厂)|销售(?!额|收入|点)|实际|到位|通过|全部|连续|争取|占(?!地|比)|较|比(?!例|重|率|赛|值)|由|从(?!业)|将|把(?!关)|对(?!象)|向|与|和(?!谐)|(?<![普涉提触])及(?!格)|在(?!线|校|建|册|职|岗|编|营)|为(?!民)|是|使(?!用)|让(?!利)|超(?!市|低|高)|逾(?!期)|的/g;
/** Words at the end of what stands before a figure that belong to the number. */
const ENDING =
  /(?:达到了?|超过了?|突破了?|分别(?:为|是|达到?)|约为|共计|共有|共|累计|总计|合计|为|有|是|达|至|到|由|从|了|仅|只|的|分别|平均|其中|每年|每月|每天|全年|当年|同比|环比|实际|已|增长了?|增加了?|下降了?|减少了?|提高了?|提升了?|降低了?|回落了?|上升了?|缩短了?|中|用|压缩了?|增至|降至|减至|升至|压减|不|低于|高于|[（(：:])+$/;
/** Where the name of what is counted ends when it stands behind the number. */
const AFTER_OBJECT =
  /累计|实施|完成|达到|均|已|全部|开展|参与|参加|进行|实现|获|被|受(?!益)|入[选围党库驻学股]|在(?!校|校生|职|册|线)|为|是|和|与|及|的|了|等|到|以|按|并|超|占|同比|较|比|由|从|通过|推动|带动|提供|建成|投入|使用|用于|其中|分别|正|都|也|将|把|全面|稳定|接受|脱贫|落地|开工|竣工|投产|签约|免费|集中|就近|直接|平均|合计|户均|人均|亩均|年均|中(?!心|学|小|药|医)/;
/** Of where it is, is told by the scope. */
const WHERE = /^全(?:国|省|市|县|区|州|旗|镇|乡|街道|村|校|系统)的?(?=[\u4e00-\u9fff]{2})/;
const BEFORE_RATE = /^(?:其中|全年|实现|推动|促进|使|将|由|的|确保|力争|完成|实际)+/;
/** What is left of 比上年, 居全省, 高于全市 and the like. */
const NO_NAME =
  /(?:上年|去年|上届|上月|上季度|年初|同期|全省|全市|全国|全县|全区|平均水平|目标|缩小|扩大|其|先后|力争)$/;
const LEVEL_NOUN =
  /[\u4e00-\u9fff]{0,16}?(?:率(?!先)|比例|占比|比重|系数|指数|水平|浓度|均值|增速|增幅|收入|产值|生产总值|投资|面积|产量|总量|用量|用水量|得分|满意度|增加值|时间|周期|余额|总额|费用|支出)/g;

const UP = /(?:增长|增加|增[收产支效]|多收|提高|提升|上升|上涨|增|升|扩大|攀升|跃升)(?:了|近|约|超)?$/;
const DOWN =
  /(?:下降|减少|减[收产支]|少收|降低|缩短|压缩|下滑|回落|压减|缩减|减|降|削减|缩小|节约|节省)(?:了|近|约|超)?$/;
const BASIS =
  /同比|环比|(?:比|较)(?:上年|去年|上年同期|去年同期|上月|上季度|年初|上届|前年|同期|全国|全省|全市|全县|(?:19|20)\d\d年底?(?:同期)?)(?:同期|末|底)?/g;
const PER: readonly (readonly [RegExp, string])[] = [
  [/人均/, '人'],
  [/亩均|每亩|亩产/, '亩'],
  [/户均|每户/, '户'],
  [/村均|每村|每个村/, '村'],
  [/年均|每年/, '年'],
  [/月均|每月/, '月'],
  [/日均|每天|每日/, '日'],
  [/每季度|季均/, '季度'],
  [/每人|每名/, '人'],
];
const SCOPE =
  /全(?:国|省|市|县|区|州|旗|镇|乡|街道|村|校|系统|域|局|院|厂|行业)(?:农村|城镇)?|城乡|农村|城镇|全球|世界/g;
const PLAN =
  /计划|规划|力争|预计|拟|目标|争取|确保|打算|有望|明年|下一步|今后|未来|到20\d\d年(?:底|末)?[，,].{0,40}(?:提高到|达到|下降|实现|突破|建成|降至|增至|超过|不低于|力争)|(?:将|要)(?:再|新|继续|全面|陆续|累计|完成|达|建|投|实现|增|突破|超过|启动|开展|实施|培育|引进|打造|改造|形成|带动|惠及|有|于|在|提高|下降|安排|争取|力争)|不低于|不少于|不得/;
const DONE = /已经|已[^经]|累计|共有|了|截至|成功|实际/;

const isCalendar = ({ kind }: DetectedFigure) => kind === 'year' || kind === 'period' || kind === 'date';

/** Adds to the figures of one paragraph, given in order, what the normalised text around them says. Linear. */
export function addContext(text: string, figures: readonly DetectedFigure[]): DetectedFigure[] {
  let period: string | undefined;
  let sentence = 0;
  const reader = new Reader(text);
  /** What was last named in the sentence: a rate without a name is its. */
  let lastObject: string | undefined;
  /** Where the last figure that is no date ended. */
  let lastQuantity = 0;
  return figures.map((figure, index) => {
    const { start, end } = figure;
    const previousEnd = figures[index - 1]?.end ?? 0;
    const nextStart = figures[index + 1]?.start ?? text.length;
    const { sentence: told, clause } = reader.startsAt(start);
    const [from, clauseFrom] = [Math.max(told, start - REACH), Math.max(clause, start - REACH)];
    if (told > sentence) {
      sentence = told;
      period = undefined;
      lastObject = undefined;
    }
    const words = beforeSpaces(text, start, from);
    const before = squeezed(text.slice(from, words));
    const near = squeezed(text.slice(clauseFrom, Math.max(clauseFrom, words)));
    const scope = lastMatch(SCOPE, before);
    const out: DetectedFigure = {
      ...figure,
      modality: modalityOf(before, text.slice(end, Math.min(end + 20, nextStart)), figure),
    };
    if (scope !== undefined) out.scope = scope;
    if (isCalendar(figure)) {
      if (!/(?:比|较|由|从)$/.test(before)) period = withHalf(figure.period, text.slice(end, end + 3));
      // 由2020年的88.5% speaks of that figure alone.
      return out;
    }
    const own = figures[index - 1];
    const attached =
      own !== undefined && isCalendar(own) && /^(?:底|末)?的?$/.test(text.slice(own.end, words));
    const half = /(?:上|下)半年/.exec(before)?.[0];
    const when =
      (attached ? own.period : period) ?? (half === undefined ? undefined : half === '上半年' ? 'H1' : 'H2');
    if (when !== undefined) out.period = when;
    if (UP.test(near)) out.trend = 'up';
    else if (DOWN.test(near)) out.trend = 'down';
    const basis = out.trend === undefined ? undefined : lastMatch(BASIS, before.slice(-30));
    if (basis !== undefined) out.basis = basis;
    const per = out.per ?? perOf(near.slice(-12));
    if (per !== undefined) out.per = per;
    const quantityEnd = lastQuantity;
    lastQuantity = end;
    const isRate = ['share', 'point', 'none', 'multiple'].includes(figure.unitClass);
    const object = isRate
      ? (rateOf(squeezed(text.slice(Math.max(from, quantityEnd), words))) ??
        (nameAtEnd(hanBefore(text, words, Math.max(from, previousEnd))) || lastObject))
      : objectOf(text, figure, Math.max(from, previousEnd), nextStart);
    lastObject = object ?? lastObject;
    if (object !== undefined && object !== '') out.object = object;
    return out;
  });
}

/** Where the sentence and the clause around a place begin; asked from left to right, so that all of it is read once. */
class Reader {
  readonly #text: string;
  readonly #boundaries: RegExpStringIterator<RegExpExecArray>;
  /** Where the next mark that may end something stands. */
  #next = -1;
  #sentence = 0;
  #clause = 0;

  constructor(text: string) {
    this.#text = text;
    this.#boundaries = text.matchAll(BOUNDARIES);
    this.#advance();
  }

  #advance(): void {
    const next = this.#boundaries.next();
    this.#next = next.done ? Infinity : next.value.index;
  }

  startsAt(place: number): { sentence: number; clause: number } {
    while (this.#next < place) {
      const at = this.#next;
      const char = this.#text.charAt(at);
      const isPoint = char === '.';
      if (SENTENCE_ENDS.includes(char) || (isPoint && !/[\dA-Za-z]/.test(this.#text.charAt(at - 1))))
        this.#sentence = this.#clause = at + 1;
      else if (!isPoint && !isDigit(this.#text.charCodeAt(at + 1))) this.#clause = at + 1;
      this.#advance();
    }
    return { sentence: this.#sentence, clause: this.#clause };
  }
}

const isDigit = (code: number) => code >= 48 && code <= 57;

const perOf = (near: string) =>
  /[均每亩]/.test(near) ? PER.find(([pattern]) => pattern.test(near))?.[1] : undefined;

function lastMatch(pattern: RegExp, text: string): string | undefined {
  let last: string | undefined;
  for (const found of text.matchAll(pattern)) last = found[0];
  return last;
}

const withHalf = (period: string | undefined, after: string) =>
  period !== undefined && /^\d{4}$/.test(period)
    ? after.startsWith('上半年')
      ? `${period}-H1`
      : after.startsWith('下半年')
        ? `${period}-H2`
        : period
    : period;

function modalityOf(before: string, after: string, { kind }: DetectedFigure): 'actual' | 'plan' {
  if (kind === 'year' || kind === 'date') return PLAN.test(before.slice(-12)) ? 'plan' : 'actual';
  if (!PLAN.test(before)) return 'actual';
  // What is said to have been done is no promise, though a plan is named in the same sentence.
  const promise = before.search(PLAN);
  return DONE.test(before.slice(promise)) &&
    !/力争|确保|争取|将|目标/.test(before.slice(promise)) &&
    !after.startsWith('目标')
    ? 'actual'
    : 'plan';
}

/** The name of a rate, of all that was told since the last number: 农村自来水普及率由2020年的88.5%提高到96.2%. */
function rateOf(words: string): string | undefined {
  const name = lastMatch(LEVEL_NOUN, words)?.replace(BEFORE_RATE, '').replace(WHERE, '');
  return name === undefined || name.length < 2 ? undefined : name;
}

/** What is left of words before a figure when verbs and particles are taken off: 累计实施重点水利项目 is 重点水利项目. */
function nameAtEnd(words: string): string {
  const name = lastName(words);
  return NO_NAME.test(name) ? '' : name;
}

function lastName(words: string): string {
  const name = words.replace(ENDING, '').replace(WHERE, '');
  let from = 0;
  for (const verb of name.matchAll(BEFORE_OBJECT)) {
    const end = verb.index + verb[0].length;
    if (end < name.length) from = end;
    else return name.slice(from, verb.index).length >= 2 ? name.slice(from, verb.index) : '';
  }
  return name.slice(from);
}

/** Many write a space between words and numbers: 产量达到 59.8 万吨. */
function beforeSpaces(text: string, at: number, floor: number): number {
  let end = at;
  while (end > floor && text.charAt(end - 1) === ' ') end -= 1;
  return end;
}

const squeezed = (text: string) => (text.includes(' ') ? text.replaceAll(' ', '') : text);

function afterSpaces(text: string, at: number, ceiling: number): number {
  let begin = at;
  while (begin < ceiling && text.charAt(begin) === ' ') begin += 1;
  return begin;
}

function hanBefore(text: string, at: number, floor: number): string {
  let from = at;
  while (from > floor && from > at - 24 && HAN.test(text.charAt(from - 1))) from -= 1;
  return text.slice(from, at);
}

function hanAfter(text: string, at: number, ceiling: number): string {
  let to = at;
  while (to < ceiling && to < at + 14 && HAN.test(text.charAt(to))) to += 1;
  return text.slice(at, to);
}

const NAMED_BY_UNIT: readonly UnitClass[] = ['people', 'place', 'organisation', 'household'];
const THINGS: readonly UnitClass[] = ['people', 'household', 'place', 'organisation', 'item', 'event'];

/** Counted things stand behind their measure word or before the number; lengths, areas and money before it first. */
function objectOf(text: string, figure: DetectedFigure, floor: number, ceiling: number): string | undefined {
  // 五年来 is when, and of nothing.
  if (figure.kind === 'duration' && text.charAt(figure.end) === '来') return undefined;
  const { start, end, unitClass, unit } = figure;
  const isNoun = unit.length >= 2 && NAMED_BY_UNIT.includes(unitClass);
  if (isNoun && unit !== '人次') return unit;
  const before = () => nameAtEnd(hanBefore(text, beforeSpaces(text, start, floor), floor));
  const after = () => {
    const run = hanAfter(text, afterSpaces(text, end, ceiling), ceiling).replace(/^的/, '');
    const stop = AFTER_OBJECT.exec(run);
    return stop === null ? run : run.slice(0, stop.index);
  };
  const name = THINGS.includes(unitClass) ? after() || before() : before() || after();
  return name === '' ? undefined : name;
}
