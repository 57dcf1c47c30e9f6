import { expect, test } from 'vitest';
import { csvRow } from './csv.ts';

test('cells are parted by commas; quotes, commas and line ends are kept by quoting', () => {
  expect(csvRow(['甲', 'a,b', '他说"好"', '一\n二'])).toBe('甲,"a,b","他说""好""","一\n二"\r\n');
});

test.each(['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', ' =1', '＝1', '|cmd', '%0A'])(
  'what could be a formula is text: %j',
  (text) => {
    expect(csvRow([text])).toBe(`'${text}\r\n`);
  },
);

test('a formula behind a quote is text as well', () => {
  expect(csvRow(['=HYPERLINK("x","y")'])).toBe(`"'=HYPERLINK(""x"",""y"")"\r\n`);
});
