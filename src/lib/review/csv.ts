/** Tables for spreadsheets, as RFC 4180 has them. */

/** What spreadsheets take for a formula when a cell begins with it; full-width forms count for some. */
const FORMULA = /^[\s]*[=+\-@\t\r＝＋－＠|%]/u;

/** So that Excel and WPS read the text as UTF-8. */
export const BYTE_ORDER_MARK = '\uFEFF';

/** One row, with its end. A cell that could be a formula begins with an apostrophe, so that it is text. */
export function csvRow(cells: readonly string[]): string {
  return `${cells.map(cell).join(',')}\r\n`;
}

function cell(text: string): string {
  const safe = FORMULA.test(text) ? `'${text}` : text;
  // Semicolons and tabs part cells for some spreadsheets: what stands behind one must not begin a cell of its own.
  return /[",;\t\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/**
 * The rows of a table as spreadsheets write it: parted by commas, semicolons or tabs, with quotes where a cell
 * holds one of these. The apostrophe that {@link csvRow} puts before a formula is taken off again.
 */
export function readCsv(text: string): string[][] {
  const source = text.startsWith(BYTE_ORDER_MARK) ? text.slice(1) : text;
  const parter = parterOf(source);
  const rows: string[][] = [];
  let row: string[] = [];
  let value = '';
  let isQuoted = false;
  const endCell = () => {
    row.push(value.startsWith("'") && FORMULA.test(value.slice(1)) ? value.slice(1) : value);
    value = '';
  };
  const endRow = () => {
    endCell();
    rows.push(row);
    row = [];
  };
  for (let at = 0; at < source.length; at++) {
    const char = source[at] ?? '';
    if (isQuoted) {
      if (char !== '"') value += char;
      else if (source[at + 1] === '"') {
        value += '"';
        at++;
      } else isQuoted = false;
    } else if (char === '"' && value === '') isQuoted = true;
    else if (char === parter) endCell();
    else if (char === '\n') endRow();
    else if (char !== '\r' || source[at + 1] !== '\n') value += char;
  }
  if (value !== '' || row.length > 0) endRow();
  return rows;
}

/** What parts the cells of the first line. */
function parterOf(source: string): string {
  const [line = ''] = source.split('\n', 1);
  const count = (parter: string) => line.split(parter).length;
  return [',', '\t', ';'].reduce((best, one) => (count(one) > count(best) ? one : best));
}
