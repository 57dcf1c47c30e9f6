/** A report's content as the checks see it: one flat list of paragraphs, each that is in a table with its headings. */
import type {
  BlockJson,
  ContentJson,
  ParagraphJson,
  ReportJson,
  RowJson,
  TableJson,
} from '#lib/report/model.ts';
import { runInLength } from '#lib/report/outline.ts';
import { paragraphStyle, paragraphText, paragraphsOf } from '#lib/report/text.ts';
import type { CheckedBlock, CheckedCell, CheckedReport } from './figure.ts';
import { tableUnit, withUnit } from './tableunit.ts';

/** A report as our JSON has it, its content alone, or what was made of either before. */
export type AnyReport = CheckedReport | ContentJson | Pick<ReportJson, 'content'>;

/** Whatever a report comes as, as the checks see it. */
export function asChecked(report: AnyReport): CheckedReport {
  if ('blocks' in report) return report;
  return checkedReport('type' in report ? report : report.content);
}

/** The n-th block of the result is the n-th paragraph of the content in reading order. Linear. */
export function checkedReport(content: ContentJson): CheckedReport {
  const blocks: CheckedBlock[] = [];
  (content.content ?? []).forEach((block, top) => {
    if (block.type === 'paragraph') blocks.push(checkedParagraph(block, top));
    else if (block.type === 'table') pushTable(block, top, blocks);
  });
  return { blocks };
}

function checkedParagraph(paragraph: ParagraphJson, top: number, cell?: CheckedCell): CheckedBlock {
  const runIn = paragraphText({
    type: 'paragraph',
    content: (paragraph.content ?? []).slice(0, runInLength(paragraph)),
  }).length;
  const block = { text: paragraphText(paragraph), style: paragraphStyle(paragraph), runIn, top };
  return cell === undefined ? block : { ...block, cell };
}

const blocksText = (blocks: readonly BlockJson[]) =>
  blocks
    .flatMap((block) => [...paragraphsOf(block)])
    .map(paragraphText)
    .join('')
    .replace(/\s+/g, '');

/** A row all of whose cells are headers, or the table's first row, heads its columns; so does the one behind a caption. */
function isHeaderRow(row: RowJson, index: number, captions: number): boolean {
  const cells = row.content ?? [];
  return cells.length > 0 && (index <= captions || cells.every((cell) => cell.type === 'tableHeader'));
}

/** A first row of one cell over all columns is a caption: 单位：万元. */
function captionsOf([first, second]: readonly RowJson[]): number {
  const isWide = (first?.content?.[0]?.attrs?.colspan ?? 1) > 1 && (second?.content ?? []).length > 1;
  return first?.content?.length === 1 && isWide ? 1 : 0;
}

/** The widest table whose spans are followed column by column; beyond it a cell is in the last column. */
const MAX_COLUMNS = 1_000;

function pushTable(table: TableJson, top: number, out: CheckedBlock[]): void {
  /** By column: how many more rows a cell from above reaches into, and what the header cells so far say. */
  const reaching: number[] = [];
  const columnHeadings: string[] = [];
  let inHead = true;
  /** What the caption or the first column's heading tells of the unit of all. */
  let unit = '';
  const captions = captionsOf(table.content ?? []);
  (table.content ?? []).forEach((row, rowIndex) => {
    inHead &&= isHeaderRow(row, rowIndex, captions);
    const isCaption = rowIndex < captions;
    let rowHeading = '';
    let column = 0;
    const next: { from: number; to: number; rows: number; heading: string }[] = [];
    for (const cell of row.content ?? []) {
      while ((reaching[column] ?? 0) > 0 && column < MAX_COLUMNS) column += 1;
      const header = inHead || cell.type === 'tableHeader' || column === 0;
      const text = blocksText(cell.content ?? []);
      if (inHead && column === 0) unit ||= tableUnit(text);
      const place: CheckedCell = {
        row: rowIndex,
        column,
        header,
        rowHeading: header ? '' : rowHeading,
        columnHeading: header ? '' : withUnit(columnHeadings[column] ?? '', rowHeading, unit),
      };
      for (const inner of cell.content ?? [])
        for (const paragraph of paragraphsOf(inner)) out.push(checkedParagraph(paragraph, top, place));
      if (column === 0 || (cell.type === 'tableHeader' && !inHead)) rowHeading ||= text;
      const to = Math.min(column + (cell.attrs?.colspan ?? 1), MAX_COLUMNS);
      next.push({
        from: column,
        to,
        rows: cell.attrs?.rowspan ?? 1,
        heading: inHead && !isCaption ? text : '',
      });
      column = Math.max(column, Math.min(to, MAX_COLUMNS - 1));
    }
    for (let index = 0; index < reaching.length; index++)
      reaching[index] = Math.max(0, (reaching[index] ?? 0) - 1);
    for (const { from, to, rows, heading } of next)
      for (let index = from; index < to; index++) {
        reaching[index] = rows - 1;
        columnHeadings[index] = (columnHeadings[index] ?? '') + heading;
      }
  });
}
