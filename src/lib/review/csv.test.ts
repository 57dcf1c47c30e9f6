import { expect, test } from 'vitest';
import { BYTE_ORDER_MARK, csvRow, readCsv } from './csv.ts';

test('cells are parted by commas; quotes, commas and line ends are kept by quoting', () => {
  expect(csvRow(['甲', 'a,b', '他说"好"', '一\n二'])).toBe('甲,"a,b","他说""好""","一\n二"\r\n');
});

test.each(['=1+1', '+1', '-1', '@SUM(A1)', ' =1', '＝1', '|cmd', '%0A'])(
  'what could be a formula is text: %j',
  (text) => {
    expect(csvRow([text])).toBe(`'${text}\r\n`);
  },
);

test.each(['甲;=1+1', '甲\t=1+1'])(
  'what another spreadsheet would part does not begin a cell: %j',
  (text) => {
    expect(csvRow([text])).toBe(`"${text}"\r\n`);
  },
);

test('a formula behind a quote is text as well', () => {
  expect(csvRow(['=HYPERLINK("x","y")'])).toBe(`"'=HYPERLINK(""x"",""y"")"\r\n`);
});

test('what was written is read again, and what spreadsheets write otherwise too', () => {
  const rows = [
    ['名称', '说明'],
    ['=1+1', '甲,"乙"\n丙'],
    ['', '空'],
  ];
  expect(readCsv(BYTE_ORDER_MARK + rows.map(csvRow).join(''))).toEqual(rows);
  expect(readCsv('a\tb\nc\td')).toEqual([
    ['a', 'b'],
    ['c', 'd'],
  ]);
  expect(readCsv('a;"b;c"\r\nd;e\r\n')).toEqual([
    ['a', 'b;c'],
    ['d', 'e'],
  ]);
  expect(readCsv('')).toEqual([]);
});
