/** Which figures of a text those are that our JSON states: what leaves a register by `stated.ts` comes into one again. */
import type { FigurePlace, StatedFigure } from '#lib/report/model.ts';
import { detectIn } from './cell.ts';
import { isSettable } from './command.ts';
import type { CheckedReport, DetectedFigure } from './figure.ts';
import type { FigureFields, FigureValue } from './register.ts';
import { statedOf } from './stated.ts';

/** A figure that stands in the text, as a register would have it. */
export interface HeldFigure {
  at: FigurePlace;
  now: FigureValue;
  /** What people must have known better than detection for it to say what was stated. */
  set: FigureFields;
}

/** The figures of a text, each paragraph read when it is asked for. */
export class HeldFigures {
  readonly #report: CheckedReport;
  readonly #detected = new Map<number, Map<number, DetectedFigure>>();

  constructor(report: CheckedReport) {
    this.#report = report;
  }

  /** Null: nothing at this place says what was stated, all of it. */
  find(stated: StatedFigure, at = stated.at): HeldFigure | null {
    const found = at === undefined ? undefined : this.#in(at.paragraph).get(at.start);
    if (at === undefined || found === undefined) return null;
    const { start: _start, end: _end, ...now } = found;
    const set = setOf(now, stated);
    return set === null ? null : { at, now, set };
  }

  /** The figures of a paragraph by where they begin. */
  #in(paragraph: number): ReadonlyMap<number, DetectedFigure> {
    const known = this.#detected.get(paragraph);
    if (known !== undefined) return known;
    const block = this.#report.blocks[paragraph];
    const found = new Map((block === undefined ? [] : detectIn(block)).map((one) => [one.start, one]));
    this.#detected.set(paragraph, found);
    return found;
  }
}

/** What {@link statedOf} was given with a figure to state this; null: it is another figure. */
function setOf(now: FigureValue, stated: StatedFigure): FigureFields | null {
  const { at: _, ...said } = stated;
  const set: FigureFields = {};
  for (const name of ['object', 'scope', 'period'] as const) {
    const text = said[name];
    if (text !== undefined && text !== now[name]) set[name] = text;
  }
  const modality = said.modality ?? 'actual';
  if (modality !== now.modality) set.modality = modality;
  const again = statedOf(now, set);
  return again !== null && isSettable(set) && isSame(again, said) ? set : null;
}

const isSame = (a: StatedFigure, b: StatedFigure): boolean =>
  Object.keys(a).length === Object.keys(b).length &&
  Object.entries(a).every(([name, said]) => b[name as keyof StatedFigure] === said);
