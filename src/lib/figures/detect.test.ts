import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { detectFigures, detectMeasures } from './detect.ts';
import { cases, samples, score, told } from './testing.ts';

test.each(cases())('$text', ({ text, figures }) => {
  expect(detectFigures(text).map(told)).toEqual(figures);
});

test.each(samples().map((sample) => ({ id: sample.id, sample })))(
  'all figures and measures of $id are found, with value, unit, qualifier and kind, and nothing else',
  ({ sample }) => {
    expect(score(sample).faults).toEqual([]);
  },
);

describe('what the words around a figure say', () => {
  const only = (text: string) => {
    const found = detectFigures(text).at(-1);
    if (found === undefined) throw new Error(`nothing in ${text}`);
    return found;
  };

  test.each([
    ['提高到96%。', undefined],
    ['提高7.7个百分点。', 'up'],
    ['同比下降三分之一。', 'down'],
    ['增长了12.3%。', 'up'],
    ['比上年增产0.3万吨。', 'up'],
    ['减收1.6亿元。', 'down'],
    ['由5.2天缩短至2.6天。', undefined],
  ])('F13. %s is a level or a change', (text, trend) => {
    expect(only(text).trend).toBe(trend);
  });

  test.each([
    ['同比增长12.3%', '同比'],
    ['环比下降2%', '环比'],
    ['较2020年下降16%', '较2020年'],
    ['比上年增加3个', '比上年'],
  ])('F13. %s is measured against something', (text, basis) => {
    expect(only(text).basis).toBe(basis);
  });

  test('F13. a space between words and numbers changes nothing of what a figure says', () => {
    const text =
      '粮食总产量达到59.8万吨，同比增长5.8%，普及率比2021年提高1.3个百分点，创业实体户均投资3.2万元。力争到2027年覆盖率达到85%以上，连续3年居全省第2位。';
    const spaced = text.replaceAll(/(?<=[\u4e00-\u9fff])(?=\d)|(?<=[\d%])(?=[\u4e00-\u9fff])/g, ' ');
    const facts = (words: string) =>
      detectFigures(words).map(({ start: _start, end: _end, surface, ...rest }) => ({
        ...rest,
        surface: surface.replaceAll(' ', ''),
      }));
    expect(facts(spaced)).toEqual(facts(text));
    expect(facts(text)).toContainEqual(expect.objectContaining({ value: '5.8', trend: 'up', basis: '同比' }));
  });

  test.each([
    ['亩均节水85立方米', '亩'],
    ['人均可支配收入26800元', '人'],
    ['每年不低于600万元', '年'],
    ['共600万元', undefined],
  ])('F13. %s is of one of something', (text, per) => {
    expect(only(text).per).toBe(per);
  });

  test.each([
    ['计划新建3座', 'plan'],
    ['到2025年，有效利用系数提高到0.62', 'plan'],
    ['力争突破10亿元', 'plan'],
    ['将建成12个', 'plan'],
    ['将水质检测频次由每季度1次增加到每月2次', 'actual'],
    ['已建成12个', 'actual'],
  ])('F13. %s is done or promised', (text, modality) => {
    expect(only(text).modality).toBe(modality);
  });

  test.each([
    ['累计实施重点水利项目46个', '重点水利项目'],
    ['惠及16个乡镇', '乡镇'],
    ['其中水源工程9个、防洪工程25个', '防洪工程'],
    ['487名河长累计巡河', '河长'],
    ['2023年完成水利投资6.85亿元', '水利投资'],
    ['培育主体2168个', '主体'],
    ['近三年来首次实现', undefined],
  ])('F13. the counted thing of %s stands before or after the number', (text, object) => {
    expect(only(text).object).toBe(object);
  });

  test.each([
    ['2023年完成投资6亿元', '2023'],
    ['2021年以来，累计实施46个', '2021/'],
    ['较2020年下降16%', undefined],
    ['率由2020年的88.5%提高到96.2%', undefined],
    ['2023年1—9月完成投资6亿元', '2023-01/2023-09'],
    ['2023年上半年完成投资6亿元', '2023-H1'],
  ])('F13. the period of %s is the nearest told in the sentence', (text, period) => {
    expect(only(text).period).toBe(period);
  });
});

describe('measures', () => {
  const found = (text: string) =>
    detectMeasures(text).map(({ surface, kind, definition }) =>
      definition === undefined ? `${surface} ${kind}` : `${surface} ${kind} ${definition}`,
    );

  test.each([
    ['印发《水网建设规划》', ['《水网建设规划》 document']],
    ['开展“清四乱”专项行动', ['“清四乱” programme']],
    ['建设“雪亮工程”', ['“雪亮工程” programme']],
    ['打造“15分钟”生活圈', ['“15分钟” programme']],
    ['坚持“四个不摘”要求', ['“四个不摘” slogan']],
    ['村“两委”换届，开展“头脑风暴”', []],
    ['他说：“今年我们村的收成比往年都要好得多啊”', []],
    ['实施强基固本工程、人才振兴计划。', ['强基固本工程 programme', '人才振兴计划 programme']],
    ['累计实施重点水利项目46个', []],
    ['拨打“12345”热线', []],
    ['打造“一乡一品”“一村一策”', ['“一乡一品” programme', '“一村一策” programme']],
    ['开展“八五”普法', []],
    ['开展"清四乱"专项行动', ['"清四乱" programme']],
    [
      '以“整乡推进、整县提升，建强组织、富裕群众”为主要内容的“双整双强”行动',
      ['“双整双强” programme 整乡推进、整县提升，建强组织、富裕群众'],
    ],
    [
      '实行“一个项目、一名领导、一套班子、一抓到底”的“四个一”推进机制',
      ['“四个一” programme 一个项目、一名领导、一套班子、一抓到底'],
    ],
  ])('F14. %s', (text, measures) => {
    expect(found(text)).toEqual(measures);
  });

  test('F14. what people said is none is none', () => {
    expect(detectMeasures('坚持“三链”同构', ['三链'])).toEqual([]);
  });
});

/** Texts made of what figures are made of, so that every branch is come by. */
const texts = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        ...'0123456789０１９．，％,.%％ -—~～至到、和与年月日时点分十百千万亿一二两三〇成倍番半第前几数余多来上约近超“”‘’《》"〔〕()（）/:：+个名元亩公里的。；\n',
      ),
      fc.constantFrom(
        '不低于',
        '以上',
        '以来',
        '百分点',
        '三分之',
        '万亿',
        '连续',
        '至少',
        '季度',
        '占',
        'G',
        '𠀀',
        'km',
      ),
    ),
    { maxLength: 60 },
  )
  .map((parts) => parts.join(''));

describe('for every text', () => {
  test('F1. detection never throws, figures do not overlap, and offsets delimit the surface', () => {
    fc.assert(
      fc.property(fc.oneof(texts, fc.string({ unit: 'binary' })), (text) => {
        let last = 0;
        for (const { start, end, surface, value, valueMax, step } of detectFigures(text)) {
          expect(start).toBeGreaterThanOrEqual(last);
          expect(end).toBeGreaterThan(start);
          expect(text.slice(start, end)).toBe(surface);
          for (const number of [value, valueMax ?? '0', step])
            expect(number).toMatch(/^-?(0|[1-9]\d*)(\.\d*[1-9])?$/);
          last = end;
        }
        for (const { start, end, surface } of detectMeasures(text))
          expect(text.slice(start, end)).toBe(surface);
      }),
      { numRuns: 2_000 },
    );
  });

  test('F2. full-width and half-width forms give the same figures', () => {
    const widen = (text: string) =>
      text.replace(/[0-9A-Za-z.%+\-/:()]/g, (char) => String.fromCharCode(char.charCodeAt(0) + 0xfee0));
    const bare = (text: string) => detectFigures(text).map((figure) => ({ ...figure, surface: '' }));
    fc.assert(
      fc.property(texts, (text) => {
        expect(bare(widen(text))).toEqual(bare(text));
      }),
      { numRuns: 2_000 },
    );
  });

  test.each([
    '1',
    '五',
    '123,',
    '123 ',
    '1,',
    '1—',
    '1、',
    '5个(',
    '“一”',
    '“',
    '《',
    '三分之一',
    '2021年',
    '实施基础、',
    '投资12.5亿元，',
    '不超过',
    '12三4百',
    '1万2千',
    '一成多',
  ])('F16. eight times as much of %s takes eight times as long', (piece) => {
    const text = (length: number) => piece.repeat(Math.ceil(length / piece.length));
    const [short, long] = [text(5_000), text(40_000)];
    const time = (of: string) => {
      const begun = performance.now();
      detectFigures(of);
      detectMeasures(of);
      return performance.now() - begun;
    };
    // Quadratic is 64 times as long, each time it is tried; a machine that is busy is so only now and then.
    let ratio = Infinity;
    for (let tries = 0; tries < 8 && ratio >= 24; tries++)
      ratio = Math.min(ratio, time(long) / Math.max(time(short), 0.1));
    expect(ratio).toBeLessThan(24);
  });
});
