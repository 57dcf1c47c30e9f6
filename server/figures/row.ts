/** A registered figure as the index of all reports' figures has it. Pure. */
import { topicOf, type RegisteredFigure } from '#lib/figures/register.ts';
import type { FigureTable } from '../store/tables.ts';

/** The name of the projection of a review document that the index is. */
export const FIGURES_PROJECTION = 'figures';

export function rowOf(reportId: string, figure: RegisteredFigure): FigureTable {
  const { id, surface, value, valueMax = null, unit, kind, object = '', scope = '', period = '' } = figure;
  return {
    reportId,
    id,
    surface,
    value,
    valueMax,
    unit,
    kind,
    object,
    scope,
    period,
    modality: figure.modality,
    topic: topicOf(figure),
    departmentId: figure.department,
    source: figure.source?.text ?? '',
    section: figure.anchor.section ?? '',
    state: figure.state,
    verifiedAt: figure.verifiedAt,
    verifiedBy: figure.verifiedBy,
    registeredAt: figure.registeredAt,
  };
}
