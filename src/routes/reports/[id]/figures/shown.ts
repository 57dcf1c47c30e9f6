/** A figure as a window shows it: what the text has, and what the register says. */
import type { FigureMark } from '#lib/editor/figuremarks.ts';
import { type RegisteredFigure, valueKeyOf } from '#lib/figures/register.ts';
import { isCalendarKind } from './calendar.ts';

export interface ShownFigure {
  /** The same while the figure is: of the register's id, else of its place. */
  key: string;
  /** As the text has it; null: it is not in the text. */
  mark: FigureMark | null;
  /** What the register says; null: it is not registered. */
  entry: RegisteredFigure | null;
  state: FigureMark['state'] | 'orphan';
}

/** Names a figure that is not registered, as long as nothing before it changes. */
export const placeKey = ({ from, figure }: FigureMark): string => `${from} ${figure.surface}`;

/** Years, periods and dates are listed apart. */
export const isCalendar = ({ mark, entry }: ShownFigure): boolean => {
  const kind = mark?.figure.kind ?? entry?.kind;
  return kind !== undefined && isCalendarKind(kind);
};

/** How a figure stands by the text that is here, which may be newer than what the server has said. */
export function stateOf(
  { figure }: FigureMark,
  { verifiedKey }: RegisteredFigure,
): Exclude<FigureMark['state'], 'detected'> {
  if (verifiedKey === null) return 'registered';
  return valueKeyOf(figure) === verifiedKey ? 'verified' : 'stale';
}
