import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { checkReport } from './check.ts';
import type { ContentJson } from '#lib/report/model.ts';
import { conflictsAcross, type RegisterRow } from './consistency.ts';
import { describeFinding } from './describe.ts';
import { checkedReport } from './document.ts';
import type { CheckedReport, Finding } from './figure.ts';
import { checkGlossary } from './glossary.ts';
import { checkLanguage, normalisePunctuation } from './language.ts';
import { reportOf, rightParagraphs, samples } from './testing.ts';

const surfaceOf = ({ blocks }: CheckedReport, { ranges: [range] }: Finding) =>
  range === undefined ? '' : (blocks[range.block]?.text.slice(range.start, range.end) ?? '');

/** What was found, as `rule verdict surface`, in the order of the text. */
const found = (report: CheckedReport, findings: readonly Finding[]) =>
  findings.map((one) => `${one.rule} ${one.verdict} ${surfaceOf(report, one)}`);

/** The text of a block with the fixes of all findings about it made. */
function repaired({ blocks }: CheckedReport, findings: readonly Finding[], block = 0): string {
  const fixes = findings.flatMap(({ fix }) => fix ?? []).filter((fix) => fix.block === block);
  return fixes
    .sort((a, b) => b.start - a.start)
    .reduce(
      (text, { start, end, text: better }) => text.slice(0, start) + better + text.slice(end),
      blocks[block]?.text ?? '',
    );
}

describe('the samples', () => {
  test.each(samples().map((sample) => ({ id: sample.id, sample })))(
    'F20. all arithmetic of $id is told as the gold list has it, and nothing else is called wrong',
    ({ sample }) => {
      const report = reportOf({ text: sample.title, style: 'title' }, ...sample.paragraphs);
      const findings = checkReport(report);
      const told = findings.map(
        (one) => `${(one.ranges[0]?.block ?? 0) - 1} ${one.verdict} ${surfaceOf(report, one)}`,
      );
      const gold = sample.arithmetic.map(
        ({ paragraph, verdict, stated, total }) => `${paragraph} ${verdict} ${stated ?? total}`,
      );
      expect(gold.filter((one) => !told.includes(one))).toEqual([]);
      expect(told.filter((one) => one.includes(' mismatch ') && !gold.includes(one))).toEqual([]);
    },
  );
});

test('F20. paragraphs whose arithmetic is right have no mismatch, each alone and all as one report', () => {
  const wrong = (...texts: string[]) =>
    checkReport(reportOf(...texts)).filter(({ verdict }) => verdict === 'mismatch');
  for (const text of rightParagraphs()) expect(wrong(text)).toEqual([]);
  expect(wrong(...rightParagraphs())).toEqual([]);
});

test('F20. what 其中 takes a share of is all that a list before it names', () => {
  const shareOf = (stated: string) =>
    checkReport(reportOf(`新建学校6所、改扩建学校31所，其中农村学校28所、占${stated}。`)).find(
      ({ rule }) => rule === 'share',
    );
  expect(shareOf('75.7%')).toMatchObject({ verdict: 'ok' });
  expect(shareOf('75.6%')).toMatchObject({
    verdict: 'mismatch',
    arithmetic: '28所 ÷ （6所 + 31所） = 75.68%',
  });
});

test('F20. a report is checked as our JSON has it, too', () => {
  const text = '由88.5%提高到96.2%，提高7.6个百分点。';
  const content: ContentJson = {
    type: 'doc',
    content: [{ type: 'paragraph', content: [{ type: 'text', text }] }],
  };
  expect(checkReport({ content })).toEqual(checkReport(reportOf(text)));
  expect(checkReport(content)).toEqual(checkReport(reportOf(text)));
});

const check = (...blocks: Parameters<typeof reportOf>) => {
  const report = reportOf(...blocks);
  return found(report, checkReport(report));
};

describe('arithmetic', () => {
  test.each<[string, string[]]>([
    ['共有党员1886名，其中妇女599人，占31.76%。', ['share ok 31.76%']],
    ['选派党员1886名，其中妇女599名，占31.76%。', ['share ok 31.76%']],
    ['选派党员1886名，其中妇女599名，占31.67%。', ['share mismatch 31.67%']],
    ['到位资金11.16亿元、占总投资18.6亿元的60%。', ['share ok 60%']],
    ['占专任教师6180名的6.67%。', []],
    ['排查问题1856个，完成整治1671个、整治率90%。', ['share ok 90%']],
    ['排查问题1856个，完成整治1671个、整治率91%。', ['share mismatch 91%']],
    ['纳入监测的15条河流中，14条达标，优良比例为93.3%。', ['share ok 93.3%']],
    ['纳入监测的15条河流中，14条达标，优良比例为93.8%。', ['share mismatch 93.8%']],
    ['受理诉求5630件，办结5602件，办结率95.5%。', ['share mismatch 95.5%']],
    ['建成水厂12座，惠及群众5万人，普及率95.5%。', []],
    ['培育企业40家，其中规上企业10家。', ['share derived 10家']],
    ['持证2.37万名，约占常住人口的3.1%，其中重度9480名，占三成。', ['share mismatch 三成']],
    ['减税2.13亿元，惠及1.87万户次。其中，支持科技创新6820万元，占23%。', ['share mismatch 23%']],
    ['减税2.13亿元，退税1.1亿元。其中，支持科技创新6820万元，占23%。', []],
  ])('F21. %s', (text, expected) => {
    expect(check(text)).toEqual(expected);
  });

  test.each<[string, string[]]>([
    ['实施项目46个，其中水源9个、灌区12个、防洪25个。', ['partition ok 46个']],
    ['实施项目46个，其中水源9个、灌区12个、防洪26个。', ['partition mismatch 46个']],
    ['实施项目46个，其中水源9个、灌区12个、防洪24个等。', []],
    ['学校128所，其中小学42所、初中18所。', []],
    ['建成一类3个、二类5个，共8个。', ['partition ok 8个']],
    ['建成一类3个、二类5个，共9个。', ['partition mismatch 9个']],
    ['种植2.4万亩，其中柑橘1.3万亩、茶叶8000亩、菌3000亩。', ['partition ok 2.4万亩']],
    ['教职工132人，其中高级28人，一级45人，本科118人。', ['partition query 132人']],
    ['实施项目40多个，其中水源9个、灌区12个、防洪25个。', ['partition ok 40多个']],
    ['计划实施项目46个，其中水源9个、灌区12个、防洪25个。', ['partition ok 46个']],
    // What has no parts that add up to it, and what can be several things at once, is not called wrong.
    ['居民人均可支配收入29864元，其中城镇居民40215元、农村居民21306元。', []],
    ['全县平均降雨量56毫米，其中城关镇82毫米、东山乡71毫米。', []],
    ['最高奖励100万元，其中市级60万元、县级50万元。', []],
    ['共有党员43名，其中女党员12名、少数民族党员9名、大学以上学历24名。', ['partition query 43名']],
    ['查处案件120件，其中立案98件、结案87件。', ['partition query 120件']],
    ['发放贷款12亿元，其中小微企业8亿元、涉农贷款5.5亿元。', ['partition query 12亿元']],
    ['进出口8.64亿元，其中出口7.92亿元、进口0.72亿元，进出口相抵，顺差7.2亿元。', ['partition ok 8.64亿元']],
    ['户籍人口48.5万人，其中男性23.4万人，女性22.4万人。', ['partition mismatch 48.5万人']],
    ['户籍人口49.6万人，其中男性23.4万人，女性22.4万人。', ['partition mismatch 49.6万人']],
    ['水电12万千瓦、光伏20万千瓦，总装机达32万千瓦。', ['partition ok 32万千瓦']],
    ['水电12万千瓦、光伏20万千瓦，总装机达33万千瓦。', ['partition query 33万千瓦']],
    ['今年新增12家、去年新增15家，总数达86家。', []],
    [
      '生产总值286.2亿元，增长5.8%。其中，一产62.3亿元，增长4.1%；二产98.7亿元；三产125.2亿元。',
      ['partition ok 286.2亿元'],
    ],
    [
      '组织收入28.46亿元，同比增长6.2%。其中，税收16.92亿元；社保费9.38亿元；非税2.34亿元。',
      ['partition mismatch 28.46亿元'],
    ],
    ['贷款28.46亿元。其中，小微16.9亿元；绿色9.38亿元；涉农7.34亿元。', ['partition query 28.46亿元']],
  ])('F22. %s', (text, expected) => {
    expect(check(text)).toEqual(expected);
  });

  test.each<[string, string[]]>([
    ['由88.5%提高到96.2%，提高7.7个百分点。', ['difference ok 7.7个百分点']],
    ['由88.5%提高到96.2%，提高7.6个百分点。', ['difference mismatch 7.6个百分点']],
    ['由12%下降到9%，下降3个百分点。', ['difference ok 3个百分点']],
    ['投资由8亿元增加到9.6亿元，增长20%。', ['growth ok 20%']],
    ['投资由8亿元增加到9.6亿元，增长25%。', ['growth mismatch 25%']],
    ['完成投资45.6亿元，比上年增加5.7亿元，增长14.3%。', ['growth ok 14.3%']],
    ['完成投资45.6亿元，比上年增加5.7亿元，增长12.5%。', ['growth mismatch 12.5%']],
    ['完成投资9.6亿元，较2022年的8亿元增长20%。', ['growth ok 20%']],
    ['完成投资9.6亿元，同比增长12.5%。', []],
    ['收入28.64亿元，同比增长6.2%、增收1.67亿元。', ['growth ok 6.2%']],
    ['收入28.64亿元，同比增长2.6%、增收1.67亿元。', ['growth mismatch 2.6%']],
    ['面积由12万亩扩大到15万亩，产值提高30%。', []],
    ['办理时间由10天缩短到3天，最快的缩短了80%。', []],
    ['完成率由85%提高到92%，今年比前年提高10个百分点。', []],
    ['办税厅由5个整合为3个，减少六成。', ['growth mismatch 六成']],
    ['改造住房320户，投入资金256万元、户均8000元。', ['per_capita ok 256万元']],
    ['改造住房320户，投入资金256万元、户均8600元。', ['per_capita mismatch 256万元']],
    ['为412名0—6岁儿童提供救助，发放补贴618万元，人均1.8万元。', ['per_capita mismatch 618万元']],
    ['帮扶农户320户，累计发放贷款256万元，户均8600元。', []],
    ['由5.2天缩短至2.6天，压缩一半。', ['change_fraction ok 一半']],
    ['由48小时缩短至16小时，缩短三分之一。', ['change_fraction mismatch 三分之一']],
    ['由1.5元涨到3元，翻了一番。', ['change_fraction ok 翻了一番']],
    ['改革面积达到32.5万亩，亩均节水85立方米，年节水2700多万立方米。', ['product ok 2700多万立方米']],
    ['改革面积达到32.5万亩，亩均节水85立方米，年节水3700万立方米。', ['product mismatch 3700万立方米']],
    ['常住人口52.3万人，人均补助94元，总经费4916.2万元。', ['per_capita ok 4916.2万元']],
  ])('F23. %s', (text, expected) => {
    expect(check(text)).toEqual(expected);
  });

  test.each<[string, string]>([
    ['全县有党员18860名，其中农村党员9430名，占比52%。', 'share mismatch 52%'],
    ['流转土地3.6万亩，占耕地总面积12万亩的35%。', 'share mismatch 35%'],
    ['45个村中有36个达标，达标率为85%。', 'share mismatch 85%'],
    ['完成投资12亿元，占年度计划15亿元的75%。', 'share mismatch 75%'],
    ['调解纠纷1200件，成功1140件，成功率为92%。', 'share mismatch 92%'],
    ['查处案件320件，其中刑事案件80件，占三分之一。', 'share mismatch 三分之一'],
    ['新建学校5所，其中小学3所、初中3所。', 'partition mismatch 5所'],
    ['全部46个项目中，已完工30个、在建10个、未开工5个。', 'partition mismatch 46个'],
    ['分别建成12个、15个、18个，共计46个。', 'partition mismatch 46个'],
    ['培训男生520人、女生470人，共1000人。', 'partition mismatch 1000人'],
    ['危房改造1860户，其中C级1200户，D级760户。', 'partition mismatch 1860户'],
    ['普及率提高到96.2%，比2020年的88.5%提高7.5个百分点。', 'difference mismatch 7.5个百分点'],
    ['普及率由2020年的88.5%提高到2023年的96.2%、提高7.5个百分点。', 'difference mismatch 7.5个百分点'],
    ['人均可支配收入由1.2万元增加到1.5万元，增长20%。', 'growth mismatch 20%'],
    ['实现收入15000元，比上年增加3000元、增长20%。', 'growth mismatch 20%'],
    ['投入资金5.6亿元，较上年4.8亿元增长20%。', 'growth mismatch 20%'],
    ['时间由20天压缩到5天，压缩了四分之一。', 'change_fraction mismatch 四分之一'],
    ['车辆由300辆增至900辆，是原来的2倍。', 'change_fraction mismatch 2倍'],
    ['每户补助2000元，共补助350户，发放资金80万元。', 'per_capita mismatch 80万元'],
    ['发放贷款2.07亿元，惠及创业实体613家，户均38.3万元。', 'per_capita mismatch 2.07亿元'],
    ['下拨资金1千2百万元，其中省级900万元、县级400万元。', 'partition mismatch 1千2百万元'],
    ['种植辣椒1200亩，亩均产值5000元，总产值500万元。', 'product mismatch 500万元'],
    ['种植水稻2000亩，亩产500公斤，总产量900吨。', 'product mismatch 900吨'],
    ['2021年至2023年，连续四年投入3亿元。', 'duration mismatch 四年'],
    ['全县共有行政村213个，覆盖231个行政村。', 'consistency mismatch 231个'],
  ])('F20. the error planted in %s is found', (text, expected) => {
    expect(check(text)).toContain(expected);
  });

  test.each([
    ['由每人每月123元提高到143元，提高30元。', 'difference', '143元 − 123元 = 20元'],
    ['排查隐患684处，整改692处，整改率98.8%。', 'share', '692处 ÷ 684处 = 101.17%'],
    [
      '甲由82%提高到90%，乙由66%提高到75.5%，分别提高7个和9.5个百分点。',
      'difference',
      '90% − 82% = 8个百分点',
    ],
  ])('F21 and F23. %s is wrong once, as %s', (text, rule, arithmetic) => {
    const wrong = checkReport(reportOf(text)).filter(({ verdict }) => verdict === 'mismatch');
    expect(wrong.map((one) => [one.rule, one.arithmetic])).toEqual([[rule, arithmetic]]);
  });

  test('F20. a mismatch shows its arithmetic in both languages, and its fix makes it right', () => {
    const report = reportOf('选派党员1,886名，其中妇女599名，占31.67%。');
    const [one] = checkReport(report);
    if (one === undefined) throw new Error('nothing was found');
    expect(one.arithmetic).toBe('599名 ÷ 1,886名 = 31.76%');
    expect(describeFinding(one, { locale: 'zh-CN' })).toBe(
      '占比不符：599名 ÷ 1,886名 = 31.76%，文中写 31.67%',
    );
    expect(describeFinding(one, { locale: 'en' })).toBe(
      'The share is wrong: 599名 ÷ 1,886名 = 31.76%, the text says 31.67%',
    );
    expect(repaired(report, [one])).toBe('选派党员1,886名，其中妇女599名，占31.76%。');
  });

  test('F20. a number of several parts is not put right by another in place of its first', () => {
    const [one] = checkReport(reportOf('下拨资金1亿2千万元，其中省级9000万元、县级4000万元。'));
    expect(one?.verdict).toBe('mismatch');
    expect(one?.fix).toBeUndefined();
  });

  test('F20. a finding keeps its key when other words of the report change', () => {
    const keys = (...texts: string[]) => checkReport(reportOf(...texts)).map(({ key }) => key);
    const wrong = '选派党员1886名，其中妇女599名，占31.67%。';
    expect(keys('开头。', `先说两句。${wrong}`)).toEqual(keys(wrong));
  });
});

describe('words and numbers', () => {
  test.each<[string, string[]]>([
    ['《基础教育三年行动方案（2023—2025年）》', ['duration ok 2023—2025年']],
    ['《基础教育三年行动方案（2023—2026年）》', ['duration query 2023—2026年']],
    ['《基础教育三年行动方案（2023—2028年）》', ['duration mismatch 2023—2028年']],
    ['2024—2026年，用四年时间建成。', ['duration mismatch 四年']],
    ['2021—2023年三年累计投入9亿元。', ['duration ok 三年']],
    ['2021—2023年五年累计投入9亿元。', ['duration mismatch 五年']],
    [
      '推进“五个振兴”（产业、人才、文化、生态、组织）。',
      ['expansion ok “五个振兴”（产业、人才、文化、生态、组织）'],
    ],
    ['推进“五个振兴”（产业、人才、文化、生态）。', ['expansion query “五个振兴”（产业、人才、文化、生态）']],
    ['推进“五个振兴”（产业、人才、文化等）。', []],
    [
      '“三个一”工程：一个规划、一支队伍、一套机制，统筹推进。',
      ['expansion ok “三个一”工程：一个规划、一支队伍、一套机制，统筹推进'],
    ],
    [
      '围绕组织、队伍、产业、治理、服务、作风4个方面。',
      ['expansion query 围绕组织、队伍、产业、治理、服务、作风4个方面'],
    ],
    ['2020年以来累计投入5亿元，当年完成2亿元。', ['period query 2亿元']],
  ])('F24. %s', (text, expected) => {
    expect(check(text)).toEqual(expected);
  });
});

describe('consistency', () => {
  test.each<[string[], string[]]>([
    [['全县17个乡镇全部覆盖。', '覆盖18个乡镇。'], ['consistency mismatch 18个']],
    [['全县17个乡镇全部覆盖。', '覆盖12个乡镇。'], []],
    [['辖23个行政村。', '全镇21个行政村参与。'], ['consistency mismatch 21个']],
    [['全县17个乡镇。', '全县17个社区。'], []],
    [['带动农户2130户增收。', '带动农户2310户增收。'], ['transposition query 2310户']],
    [['计划新建泵站213座。', '建成水闸231座。'], []],
    [['清川区辖17个乡镇，占全市118个乡镇的14.4%。', '全市118个乡镇全覆盖。'], []],
    [['全县辖17个乡镇，东山片区辖6个乡镇，西山片区辖11个乡镇。'], []],
    [['全校共有学生1200人，其中初中部共有学生800人。'], ['share derived 800人']],
    [['东村共有党员43名。', '西村党员120名。', '另一村现有党员52名。'], []],
    [['村里共有党员43名。', '现有党员52名。'], ['consistency query 52名']],
    [['全县共有乡镇17个。', '辖18个乡镇。'], ['consistency mismatch 18个']],
    [['科技型中小企业入库1036家。', '面向1063家科技型中小企业。'], ['transposition query 1063家']],
  ])('F25. %s', (texts, expected) => {
    expect(check(...texts)).toEqual(expected);
  });

  const row = (report: string, value: string, more: Partial<RegisterRow> = {}): RegisterRow => ({
    report,
    id: `${report}-${value}`,
    value,
    unit: '个',
    unitClass: 'item',
    kind: 'count',
    op: 'eq',
    modality: 'actual',
    object: '乡镇',
    scope: '全县',
    period: '2023',
    ...more,
  });

  test('F25. across reports another value of the same thing is a conflict, and nothing is merged', () => {
    const rows = [row('a', '17'), row('b', '18'), row('c', '17')];
    expect(conflictsAcross(rows)).toEqual([{ object: '乡镇', rows, transposed: false }]);
    expect(conflictsAcross([row('a', '213'), row('b', '231')])[0]?.transposed).toBe(true);
  });

  test.each<[string, Partial<RegisterRow>]>([
    ['another object', { object: '社区' }],
    ['another period', { period: '2022' }],
    ['another scope', { scope: '全市' }],
    ['a promise', { modality: 'plan' }],
    ['a bound', { op: 'gt' }],
    ['a range', { valueMax: '20' }],
  ])('F25. across reports %s is no conflict', (_, more) => {
    expect(conflictsAcross([row('a', '17'), row('b', '18', more)])).toEqual([]);
  });
});

test('F26. the sums of a table are checked, the unit read from the heading', () => {
  const cell = (text: string) => ({
    type: 'tableCell' as const,
    content: [{ type: 'paragraph' as const, content: text === '' ? [] : [{ type: 'text' as const, text }] }],
  });
  const table = (total: string) =>
    checkedReport({
      type: 'doc',
      content: [
        {
          type: 'table',
          content: [
            ['项目', '投资（万元）', '完成率'],
            ['甲', '86,000', '100%'],
            ['乙', '45,200', '92.5%'],
            ['合计', total, ''],
          ].map((row) => ({ type: 'tableRow' as const, content: row.map(cell) })),
        },
      ],
    });
  const right = table('131,200');
  expect(found(right, checkReport(right))).toEqual(['partition ok 131,200']);
  const wrong = table('132,200');
  const [one] = checkReport(wrong);
  expect(one?.verdict).toBe('mismatch');
  expect(one?.fix?.[0]?.text).toBe('131,200');
});

describe('language', () => {
  const told = (text: string) => {
    const report = reportOf(text);
    return found(report, checkLanguage(report));
  };

  test.each<[string, string, string]>([
    ['到会约30人左右。', 'double_approximation', '到会约30人。'],
    ['超过50个以上。', 'double_approximation', '超过50个。'],
    ['由40%提高到45%，提高5%。', 'percent_change', '由40%提高到45%，提高5个百分点。'],
    ['一，加强领导。', 'level_number', '一、加强领导。'],
    ['（一）、组织领导。', 'level_number', '（一）组织领导。'],
    ['岚发[2022]15号。', 'document_number', '岚发〔2022〕15号。'],
    ['推进“甲”、“乙”。', 'enumeration_comma', '推进“甲”“乙”。'],
    ['等等...', 'ellipsis', '等等……'],
    ['2021-2023年。', 'year_range', '2021—2023年。'],
    ['投入5-6亿元。', 'value_range', '投入5亿～6亿元。'],
    ['开展开展工作。', 'repeated_words', '开展工作。'],
    ['完成,很好。', 'half_width', '完成，很好。'],
    ['开展"清四乱"行动。', 'straight_quotes', '开展“清四乱”行动。'],
  ])('F30. %s is found and put right', (text, rule, better) => {
    const report = reportOf(text);
    const findings = checkLanguage(report);
    expect(findings.map((one) => one.rule)).toEqual([rule]);
    expect(repaired(report, findings)).toBe(better);
  });

  test.each<[string, string[]]>([
    ['他说“好。', ['unpaired mismatch “']],
    ['印发《规划。', ['unpaired mismatch 《']],
    ['成本减少3倍。', ['decrease_multiple mismatch 减少3倍']],
    ['约20几个。', ['several_with_digits mismatch 20几']],
    [`${'我们要继续努力，'.repeat(23)}。`, [`long_sentence query ${'我们要继续努力，'.repeat(23)}。`]],
    ['一步一步走，投入3—5年，完成12.5%，比例3:1，9:30开会。', []],
  ])('F30. %s', (text, expected) => {
    expect(told(text)).toEqual(expected);
  });

  test('F31. run-in headings stand in parallel, and the title in equal halves', () => {
    const heading = (text: string) => ({ text: `${text}正文。`, runIn: text.length });
    const headings = ['强统筹抓项目，夯实水网基础。', '强服务保供水，提升用水品质。'];
    const rules = (...more: string[]) =>
      checkLanguage(reportOf(...[...headings, ...more].map(heading))).map(({ message }) => message.key);
    expect(rules('强管护优生态，守护河湖健康。')).toEqual([]);
    expect(rules('抓管护优生态，守护河湖健康。')).toEqual(['figures_finding_parallel_headings_opening']);
    expect(rules('强管护优生态，守护河湖的健康。')).toEqual(['figures_finding_parallel_headings_unequal']);
    // As most of them are, unequal halves are the form of this report.
    const six = ['优布局补短板，让新学校建到家门口。', '强队伍活机制，让好老师愿意留下来。'];
    const rulesOf = (...texts: string[]) =>
      checkLanguage(reportOf(...texts.map(heading))).map(({ message }) => message.key);
    expect(rulesOf(...six, '抓联盟促共享，让好课程走进大山来。')).toEqual([]);
    expect(rulesOf(...six, '抓联盟促共享，让好课程走进山里。')).toEqual([
      'figures_finding_parallel_headings_unequal',
    ]);
    const title = (text: string) => checkLanguage(reportOf({ text, style: 'title' })).map(({ rule }) => rule);
    expect(title('岚亭县：系统治水添动能 兴水惠民促发展')).toEqual([]);
    expect(title('岚亭县：系统治水添动能 兴水惠民促大发展')).toEqual(['couplet']);
  });

  test.each([
    ['完成投资45.6亿元,增长12.5%;1,260公里.', '完成投资45.6亿元，增长12.5%；1,260公里。'],
    ['他说:"好"(见附件)!', '他说：“好”（见附件）！'],
    ['比例为3:1,9:30开会', '比例为3:1，9:30开会'],
    ['见https://example.org/a,b.html', '见https://example.org/a,b.html'],
    ['1.加强领导', '1.加强领导'],
    ['plain English, only.', 'plain English, only.'],
    ['他说"好', '他说"好'],
    ['依据(f(x)(y))', '依据（f(x)(y)）'],
    ['依据((试行))、(())', '依据（（试行））、（（））'],
  ])('F32. %s is normalised', (text, better) => {
    expect(normalisePunctuation(text)).toBe(better);
  });

  test('F32. normalising keeps the length, and done again changes nothing', () => {
    const marked = fc
      .array(fc.constantFrom(...'中文字12.,;:!?()"\'（）“”，。abc \n%…—《》'), { maxLength: 40 })
      .map((parts) => parts.join(''));
    fc.assert(
      fc.property(marked, (text) => {
        const better = normalisePunctuation(text);
        expect(better).toHaveLength(text.length);
        expect(normalisePunctuation(better)).toBe(better);
      }),
      { numRuns: 2_000 },
    );
  });
});

test('F33. near misses of canonical names and documents without 《》 are found, the names themselves are not', () => {
  const terms = [
    { name: '整乡推进', kind: 'slogan' as const },
    { name: '岚亭县水网建设规划', kind: 'document' as const },
  ];
  const report = reportOf('坚持“整乡推动”，整乡推进。', '落实岚亭县水网建设规划，《岚亭县水网建设规划》。');
  const findings = checkGlossary(report, terms);
  expect(found(report, findings)).toEqual(['glossary query 整乡推动', 'glossary query 岚亭县水网建设规划']);
  expect(repaired(report, findings)).toBe('坚持“整乡推进”，整乡推进。');
  expect(repaired(report, findings, 1)).toBe('落实《岚亭县水网建设规划》，《岚亭县水网建设规划》。');
});

test('F20. for every report: nothing throws, ranges lie in their blocks, fixes do not overlap, every finding can be said', () => {
  const pieces = fc.constantFrom(
    ...samples().flatMap(({ paragraphs }) => paragraphs.flatMap((text) => text.split(/(?<=[，。、；])/))),
    '占50%。',
    '其中3个、4个，',
    '由5%降至3%，下降2个百分点',
    '"(',
    '共7个。',
    '人均3元，总0元',
  );
  const blocks = fc.array(
    fc.array(pieces, { maxLength: 8 }).map((parts) => parts.join('')),
    { maxLength: 4 },
  );
  fc.assert(
    fc.property(blocks, (texts) => {
      const report = reportOf(
        ...texts.map((text, at) => ({ text, runIn: at > 0 ? Math.min(text.length, 8) : 0 })),
      );
      for (const one of [...checkReport(report), ...checkLanguage(report)]) {
        expect(one.ranges.length).toBeGreaterThan(0);
        for (const { block, start, end } of [...one.ranges, ...(one.fix ?? [])]) {
          expect(start).toBeGreaterThanOrEqual(0);
          expect(start).toBeLessThanOrEqual(end);
          expect(end).toBeLessThanOrEqual(texts[block]?.length ?? -1);
        }
        const fixes = (one.fix ?? []).toSorted((a, b) => a.start - b.start);
        fixes.forEach((fix, at) => expect(fix.start).toBeGreaterThanOrEqual(fixes[at - 1]?.end ?? 0));
        for (const locale of ['zh-CN', 'en'] as const) expect(describeFinding(one, { locale })).not.toBe('');
      }
    }),
    { numRuns: 300 },
  );
});

test.each([
  '约1',
  '其中3个、',
  '占5%，',
  '由5%降至3%，',
  '人均3元，',
  '213个村，231个村，',
  '"',
  '（',
  '1',
  '甲、',
  '“三个一”：',
  '1日',
])('F16. a paragraph of eight times as much of %s takes eight times as long to check', (piece) => {
  expectLinear((length) => piece.repeat(Math.ceil(length / piece.length)));
});

test.each<[what: string, text: (length: number) => string]>([
  ['zeros in the number of a document', (length) => `（2023）${'0'.repeat(length)}`],
  ['zeros in a number behind 第', (length) => `〔2023〕第${'0'.repeat(length)}`],
  ['pauses between two parts', (length) => `46个，其中9个${'、'.repeat(length)}，12个`],
  ['brackets behind blanks', (length) => '　'.repeat(length) + '）'.repeat(length)],
])('F16. eight times as many %s take eight times as long to check', (_what, text) => {
  expectLinear(text);
});

function expectLinear(text: (length: number) => string): void {
  const [short, long] = [reportOf(text(3_000)), reportOf(text(24_000))];
  const time = (of: CheckedReport) => {
    const begun = performance.now();
    checkReport(of);
    checkLanguage(of);
    return performance.now() - begun;
  };
  // Quadratic is 64 times as long, each time it is tried; a machine that is busy is so only now and then.
  let ratio = Infinity;
  for (let tries = 0; tries < 8 && ratio >= 24; tries++)
    ratio = Math.min(ratio, time(long) / Math.max(time(short), 0.1));
  expect(ratio).toBeLessThan(24);
}
