/** A workbook of one sheet (ECMA-376, Office Open XML): as much of it as a table of text and numbers takes. */
import { strToU8, zipSync } from 'fflate';
import { xmlText } from '#lib/publish/xml.ts';

/**
 * A cell. A number is given as decimal text, so that no digit is lost on the way here.
 */
export type Cell = string | { number: string };

export interface Sheet {
  name: string;
  head: readonly string[];
  rows: readonly (readonly Cell[])[];
  /** In characters. */
  widths: readonly number[];
}

const XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n';
const MAIN = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main';
const RELATIONS = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
const PACKAGE = 'http://schemas.openxmlformats.org/package/2006';
const TYPE = 'application/vnd.openxmlformats-officedocument.spreadsheetml';

/** The first day that an archive can tell: the same sheet gives the same bytes. */
const EARLIEST = new Date(1980, 0, 1);

/** The longest text of a cell, in UTF-16 units; the longest name of a sheet. */
const MAX_TEXT = 32_767;
const MAX_NAME = 31;
/** More digits than a spreadsheet's numbers have: such a number is written as text. */
const MAX_DIGITS = 15;

export function xlsx(sheet: Sheet): Uint8Array<ArrayBuffer> {
  const name = sheet.name.replace(/[\\/?*[\]:]/g, ' ').slice(0, MAX_NAME);
  const parts: [path: string, xml: string][] = [
    [
      '[Content_Types].xml',
      `<Types xmlns="${PACKAGE}/content-types">` +
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>' +
        '<Default Extension="xml" ContentType="application/xml"/>' +
        `<Override PartName="/xl/workbook.xml" ContentType="${TYPE}.sheet.main+xml"/>` +
        `<Override PartName="/xl/worksheets/sheet1.xml" ContentType="${TYPE}.worksheet+xml"/>` +
        `<Override PartName="/xl/styles.xml" ContentType="${TYPE}.styles+xml"/></Types>`,
    ],
    ['_rels/.rels', relations([['officeDocument', 'xl/workbook.xml']])],
    [
      'xl/workbook.xml',
      `<workbook xmlns="${MAIN}" xmlns:r="${RELATIONS}"><sheets>` +
        `<sheet name="${xmlText(name)}" sheetId="1" r:id="rId1"/></sheets></workbook>`,
    ],
    [
      'xl/_rels/workbook.xml.rels',
      relations([
        ['worksheet', 'worksheets/sheet1.xml'],
        ['styles', 'styles.xml'],
      ]),
    ],
    [
      'xl/styles.xml',
      `<styleSheet xmlns="${MAIN}"><fonts count="2"><font><sz val="11"/><name val="Calibri"/></font><font><b/><sz val="11"/><name val="Calibri"/></font></fonts>` +
        '<fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills>' +
        '<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders><cellStyleXfs count="1"><xf/></cellStyleXfs>' +
        '<cellXfs count="2"><xf xfId="0"/><xf xfId="0" fontId="1" applyFont="1"/></cellXfs><cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>',
    ],
    ['xl/worksheets/sheet1.xml', worksheet(sheet)],
  ];
  const files = parts.map(([path, xml]) => [path, strToU8(XML + xml)]);
  return zipSync(Object.fromEntries(files), { mtime: EARLIEST });
}

function relations(targets: readonly (readonly [type: string, target: string])[]): string {
  const each = targets.map(
    ([type, target], index) =>
      `<Relationship Id="rId${index + 1}" Type="${RELATIONS}/${type}" Target="${target}"/>`,
  );
  return `<Relationships xmlns="${PACKAGE}/relationships">${each.join('')}</Relationships>`;
}

function worksheet({ head, rows, widths }: Sheet): string {
  const columns = widths.map(
    (width, index) => `<col min="${index + 1}" max="${index + 1}" width="${width}" customWidth="1"/>`,
  );
  const pane = '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/>';
  return (
    `<worksheet xmlns="${MAIN}"><sheetViews><sheetView workbookViewId="0">${pane}</sheetView></sheetViews>` +
    `<cols>${columns.join('')}</cols><sheetData>${row(head, 1, 1)}` +
    `${rows.map((cells, index) => row(cells, index + 2, 0)).join('')}</sheetData></worksheet>`
  );
}

function row(cells: readonly Cell[], number: number, style: 0 | 1): string {
  return `<row r="${number}">${cells.map((cell, index) => cellXml(cell, `${column(index)}${number}`, style)).join('')}</row>`;
}

function cellXml(cell: Cell, at: string, style: 0 | 1): string {
  const look = style === 0 ? '' : ` s="${style}"`;
  if (typeof cell === 'object' && isExact(cell.number))
    return `<c r="${at}"${look}><v>${cell.number}</v></c>`;
  const text = typeof cell === 'object' ? cell.number : cell;
  if (text === '') return '';
  // Text of its own type is never taken for a formula.
  return `<c r="${at}"${look} t="inlineStr"><is><t xml:space="preserve">${xmlText(text.slice(0, MAX_TEXT))}</t></is></c>`;
}

/** Whether a spreadsheet, whose numbers have 15 digits, can hold a decimal number as it is. */
function isExact(number: string): boolean {
  return (
    /^-?\d+(\.\d+)?$/.test(number) && number.replace(/\D/g, '').replace(/^0+|0+$/g, '').length <= MAX_DIGITS
  );
}

/** A, B … Z, AA … */
function column(index: number): string {
  const letter = String.fromCharCode(65 + (index % 26));
  return index < 26 ? letter : column(Math.floor(index / 26) - 1) + letter;
}
