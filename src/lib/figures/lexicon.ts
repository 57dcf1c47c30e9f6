/** The words that detection knows, as data: units and measure words, qualifiers, and what is no figure. */
import type { FigureKind, FigureOp, UnitClass } from './figure.ts';

export interface Unit {
  name: string;
  class: UnitClass;
  kind: FigureKind;
  /** What stands for it in `unit` when that differs from how it is written: 个百分点 is 百分点. */
  as?: string;
  /** It is none when one of these characters follows: 升 in 升至, 周 in 周年. */
  not?: string;
  /** It is one only when one of these characters follows: 面 in 面旗. */
  only?: string;
  /** After Chinese numerals it is no unit but part of a word: 三级, 二线. */
  arabicOnly?: true;
}

const words = (text: string) => text.trim().split(/\s+/);
const units = (unitClass: UnitClass, kind: FigureKind, text: string): Unit[] =>
  words(text).map((name) => ({ name, class: unitClass, kind }));

const ALL: Unit[] = [
  ...units('share', 'percent', '% ‰'),
  ...units('point', 'percentage_point', '百分点'),
  { name: '个百分点', as: '百分点', class: 'point', kind: 'percentage_point' },
  ...units('multiple', 'multiple', '倍'),
  ...units('money', 'money', '元 美元 欧元 港元 日元 英镑 元人民币 块钱 元钱'),
  ...units(
    'time',
    'duration',
    '个月 天 分钟 秒 小时 工作日 星期 个季度 个学期 学期 刻钟 秒钟 昼夜 日历天 个年度',
  ),
  { name: '个小时', as: '小时', class: 'time', kind: 'duration' },
  { name: '个工作日', as: '工作日', class: 'time', kind: 'duration' },
  { name: '个星期', as: '星期', class: 'time', kind: 'duration' },
  { name: '个自然日', as: '自然日', class: 'time', kind: 'duration' },
  { name: '年', class: 'time', kind: 'duration', not: '代均产级龄薪轮货味' },
  { name: '周', class: 'time', kind: 'duration', not: '年边围期' },
  ...units(
    'people',
    'count',
    `人 人次 名 群众 党员 干部 农民 居民 村民 游客 学生 师生 教师 职工 市民 老人 儿童 贫困人口 人口 农户 志愿者
    劳动力 脱贫人口 医生 护士 医护人员 工人 旅客 乘客 用户 网民 考生 毕业生 大学生 农民工 党员干部 党员群众 干部群众 干群
    居民群众 各族群众 移民 灾民 患者 病人 代表 委员 观众 读者 粉丝 会员 青年 妇女 职工群众 中小学生 新生 学员 人员 驻村干部`,
  ),
  { name: '位', class: 'people', kind: 'count', not: '于居列置次移数' },
  { name: '员', class: 'people', kind: 'count', not: '工', arabicOnly: true },
  ...units('household', 'count', '户 户次 农家 家庭 商户 住户 贫困户 脱贫户 低保户 养殖户 种植户'),
  ...units(
    'place',
    'count',
    `村 镇 乡 县 市 区 乡镇 镇街 街道 社区 行政村 自然村 村民小组 村居 村组 小区 县区 县市 县市区 省 省份 国家 城市 村屯 屯 苏木 嘎查`,
  ),
  { name: '组', class: 'organisation', kind: 'count', not: '织建成装长' },
  ...units(
    'organisation',
    'count',
    '家 所 企业 单位 部门 机构 学校 医院 支部 党支部 党组织 班子 合作社 市场主体 经营主体 个体户 工厂 车间 社会组织 网点',
  ),
  ...units(
    'item',
    'count',
    `个 座 处 件 种 类 株 棵 辆 台 套 栋 幢 间 所 床 张 份 册 本 篇 幅 封 枚 颗 粒 朵 只 羽 尾 匹 峰 艘 架 条 根 盏 块 片
    副 双 对 支 扇 樽 尊 具 台套 孔 眼 门 幕 款 盘 辆次 部 单 笔 宗 桩 例 起 票 项 股 首 部委 项目 大类 小类 门类
    航线 线路 岗位 泊位 车位 床位 学位 席 席位 座席 站 点 段 道 口 批 批次 桶 袋 箱 瓶 罐 包 捆 串 盆 束 杯 碗 车 标箱 标准箱
    项次 件次 个次 家次 处次 村次 课次 页次 张次 床次 人户 户家 头 头次 头只 羽次 只羽 幅次 页 字 集 帧 组团 架次 人份 剂 剂次 支次 针 针次 方面 环节 步骤 条款 章 层 级台阶 重 枪 套房 标段 户型
    平台 园区 基地 通道 指标 任务 问题 案件 线索 事项 举措 措施 意见 建议 大类别 类别 国 国别 地区 余量`,
  ),
  ...units(
    'event',
    'count',
    '次 场 场次 轮 轮次 趟 遍 回 期 班次 班 车次 艘次 台次 航班 站次 亩次 例次 课时 学时 节课 讲 堂课 堂',
  ),
  ...units(
    'length',
    'count',
    '公里 千米 米 厘米 分米 毫米 微米 海里 华里 延米 延长米 车道公里 单线公里 皮长公里 芯公里 km cm mm μm µm m',
  ),
  { name: '里', class: 'length', kind: 'count', not: '程面' },
  ...units(
    'area',
    'count',
    '亩 公顷 顷 平方米 平方公里 平方千米 平米 公亩 平方厘米 平方 平 亩地 分地 hm² km² m² ㎡ ha 平方海里',
  ),
  ...units(
    'volume',
    'count',
    '立方米 立方 立方厘米 立方分米 毫升 方 标准立方米 m³ L mL ml 方木 立方公里 库容',
  ),
  { name: '升', class: 'volume', kind: 'count', not: '级至学到为降值格华温' },
  ...units(
    'mass',
    'count',
    '吨 公吨 公斤 千克 斤 克 毫克 微克 担 吨标准煤 吨标煤 吨二氧化碳 吨二氧化碳当量 吨次 t kg g mg μg µg ug',
  ),
  ...units('energy', 'count', '千瓦时 度电 焦 焦耳 千焦 吉焦 大卡 千卡 卡路里 kWh kwh'),
  ...units('power', 'count', '千瓦 兆瓦 吉瓦 瓦 千伏安 千伏 伏 兆伏安 马力 兆瓦时 kW kw MW GW kV KV'),
  ...units('rate', 'count', '兆 吉比特 兆比特 Mbps Gbps MB GB TB PB 赫兹 Hz dB 分贝 帕 兆帕 节 公里时'),
  ...units(
    'other',
    'count',
    '℃ 摄氏度 °C 华氏度 岁 周岁 吨公里 人公里 载重吨 总吨 架飞机 人天 人月 台班 dbm 股份 票数',
  ),
  { name: '度', class: 'other', kind: 'count', not: '假', arabicOnly: true },
  {
    name: '分',
    class: 'other',
    kind: 'count',
    not: '别布析之类级层头离为成支期批公店管局队红享配歧',
    arabicOnly: true,
  },
  {
    name: '级',
    class: 'other',
    kind: 'count',
    not: '响保医公教标甲乙联干财政书部职党英烈别',
    arabicOnly: true,
  },
  { name: '大', class: 'item', kind: 'count', not: '于约概中小会学', arabicOnly: true },
  { name: '路', class: 'item', kind: 'count', not: '公车段口面基网况线径人由灯上桥政过边', arabicOnly: true },
  { name: '面', class: 'item', kind: 'count', only: '旗锦红墙镜鼓国党五流奖', arabicOnly: true },
];

/** Characters after which a unit is part of another word, for units that are plain lists above. */
const NOT: Readonly<Record<string, string>> = {
  期: '间末望待',
  起: '来点步',
  处: '理置于分罚',
  部: '署门长队分',
  本: '科级地土人月年季',
  批: '准复评发',
  条: '例件',
  点: '位名击多',
  站: '位',
  层: '级面层',
  重: '点要大庆',
  包: '括含',
  单: '位一独体元',
  对: '比应标接象口照',
  支: '部持付撑出',
  类: '似',
  种: '植养粮子',
  场: '所景馆',
  回: '落升归流收',
  轮: '换流岗',
  项: '目',
  门: '类诊',
  节: '约气能点',
  针: '对',
  道: '路德',
  口: '径岸',
  头: '雁部',
  张: '家',
  家: '庭',
  班: '子级组',
  村: '民务集',
  区: '域间',
  市: '场值',
  国: '有家际',
  方: '面式案向法',
  户: '均籍',
  人: '均才大民',
  段: '落',
  片: '区',
  套: '餐取',
  台: '账风',
  件: '套',
  款: '项',
  平: '均安台方衡',
  讲: '话',
  堂: '食',
  元: '旦宵月',
  天: '然',
  斤: '两',
  兆: '瓦',
  字: '符',
  股: '东权',
  位: '于',
  车: '站',
  集: '体中团',
  席: '卷',
  首: '次个批位府',
};

const BY_NAME: ReadonlyMap<string, Unit> = new Map(
  ALL.map((unit): [string, Unit] => {
    const not = unit.not ?? NOT[unit.name];
    return [unit.name, not === undefined ? unit : { ...unit, not }];
  }),
);
/** By their first character, the longest first. */
const BY_FIRST = new Map<string, Unit[]>();
for (const unit of [...BY_NAME.values()].toSorted((a, b) => b.name.length - a.name.length)) {
  const first = unit.name.charAt(0);
  const units = BY_FIRST.get(first);
  if (units) units.push(unit);
  else BY_FIRST.set(first, [unit]);
}
const LATIN = /[A-Za-z]/;

/** The longest unit that stands at a place of a normalised text; null for none. Looks at no more than a few characters. */
export function unitAt(text: string, at: number): Unit | null {
  for (const unit of BY_FIRST.get(text.charAt(at)) ?? []) {
    const { name, not, only } = unit;
    if (name.length > 1 && !text.startsWith(name, at)) continue;
    const next = text.charAt(at + name.length);
    if (not !== undefined && next !== '' && not.includes(next)) continue;
    if (only !== undefined && (next === '' || !only.includes(next))) continue;
    // A Latin unit ends where the letters do: 5G is no gram.
    if (LATIN.test(name.charAt(name.length - 1)) && /[A-Za-z0-9]/.test(next)) continue;
    return unit;
  }
  return null;
}

/** What 1 of a unit is in the smallest of its kind that people use, so that 公里 and 米 compare. */
const SCALES: Readonly<Record<string, readonly [base: string, factor: number]>> = {
  公里: ['米', 1000],
  千米: ['米', 1000],
  km: ['米', 1000],
  米: ['米', 1],
  公斤: ['公斤', 1],
  千克: ['公斤', 1],
  kg: ['公斤', 1],
  斤: ['公斤', 0.5],
  吨: ['公斤', 1000],
  t: ['公斤', 1000],
  平方公里: ['平方米', 1000000],
  平方千米: ['平方米', 1000000],
  公顷: ['平方米', 10000],
  平方米: ['平方米', 1],
  平米: ['平方米', 1],
  立方米: ['立方米', 1],
  方: ['立方米', 1],
  立方: ['立方米', 1],
};

/** What a physical unit is in the base unit of its kind; null for a unit that has no other beside it. */
export function unitScale(name: string): { base: string; factor: number } | null {
  const scale = SCALES[name];
  return scale === undefined ? null : { base: scale[0], factor: scale[1] };
}

interface Qualifier {
  text: string;
  op: FigureOp;
  /** It is none after one of these characters: 约 in 节约, 近 in 附近. */
  notAfter?: string;
  /** It is one after these words all the same: 约 in 折合约190公顷, though not in 合约. */
  butAfter?: readonly string[];
}

/** Before the number, the longest first. */
export const LEADING: readonly Qualifier[] = (
  [
    { text: '不得低于', op: 'gte' },
    { text: '不得少于', op: 'gte' },
    { text: '不得超过', op: 'lte' },
    { text: '不低于', op: 'gte' },
    { text: '不少于', op: 'gte' },
    { text: '不小于', op: 'gte' },
    { text: '不超过', op: 'lte' },
    { text: '不高于', op: 'lte' },
    { text: '不大于', op: 'lte' },
    { text: '不多于', op: 'lte' },
    { text: '大于等于', op: 'gte' },
    { text: '小于等于', op: 'lte' },
    { text: '至少', op: 'gte' },
    { text: '最少', op: 'gte' },
    { text: '最低', op: 'gte' },
    { text: '至多', op: 'lte' },
    { text: '最多', op: 'lte' },
    { text: '最高', op: 'lte' },
    { text: '超过', op: 'gt' },
    { text: '突破', op: 'gt' },
    { text: '高于', op: 'gt' },
    { text: '大于', op: 'gt' },
    { text: '多于', op: 'gt' },
    { text: '不足', op: 'lt' },
    { text: '不到', op: 'lt' },
    { text: '未满', op: 'lt' },
    { text: '不满', op: 'lt' },
    { text: '低于', op: 'lt' },
    { text: '少于', op: 'lt' },
    { text: '小于', op: 'lt' },
    { text: '大约', op: 'approx' },
    { text: '接近', op: 'approx' },
    { text: '将近', op: 'approx' },
    { text: '逾', op: 'gt' },
    { text: '超', op: 'gt', notAfter: '赶反高' },
    {
      text: '约',
      op: 'approx',
      notAfter: '节签预制违契合条公特邀履集简新婚相解毁立誓盟',
      butAfter: ['折合', '综合', '整合', '组合', '成立', '设立', '建立', '募集', '收集', '征集', '更新'],
    },
    { text: '近', op: 'approx', notAfter: '附最邻临靠亲远贴逼就晚新' },
  ] satisfies Qualifier[]
).toSorted((a, b) => b.text.length - a.text.length);

/** The characters that qualifiers before a number end with. */
export const LEADING_ENDS = new Set(LEADING.map(({ text }) => text.slice(-1)));

/** Behind the unit, the longest first. */
export const TRAILING: readonly Qualifier[] = [
  { text: '及以上', op: 'gte' },
  { text: '及以下', op: 'lte' },
  { text: '或以上', op: 'gte' },
  { text: '以上', op: 'gte' },
  { text: '以下', op: 'lte' },
  { text: '以内', op: 'lte' },
  { text: '之内', op: 'lte' },
  { text: '左右', op: 'approx' },
  { text: '上下', op: 'approx' },
];

/** Between the number and its unit, or behind the unit. */
export const INNER: Readonly<Record<string, FigureOp>> = {
  多: 'gt',
  余: 'gt',
  来: 'approx',
  几: 'approx',
  数: 'approx',
  上: 'gte',
  过: 'gt',
};

/** What a measure is called by the word that follows its quotation within a few characters. */
export const PROGRAMME_AFTER =
  /^[^，,。；;、：:！!？?（(“”"《》\d的]{0,6}?(?:活动|行动|工程|模式|战略|机制|工作法|计划|项目|体系|制度|品牌|改革|做法|试点|平台|格局|布局)/;
/** What a quotation ends with that is itself the name of one: “雪亮工程”. */
export const PROGRAMME_NAME = /[^+]{2}(?:工程|行动|计划|模式|机制|工作法)$/;
export const PROGRAMME_BEFORE =
  /(?:实施|推行|打造|推进|开展|构建|创新|探索|建立|健全|启动|创建|推广|实行|抓好)(?:了|好|以)?$/;

/** Quotations that are no measures. People add their own for their workspace. */
export const NO_MEASURES: readonly string[] = [
  '两委',
  '头脑风暴',
  '一把手',
  '十三五',
  '十四五',
  '十五五',
  '十二五',
  '回头看',
  '五一',
  '十一',
  '七一',
  '八一',
  '三八',
  '六一',
  '双节',
  '两会',
  '大锅饭',
  '等靠要',
  '最后一公里',
  '最初一公里',
  '拦路虎',
  '金钥匙',
  '领头雁',
  '主心骨',
  '压舱石',
  '牛鼻子',
  '绊脚石',
  '领头羊',
  '顶梁柱',
  '聚宝盆',
  '摇钱树',
  '定心丸',
  '及时雨',
  '硬骨头',
  '老大难',
  '一阵风',
  '一刀切',
  '两新',
  '四风',
  '三农',
  '三资',
];
