import type { FigureKind } from '#lib/figures/figure.ts';

const CALENDAR: readonly FigureKind[] = ['year', 'period', 'date'];

/** Years, periods and dates: nobody is asked for their source. */
export const isCalendarKind = (kind: FigureKind): boolean => CALENDAR.includes(kind);
