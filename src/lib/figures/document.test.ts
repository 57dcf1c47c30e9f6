import { expect, test } from 'vitest';
import type { CellJson, ContentJson } from '#lib/report/model.ts';
import { detectIn } from './cell.ts';
import { checkedReport } from './document.ts';

const cell = (text: string, attrs?: CellJson['attrs']): CellJson => ({
  type: 'tableCell',
  ...(attrs ? { attrs } : {}),
  content: [{ type: 'paragraph', content: text === '' ? [] : [{ type: 'text', text }] }],
});

test('a report is its paragraphs in reading order, with style, run-in heading and line breaks', () => {
  const content: ContentJson = {
    type: 'doc',
    content: [
      { type: 'paragraph', attrs: { style: 'title' }, content: [{ type: 'text', text: '题目' }] },
      { type: 'divider' },
      {
        type: 'paragraph',
        content: [
          { type: 'text', text: '强基础。', marks: [{ type: 'runIn' }] },
          { type: 'text', text: '共3个' },
          { type: 'hardBreak' },
          { type: 'text', text: '另5个' },
        ],
      },
    ],
  };
  expect(checkedReport(content).blocks).toEqual([
    { text: '题目', style: 'title', runIn: 0, top: 0 },
    { text: '强基础。共3个\n另5个', style: 'body', runIn: 4, top: 2 },
  ]);
});

test('a cell knows the headings of its row and of its column, spans counted in', () => {
  const content: ContentJson = {
    type: 'doc',
    content: [
      {
        type: 'table',
        content: [
          { type: 'tableRow', content: [cell('地区'), cell('投资（万元）', { colspan: 2 })] },
          {
            type: 'tableRow',
            content: [cell('东片', { rowspan: 2 }), cell('120'), cell('130')],
          },
          { type: 'tableRow', content: [cell('140'), cell('150')] },
        ],
      },
    ],
  };
  expect(
    checkedReport(content).blocks.map(({ text, cell }) => [
      text,
      cell?.row,
      cell?.column,
      cell?.header,
      cell?.rowHeading,
      cell?.columnHeading,
    ]),
  ).toEqual([
    ['地区', 0, 0, true, '', ''],
    ['投资（万元）', 0, 1, true, '', ''],
    ['东片', 1, 0, true, '', ''],
    ['120', 1, 1, false, '东片', '投资（万元）'],
    ['130', 1, 2, false, '东片', '投资（万元）'],
    ['140', 2, 1, false, '', '投资（万元）'],
    ['150', 2, 2, false, '', '投资（万元）'],
  ]);
});

test('F15. a unit that the table tells for all is that of its amounts, not of rates and counts', () => {
  const rows = (...lines: string[][]) =>
    lines.map((line) => ({ type: 'tableRow' as const, content: line.map((text) => cell(text)) }));
  const caption = { type: 'tableRow' as const, content: [cell('（单位：万元、%）', { colspan: 4 })] };
  const table = (content: ReturnType<typeof rows>): ContentJson => ({
    type: 'doc',
    content: [{ type: 'table', content }],
  });
  const told = (content: ContentJson) =>
    checkedReport(content).blocks.flatMap((block) =>
      (block.cell?.header === false ? detectIn(block) : []).map(
        ({ value, unit, object = '' }) => `${object} ${value} ${unit}`,
      ),
    );
  const body = rows(['增值税', '6.5', '12.1', '46'], ['户数', '86', '', '']);
  const wanted = ['增值税 2024年 65000 元', '增值税 增长率 12.1 %', '增值税 纳税户数 46 '];
  expect(told(table([caption, ...rows(['税种', '2024年', '增长率', '纳税户数']), ...body]))).toEqual([
    ...wanted,
    '户数 2024年 86 ',
  ]);
  expect(
    told(
      table([
        ...rows(['税种（单位：万元）', '2024年', '增长率', '投资（亿元）'], ['增值税', '6.5', '12.1', '46']),
      ]),
    ),
  ).toEqual(['增值税 2024年 65000 元', '增值税 增长率 12.1 ', '增值税 投资 4600000000 元']);
});
