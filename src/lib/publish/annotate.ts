/** What the text itself says and an article marks up: names of documents, figures, days and years. */
import { detectFigures } from '#lib/figures/detect.ts';
import type { DetectedFigure } from '#lib/figures/figure.ts';

/** A range of a paragraph's text, in UTF-16 units, `to` exclusive. */
export type Annotation = { from: number; to: number } & (
  | { kind: 'cite' }
  /** A figure: its number, a range as `10~15`, a time that lasts as `2021/2025`. */
  | { kind: 'data'; value: string }
  /** A year, a month or a day, as HTML writes them: `2023`, `2023-03`, `2023-12-08`, `12-08`. */
  | { kind: 'time'; datetime: string }
);

/** Finds what to mark up in a paragraph's text: ranges in order that do not overlap. */
export type Annotate = (text: string) => Annotation[];

/** The numbers in a document's name are part of the name. */
export const annotateText: Annotate = (text) => {
  const names = documentNames(text);
  let next = 0;
  const figures = detectFigures(text).flatMap((figure): Annotation[] => {
    while ((names[next]?.to ?? Infinity) <= figure.start) next += 1;
    const isInName = (names[next]?.from ?? Infinity) < figure.end;
    return isInName ? [] : [figureAnnotation(figure)];
  });
  return [...names, ...figures].sort((one, other) => one.from - other.from);
};

/** Names of documents, with their marks: 《…》 of at most 100 characters on one line, the outermost pair. */
function documentNames(text: string): Annotation[] {
  const found: Annotation[] = [];
  let depth = 0;
  let from = 0;
  for (let index = 0; index < text.length; index += 1) {
    const char = text[index];
    if (char === '\n') depth = 0;
    else if (char === '《') {
      if (depth === 0) from = index;
      depth += 1;
    } else if (char === '》' && depth > 0) {
      depth -= 1;
      const to = index + 1;
      if (depth === 0 && to - from > 2 && to - from <= 102) found.push({ kind: 'cite', from, to });
    }
  }
  return found;
}

const MONTH = '(0[1-9]|1[0-2])';
const DAY = '(0[1-9]|[12]\\d|3[01])';
/** HTML's year, month, date and yearless date. */
const DATETIME = new RegExp(`^(\\d{4}(-${MONTH}(-${DAY})?)?|${MONTH}-${DAY})$`);

function figureAnnotation({
  start: from,
  end: to,
  kind,
  value,
  valueMax,
  period,
}: DetectedFigure): Annotation {
  const isTime = kind === 'year' || kind === 'date' || kind === 'period';
  if (!isTime || period === undefined) {
    return { kind: 'data', from, to, value: valueMax === undefined ? value : `${value}~${valueMax}` };
  }
  return DATETIME.test(period)
    ? { kind: 'time', from, to, datetime: period }
    : { kind: 'data', from, to, value: period };
}
