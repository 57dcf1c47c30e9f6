/** The workspace's glossary (提法库): canonical names with their definition and the department that owns them. */
import { readCsv } from '#lib/review/csv.ts';
import { MEASURE_KINDS, type MeasureKind } from './figure.ts';

export interface TermFacts {
  /** Without quotes or 《》. */
  name: string;
  kind: MeasureKind;
  /** What it consists of; '' for none. */
  definition: string;
  note: string;
}

export interface Term extends TermFacts {
  id: string;
  department: { id: string; name: string; hue: number } | null;
  updatedAt: string;
  updatedBy: string;
  /** Whether the reader may change it. */
  canEdit: boolean;
}

/** The longest of each, in UTF-16 units. */
export const TERM_LIMITS = { name: 100, definition: 2_000, note: 2_000 } as const;

/** A term of a file, its department by name; '' for none. */
export interface ImportedTerm extends TermFacts {
  department: string;
}

/** Why a line of a file is not taken. */
export type LineFault = 'name' | 'kind' | 'definition' | 'note' | 'repeated' | 'department' | 'forbidden';

/** The names of the columns, in any language that files are exported in; without a head they are in this order. */
export const TERM_COLUMNS = ['name', 'kind', 'definition', 'department', 'note'] as const;
type Column = (typeof TERM_COLUMNS)[number];

export interface TermWords {
  columns: Record<Column, readonly string[]>;
  kinds: Record<MeasureKind, readonly string[]>;
}

/** Reads a file's lines. Lines count from 1, the head included. */
export function readTerms(
  text: string,
  words: TermWords,
): { terms: { line: number; term: ImportedTerm }[]; faults: { line: number; fault: LineFault }[] } {
  const rows = readCsv(text);
  const columns = headOf(rows[0] ?? [], words);
  const terms: { line: number; term: ImportedTerm }[] = [];
  const faults: { line: number; fault: LineFault }[] = [];
  const seen = new Set<string>();
  for (const [index, row] of rows.entries()) {
    if (index === 0 && columns.isHead) continue;
    if (row.every((cell) => cell.trim() === '')) continue;
    const cell = (column: Column) => (row[columns.order.indexOf(column)] ?? '').trim();
    const kind = kindOf(cell('kind'), words);
    const term = { name: cleanTerm(cell('name')), definition: cell('definition'), note: cell('note') };
    const fault = kind === null ? 'kind' : seen.has(term.name) ? 'repeated' : faultOf(term);
    if (fault !== null || kind === null) {
      faults.push({ line: index + 1, fault: fault ?? 'kind' });
      continue;
    }
    seen.add(term.name);
    terms.push({ line: index + 1, term: { ...term, kind, department: cell('department') } });
  }
  return { terms, faults };
}

/** The quotes or 《》 around a name are not part of it. */
export function cleanTerm(name: string): string {
  const trimmed = name.normalize('NFC').replace(/\s+/gu, ' ').trim();
  return /^(《.*》|“.*”|".*"|「.*」)$/u.test(trimmed) ? trimmed.slice(1, -1).trim() : trimmed;
}

/** What is wrong with a term; null: nothing. */
export function faultOf({
  name,
  definition,
  note,
}: Omit<TermFacts, 'kind'>): 'name' | 'definition' | 'note' | null {
  if (name === '' || name.length > TERM_LIMITS.name || /\p{Cc}/u.test(name)) return 'name';
  if (definition.length > TERM_LIMITS.definition) return 'definition';
  if (note.length > TERM_LIMITS.note) return 'note';
  return null;
}

function headOf(row: readonly string[], { columns }: TermWords): { isHead: boolean; order: Column[] } {
  const order = row.map((cell) =>
    TERM_COLUMNS.find((column) => columns[column].includes(cell.trim()) || column === cell.trim()),
  );
  const isHead = order.includes('name');
  // A column that is not known is passed over: it keeps its place.
  return { isHead, order: isHead ? (order as Column[]) : [...TERM_COLUMNS] };
}

function kindOf(text: string, { kinds }: TermWords): MeasureKind | null {
  if (text === '') return 'slogan';
  return MEASURE_KINDS.find((kind) => kind === text || kinds[kind].includes(text)) ?? null;
}
