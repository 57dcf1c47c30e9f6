import { expect, test } from 'vitest';
import type { StatedFigure } from '#lib/report/model.ts';
import { CHART_COLOURS } from './colours.ts';
import { drawChart, type ChartView } from './chart.ts';
import { detectFigures } from './detect.ts';
import { namesOf, periodWords, statedOf, statedTable, wordsOf } from './stated.ts';
import { type SvgNode, widthOf, wrap } from './svg.ts';

const figure = (surface: string, value: string, unit: string, more: Partial<StatedFigure> = {}) => ({
  surface,
  value,
  unit,
  ...more,
});
const of = (view: ChartView, figures: StatedFigure[], caption = '') => {
  const chart = drawChart(view, figures, caption);
  if (!chart.ok) throw new Error(`refused: ${chart.reason}`);
  return chart.svg;
};
const refusal = (view: ChartView, figures: StatedFigure[]) => {
  const chart = drawChart(view, figures, '');
  return chart.ok ? null : chart.reason;
};
const all = (node: SvgNode, tag: string): SvgNode[] => [
  ...(node.tag === tag ? [node] : []),
  ...node.children.flatMap((child) => (typeof child === 'string' ? [] : all(child, tag))),
];
const textsOf = (node: SvgNode) => all(node, 'text').map(({ children }) => children.join(''));
const at = (node: SvgNode | undefined, name: keyof SvgNode['attributes']) => Number(node?.attributes[name]);

const YEARS = [
  figure('2168个', '2168', '个', { object: '供水点', period: '2023' }),
  figure('1084个', '1084', '个', { object: '供水点', period: '2022' }),
  figure('约3000个', '3000', '个', { object: '供水点', period: '2025', modality: 'plan' }),
];

test('a figure is told as it is written, with what its heading or its neighbour gives it', () => {
  expect(wordsOf(figure('6.85亿元', '685000000', '元'))).toBe('6.85亿元');
  expect(wordsOf(figure('120', '1200000', '元'))).toBe('120万元');
  expect(wordsOf(figure('１２０', '120', '个'))).toBe('120个');
  expect(wordsOf(figure('4.6', '4.6', '百分点', { trend: 'down' }))).toBe('下降4.6个百分点');
  expect(wordsOf(figure('5年', '5', '年', { qualifier: '连续' }))).toBe('连续5年');
  expect(wordsOf(figure('不足3万人', '30000', '人', { qualifier: '不足' }))).toBe('不足3万人');
  expect(wordsOf(figure('九成', '90', '%'))).toBe('九成');
  expect(wordsOf(figure('12个', '12', '个', { trend: 'up' }))).toBe('增加12个');
});

test('every period that detection tells is said in words', () => {
  const said = ['2023', '2023-03', '2023-03-15', '2023-H1', '2023-Q3', '2021/2025', '2021/', 'H2', '01/09'];
  expect(said.map(periodWords)).toEqual([
    '2023年',
    '2023年3月',
    '2023年3月15日',
    '2023年上半年',
    '2023年第三季度',
    '2021—2025年',
    '2021年以来',
    '下半年',
    '1—9月',
  ]);
  expect(periodWords('2023-01/2023-09')).toBe('2023年1—9月');
  expect(periodWords('2022-10/2023-03')).toBe('2022年10月—2023年3月');
  expect(periodWords('')).toBe('');
});

test('what all figures have in common is said once', () => {
  expect(namesOf(YEARS)).toEqual({ common: '供水点', names: ['2023年', '2022年', '2025年（计划）'] });
  expect(namesOf(YEARS.slice(0, 1))).toEqual({ common: '', names: ['2023年供水点'] });
  expect(namesOf([figure('1个', '1', '个'), figure('2个', '2', '个')]).names).toEqual([
    '（未写明）',
    '（未写明）',
  ]);
});

test('a table says what, when and how many, in the words of the text', () => {
  expect(statedTable(YEARS).rows[0]).toEqual(['供水点', '2023年', '2168个']);
  expect(statedTable([figure('7座', '7', '座', { scope: '全县', object: '水厂' })])).toEqual({
    head: ['指标', '数值'],
    rows: [['全县水厂', '7座']],
  });
});

test('what detection finds can be stated; what is too long to leave is not', () => {
  const found = detectFigures('2023年全县新建供水点2168个。').find(({ unit }) => unit === '个');
  if (found === undefined) throw new Error('nothing found');
  const { start: _start, end: _end, ...now } = found;
  expect(statedOf(now, { object: '新建供水点' })).toMatchObject({ surface: '2168个', object: '新建供水点' });
  expect(statedOf({ ...now, surface: '9'.repeat(300) }, {})).toBeNull();
});

test('bars are as long as their numbers, and say them', () => {
  const chart = of('bar', YEARS, '供水点');
  expect(textsOf(chart)).toEqual([
    '供水点',
    '2023年',
    '2168个',
    '2022年',
    '1084个',
    '2025年（计划）',
    '约3000个',
  ]);
  const [first, second, plan] = all(chart, 'rect');
  expect(at(first, 'width') / at(second, 'width')).toBeCloseTo(2, 1);
  expect(plan?.attributes['stroke-dasharray']).toBeDefined();
  expect(chart.attributes).toMatchObject({ role: 'img', 'aria-label': '柱形图：供水点' });
});

test('a fall goes to the other side of zero, and zero is a line', () => {
  const chart = of('bar', [
    figure('5.2%', '5.2', '%', { object: '工业', trend: 'up' }),
    figure('3.1%', '3.1', '%', { object: '农业', trend: 'down' }),
  ]);
  expect(textsOf(chart)).toEqual(['工业', '上升5.2%', '农业', '下降3.1%']);
  const [up, down] = all(chart, 'rect');
  const zero = at(all(chart, 'line')[0], 'x1');
  expect(at(up, 'x')).toBe(zero);
  expect(at(down, 'x') + at(down, 'width')).toBeCloseTo(zero, 0);
});

test('a line goes from time to time, as far as these are apart', () => {
  const chart = of('line', YEARS);
  const [first, second, third] = all(chart, 'circle').map((point) => at(point, 'cx'));
  expect((third ?? 0) - (second ?? 0)).toBeCloseTo(2 * ((second ?? 0) - (first ?? 0)), 0);
  expect(textsOf(chart)).toEqual(['供水点', '1084个', '2022年', '2168个', '2023年', '约3000个', '2025年']);
  expect(all(chart, 'line').map(({ attributes }) => 'stroke-dasharray' in attributes)).toEqual([
    false,
    false,
    true,
  ]);
});

test('of times that are close together not every one is written', () => {
  const months = Array.from({ length: 12 }, (_, index) =>
    figure('1234万元', '12340000', '元', { period: `2023-${String(index + 1).padStart(2, '0')}` }),
  );
  const chart = of('line', months);
  expect(all(chart, 'circle')).toHaveLength(12);
  expect(textsOf(chart).length).toBeLessThan(24);
});

test('parts are as wide as their share, and what percentages leave of 100 stays empty', () => {
  const chart = of('share', [
    figure('62.5%', '62.5', '%', { object: '地表水' }),
    figure('三成', '30', '%', { object: '地下水' }),
  ]);
  const [, surface, , ground] = all(chart, 'rect');
  expect(at(surface, 'width')).toBe(0.625 * 440 - 2);
  expect(at(ground, 'width')).toBe(0.3 * 440 - 2);
  expect(textsOf(chart)).toEqual(['①', '① 地表水　62.5%', '②', '② 地下水　三成']);
});

test('what cannot be drawn honestly is refused', () => {
  const [one] = YEARS;
  if (one === undefined) throw new Error('no figure');
  const n = (value: string, more: Partial<StatedFigure> = {}) => figure(`${value}个`, value, '个', more);
  expect(refusal('bar', [])).toBe('empty');
  expect(refusal('bar', [one, figure('7座', '7', '座')])).toBe('units');
  expect(refusal('line', [one])).toBe('few');
  expect(refusal('line', [one, n('2')])).toBe('periods');
  expect(refusal('line', [one, n('2', { period: '2023' })])).toBe('periods');
  expect(refusal('line', [one, n('2', { period: '2024-H1' })])).toBe('periods');
  expect(refusal('line', [one, n('2', { period: '2021/' })])).toBe('periods');
  expect(refusal('line', [one, n('2', { period: '2024', valueMax: '5' })])).toBe('ranges');
  expect(refusal('share', [one])).toBe('few');
  expect(refusal('share', [n('1'), n('2'), n('3')])).toBe('whole');
  expect(refusal('share', [figure('60%', '60', '%'), figure('55%', '55', '%')])).toBe('whole');
  expect(refusal('share', [n('0'), n('0')])).toBe('whole');
  expect(refusal('share', [n('-1'), n('2')])).toBe('negative');
  expect(refusal('share', [n('1', { trend: 'down' }), n('2')])).toBe('negative');
  expect(
    refusal(
      'share',
      Array.from({ length: 9 }, (_, index) => n(`${10 + index}`)),
    ),
  ).toBe('many');
});

test('no number stands in a chart that its figures do not say', () => {
  const said = YEARS.map((one) => `${wordsOf(one)} ${one.period}`).join(' ');
  for (const view of ['bar', 'line', 'share'] as const) {
    for (const text of textsOf(of(view, YEARS))) {
      for (const number of text.match(/\d+/g) ?? []) expect(said).toContain(number);
    }
  }
});

test('nothing is drawn outside, however long the names and however large the numbers', () => {
  const long = '农村集中供水工程规模化改造提升项目'.repeat(4);
  const chart = of('bar', [
    figure('123456789012.5万元', '1234567890125000', '元', { object: long }),
    figure('0.5万元', '5000', '元', { object: '小' }),
  ]);
  for (const rect of all(chart, 'rect')) expect(at(rect, 'x') + at(rect, 'width')).toBeLessThanOrEqual(440);
  expect(textsOf(chart).some((text) => text.endsWith('…'))).toBe(true);
  expect(wrap(long, 10, 2)).toHaveLength(2);
  for (const line of wrap(long, 10, 2)) expect(widthOf(line)).toBeLessThanOrEqual(10);
});

/** WCAG's contrast of two colours. */
function contrast(a: string, b: string): number {
  const luminance = (colour: string) => {
    const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((from) => {
      const part = Number.parseInt(colour.slice(from, from + 2), 16) / 255;
      return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  };
  const [dark = 0, light = 0] = [luminance(a), luminance(b)].sort((x, y) => x - y);
  return (light + 0.05) / (dark + 0.05);
}

test.each(CHART_COLOURS)('%s stands out on light and on dark paper, and white on it', (colour) => {
  expect(contrast(colour, '#fffefb')).toBeGreaterThanOrEqual(3);
  expect(contrast(colour, '#232426')).toBeGreaterThanOrEqual(3);
  expect(contrast(colour, '#ffffff')).toBeGreaterThanOrEqual(4.5);
});
