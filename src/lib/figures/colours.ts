/**
 * The colours of charts. Each is at least 3 : 1 against our light and our dark paper, and white text at least
 * 4.5 : 1 against each: an article that leaves carries no style sheet that could change them.
 */
export const CHART_COLOURS = [
  '#4c70ab',
  '#94691a',
  '#2f7d66',
  '#c0473c',
  '#8560a8',
  '#1f7a8c',
  '#b04a7a',
  '#6b7280',
] as const;

export const CHART_COLOUR = CHART_COLOURS[0];
