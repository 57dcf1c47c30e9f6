/** What sites put around an article: counts, sources, sharing, the way to the next one. It is no part of a report. */
import type { BlockJson, ParagraphJson } from '#lib/report/model.ts';
import { paragraphText } from '#lib/report/text.ts';
import type { LeftOutKind, LeftOuts } from './imported.ts';

/** The longest line that can be furniture, in UTF-16 units: a sentence that merely begins alike is longer. */
const MOST = 120;

const DATE = String.raw`\d{4}\s*[-年./]\s*\d{1,2}\s*[-月./]\s*\d{1,2}\s*日?(?:\s*\d{1,2}:\d{2}(?::\d{2})?)?`;

/** Whole lines, without the space around them. The first that fits names the kind. */
const LINES: readonly [LeftOutKind, RegExp][] = [
  ['byline', /^.+共计?\s*\d[\d,]*\s*个?字\s*[,，、;；|·\s]*(?:预计)?阅读(?:时长|时间|约需)/],
  [
    'wordCount',
    /^(?:[（(【[]?\s*)(?:全文|本文|正文)?(?:共计?|约)\s*\d[\d,]*\s*个?字(?:\s*[,，、;；|·]?\s*(?:预计)?阅读(?:时长|时间)?.{0,12})?\s*[）)】\]]?$/,
  ],
  [
    'wordCount',
    /^(?:[（(【[]?\s*)(?:预计|大约)?(?:阅读|朗读)(?:时长|时间|约需|需)?[:：约需]?\s*\d+\s*分钟?\s*[）)】\]]?$/,
  ],
  ['wordCount', /^字数(?:统计)?[:：]\s*\d+/],
  [
    'source',
    /^(?:(?:信息|稿件|文章|新闻|内容)?来源|发布(?:时间|日期|机构|单位|人)|发表(?:时间|日期)|更新(?:时间|日期)|(?:信息)?索引号|生成日期|成文日期|公开(?:方式|类别)|责任编辑|责编|编辑|审核|校对|监制|作者|撰稿|供稿(?:单位)?|稿源|录入)\s*[:：]\s*\S{0,30}(?:\s.{0,80})?$/,
  ],
  ['source', new RegExp(`^(?:日期|时间)\\s*[:：]\\s*${DATE}`)],
  ['byline', new RegExp(`^${DATE}(?:\\s+(?:来源|作者|浏览|阅读|点击|发布)\\s*[:：]?.*)?$`)],
  ['views', /^(?:浏览|阅读|点击|访问|查看)(?:次数|量|数|率)?\s*[:：]\s*[\d,万+]*\s*次?$/],
  ['views', /^(?:已有|共有?)?\s*\d[\d,]*\s*(?:人|次)?(?:浏览|阅读|点击|访问|点赞)(?:量|过)?$/],
  [
    'share',
    /^(?:.{0,6}分享(?:到|至|给|本文|文章|按钮)?[:：]?|(?:一键)?分享)(?:[\s|·、]*(?:微信|朋友圈|微博|新浪微博|QQ空间|QQ好友|QQ|腾讯微博|人人网|豆瓣|更多))*$/,
  ],
  ['share', /(?:扫一扫|扫描|长按|识别).{0,12}(?:二维码|分享|手机|打开|阅读|查看|关注|当前页)|^扫一扫/],
  [
    'share',
    /^(?:点赞|收藏|加入收藏|添加收藏|在看|转发|评论)(?:[\s|·、]*(?:点赞|收藏|加入收藏|在看|转发|评论|分享))*$/,
  ],
  [
    'tools',
    /^[【[（(]?\s*(?:(?:我要|本页|本文)?(?:打印|纠错|保存|下载)(?:本页|本文|此页|页面)?|关闭(?:窗口|本页|页面)?|返回(?:顶部|首页|列表|上一页)|(?:字体|字号)[:：]?)(?:[】\])）\s|·、【[（(]*(?:打印(?:本页|本文)?|关闭(?:窗口|本页)?|返回(?:顶部|首页)?|纠错|保存|收藏|大|中|小|分享))*[】\])）]?\s*$/,
  ],
  ['neighbours', /^(?:[<《«←]*\s*)?(?:上|下|前|后)一(?:篇|条|页|则)\s*(?:[:：>»→].*|\s.*)?$/],
  ['neighbours', /^(?:相关(?:阅读|链接|文章|新闻|推荐)|延伸阅读|推荐阅读)\s*[:：]?$/],
  ['articleNumber', /^文章编号\s*[:：]?\s*\d+$/],
  ['navigation', /^(?:您?(?:当前|现在)?(?:的)?(?:所在)?位置|当前位置)\s*[:：]|^首页\s*(?:>|»|›|\/|-)/],
];

/** What kind of furniture a line is; null: none, it is text. */
export function furnitureKind(line: string): LeftOutKind | null {
  const bare = line.replace(/[\s\u00a0\u3000]+/g, ' ').trim();
  if (bare === '' || bare.length > MOST) return null;
  return LINES.find(([, pattern]) => pattern.test(bare))?.[0] ?? null;
}

/** Where furniture stands: near the top and at the end. In the middle the same words are somebody's text. */
const TOP = 12;
const END = 15;

/** The blocks without furniture; each piece that goes is named. */
export function withoutFurniture(blocks: readonly BlockJson[], leftOut: LeftOuts): BlockJson[] {
  const isAtEdge = (index: number) => index < TOP || index >= blocks.length - END;
  return blocks.filter((block, index) => {
    if (block.type !== 'paragraph' || !isAtEdge(index)) return true;
    const kind = paragraphKind(block);
    if (kind === null) return true;
    leftOut.add(kind, paragraphText(block));
    return false;
  });
}

/** A paragraph is furniture when all its lines are. */
function paragraphKind(paragraph: ParagraphJson): LeftOutKind | null {
  const style = paragraph.attrs?.style ?? 'body';
  if (style !== 'body' && style !== 'bullet') return null;
  const kinds = paragraphText(paragraph)
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map(furnitureKind);
  return kinds.includes(null) ? null : (kinds[0] ?? null);
}
