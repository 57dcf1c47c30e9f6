/** What the tests of figures share: samples with gold lists made by hand, and how a detection is held against one. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { CheckedBlock, CheckedReport, DetectedFigure, MeasureKind } from './figure.ts';
import { detectFigures, detectMeasures } from './detect.ts';

interface GoldSpan {
  paragraph: number;
  surface: string;
  start: number;
  end: number;
}
interface GoldFigure extends GoldSpan {
  value: number;
  valueMax?: number | null;
  unit: string;
  qualifier: string | null;
  kind: string;
  trend?: string;
  basis?: string;
  per?: string;
}
interface GoldMeasure extends GoldSpan {
  kind: MeasureKind;
  definition?: string;
}
interface GoldTable {
  rows: string[][];
  figures: { row: number; column: number; surface: string; value: number; unit: string; kind: string }[];
}
export interface Sample {
  id: string;
  title: string;
  paragraphs: string[];
  figures: GoldFigure[];
  measures: GoldMeasure[];
  optional: GoldSpan[];
  arithmetic: { verdict: string; stated?: string; total?: string; paragraph: number }[];
  tables?: GoldTable[];
}

const folder = fileURLToPath(new URL('samples/', import.meta.url));

const read = (path: string): Sample => JSON.parse(readFileSync(path, 'utf8')) as Sample;

/** Our samples, and further files when somebody names them. */
export function samples(further: readonly string[] = []): Sample[] {
  const own = readdirSync(folder)
    .filter((name) => name.endsWith('.json'))
    .sort();
  return [...own.map((name) => folder + name), ...further.filter((path) => existsSync(path))].map(read);
}

/** Sentences and what stands in them, from samples/cases.txt: `text => surface value unit kind[ q=][ max=]; …`. */
export function cases(): { text: string; figures: string[] }[] {
  return readFileSync(`${folder}cases.txt`, 'utf8')
    .split('\n')
    .filter((line) => line.includes(' =>') && !line.startsWith('#'))
    .map((line) => {
      const [text = '', wanted = ''] = line.split(' =>');
      return { text: text.trim(), figures: wanted.trim() === '' ? [] : wanted.trim().split('; ') };
    });
}

/** Paragraphs whose arithmetic is right, from samples/right.txt. */
export function rightParagraphs(): string[] {
  return readFileSync(`${folder}right.txt`, 'utf8')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'));
}

/** A figure as cases.txt writes it. */
export function told({ surface, value, valueMax, unit, kind, qualifier }: DetectedFigure): string {
  const rest =
    (qualifier === undefined ? '' : ` q=${qualifier}`) + (valueMax === undefined ? '' : ` max=${valueMax}`);
  return `${surface} ${value} ${unit === '' ? '""' : unit} ${kind}${rest}`;
}

/** A report of body paragraphs, or of whole blocks. */
export function reportOf(...blocks: (string | Partial<CheckedBlock>)[]): CheckedReport {
  return {
    blocks: blocks.map((block, top) => ({
      text: '',
      style: 'body',
      runIn: 0,
      top,
      ...(typeof block === 'string' ? { text: block } : block),
    })),
  };
}

const near = (a: string | undefined, b: number | null | undefined) =>
  a === undefined || b === undefined || b === null
    ? a === undefined && (b === undefined || b === null)
    : Math.abs(Number(a) - b) <= 1e-9 * Math.max(1, Math.abs(b));

interface Score {
  id: string;
  gold: number;
  found: number;
  value: number;
  unit: number;
  qualifier: number;
  kind: number;
  /** What was missed, told wrong, or found where nothing is. */
  faults: string[];
  extra: number;
  measures: { gold: number; found: number; extra: number };
}

/** How a sample's figures and measures were found; a figure counts as found when its range is exactly right. */
export function score({ id, paragraphs, figures, measures, optional }: Sample): Score {
  const result: Score = {
    id,
    gold: figures.length,
    found: 0,
    value: 0,
    unit: 0,
    qualifier: 0,
    kind: 0,
    faults: [],
    extra: 0,
    measures: { gold: measures.length, found: 0, extra: 0 },
  };
  paragraphs.forEach((text, paragraph) => {
    const here = <T extends GoldSpan>(all: readonly T[]) => all.filter((one) => one.paragraph === paragraph);
    const detected = detectFigures(text);
    for (const gold of here(figures)) {
      const one = detected.find(({ start, end }) => start === gold.start && end === gold.end);
      if (one === undefined) {
        result.faults.push(`missed ${gold.surface}`);
        continue;
      }
      result.found += 1;
      const checks = {
        value: near(one.value, gold.value) && near(one.valueMax, gold.valueMax),
        unit: one.unit === gold.unit,
        qualifier: (one.qualifier ?? null) === gold.qualifier,
        kind: one.kind === gold.kind,
      };
      for (const field of ['value', 'unit', 'qualifier', 'kind'] as const) {
        if (checks[field]) result[field] += 1;
        else result.faults.push(`${gold.surface}: ${field} is told as ${told(one)}`);
      }
      for (const field of ['trend', 'basis', 'per'] as const)
        if (gold[field] !== undefined && one[field] !== gold[field])
          result.faults.push(`${gold.surface}: ${field} is told as ${one[field]}`);
    }
    for (const one of detected) {
      const isGold = here(figures).some(({ start, end }) => start === one.start && end === one.end);
      if (isGold || here(optional).some(({ start, end }) => start < one.end && one.start < end)) continue;
      result.extra += 1;
      result.faults.push(`extra ${one.surface}`);
    }
    const found = detectMeasures(text);
    const same = (a: { start: number; end: number; kind: string }) => (b: typeof a) =>
      a.start === b.start && a.end === b.end && a.kind === b.kind;
    for (const gold of here(measures)) {
      const one = found.find(same(gold));
      if (one !== undefined && (gold.definition === undefined || one.definition === gold.definition))
        result.measures.found += 1;
      else result.faults.push(`missed measure ${gold.surface}`);
    }
    for (const one of found)
      if (!here(measures).some(same(one))) {
        result.measures.extra += 1;
        result.faults.push(`extra measure ${one.surface} ${one.kind}`);
      }
  });
  return result;
}
