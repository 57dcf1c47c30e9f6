/** Plain text read into blocks: a paragraph a line, as people type reports into messages. */
import type { BlockJson, ParagraphAttrs } from '#lib/report/model.ts';
import { MAX_LIST_LEVEL } from '#lib/report/model.ts';
import { type Draft, DraftWriter } from './draft.ts';
import { HAND_INDENT } from './vocabulary.ts';

const BULLET = /^[•●◆■▪‣·]\s*|^[-*]\s+/;
const DIVIDER = /^(—{3,}|-{3,}|={3,}|\*{3,}|_{3,})$/;

export function readPlain(text: string): Draft {
  const looks: Draft['looks'] = new Map();
  const writer = new DraftWriter(looks);
  const lines = text.split(/\r\n?|[\n\u2028\u2029\f\v]/);
  let at = 0;
  while (at < lines.length) {
    const rows = tabbed(lines, at);
    if (rows.length > 1) {
      writer.push(table(rows));
      at += rows.length;
      continue;
    }
    const line = lines[at] ?? '';
    at += 1;
    const bare = line.replace(HAND_INDENT, '').trimEnd();
    if (bare === '') continue;
    if (DIVIDER.test(bare)) {
      writer.push({ type: 'divider' });
      continue;
    }
    const bullet = BULLET.exec(bare);
    writer.begin(bullet ? { style: 'bullet', level: levelOf(line) } : attrsOf(line));
    writer.text(bullet ? bare.slice(bullet[0].length) : bare, new Map());
  }
  writer.close();
  return { blocks: writer.blocks, pictures: [], looks, isOwn: false, marksRunIns: false, pageTitle: '' };
}

const indentOf = (line: string) => /^[\s\u00a0\u3000]*/.exec(line)?.[0] ?? '';

/** In full-width columns. */
const columns = (indent: string) =>
  [...indent].reduce((sum, char) => sum + (char === '　' ? 1 : char === '\t' ? 2 : 0.5), 0);

/** Two columns are how a paragraph begins; each two more are a level. */
const levelOf = (line: string) =>
  Math.max(0, Math.min(MAX_LIST_LEVEL, Math.floor(columns(indentOf(line)) / 2) - 1));

/** A line that begins far to the right is who signs, or when. */
const attrsOf = (line: string): Partial<ParagraphAttrs> =>
  columns(indentOf(line)) >= 8 ? { align: 'right' } : {};

/** The lines from one on that have the same number of tabs between words; a single one is no table. */
function tabbed(lines: readonly string[], from: number): string[][] {
  const rows: string[][] = [];
  for (let at = from; at < lines.length; at += 1) {
    const line = lines[at] ?? '';
    const cells = line.split('\t').map((cell) => cell.trim());
    const isRow = cells.length > 1 && !line.startsWith('\t') && line.trim() !== '';
    if (!isRow || (rows[0] !== undefined && rows[0].length !== cells.length)) break;
    rows.push(cells);
  }
  return rows;
}

function table(rows: readonly (readonly string[])[]): BlockJson {
  return {
    type: 'table',
    content: rows.map((cells, index) => ({
      type: 'tableRow',
      content: cells.map((text) => ({
        type: index === 0 ? 'tableHeader' : 'tableCell',
        attrs: { colspan: 1, rowspan: 1, colwidth: null },
        content: [
          text === '' ? { type: 'paragraph' } : { type: 'paragraph', content: [{ type: 'text', text }] },
        ],
      })),
    })),
  };
}
