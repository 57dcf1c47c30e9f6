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
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
