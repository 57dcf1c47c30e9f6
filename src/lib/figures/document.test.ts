import { expect, test } from 'vitest';
import type { CellJson, ContentJson } from '#lib/report/model.ts';
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
