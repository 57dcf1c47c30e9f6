/** The words for figures, in the reader's language. */
import { m } from '#lib/paraglide/messages.js';
import type { FigureKind } from '#lib/figures/figure.ts';
import type { FigureFilter, FigureScope } from '#lib/figures/query.ts';
import type { FigureState } from '#lib/figures/register.ts';

export const STATE_NAMES: Record<FigureState, () => string> = {
  registered: m.figures_register_state_registered,
  verified: m.figures_register_state_verified,
  stale: m.figures_register_state_stale,
  orphan: m.figures_register_state_orphan,
};

export const KIND_NAMES: Record<FigureKind, () => string> = {
  count: m.figures_register_kind_count,
  percent: m.figures_register_kind_percent,
  percentage_point: m.figures_register_kind_percentage_point,
  money: m.figures_register_kind_money,
  duration: m.figures_register_kind_duration,
  ratio: m.figures_register_kind_ratio,
  fraction: m.figures_register_kind_fraction,
  multiple: m.figures_register_kind_multiple,
  ordinal: m.figures_register_kind_ordinal,
  threshold: m.figures_register_kind_threshold,
  year: m.figures_register_kind_year,
  period: m.figures_register_kind_period,
  date: m.figures_register_kind_date,
};

/** In China, as spreadsheets read a time: `2024-03-01 16:00:00`. */
export function clockTime(at: string): string {
  return new Date(at).toLocaleString('sv-SE', { timeZone: 'Asia/Shanghai' });
}

export const FILTER_NAMES: Record<FigureFilter, () => string> = {
  ...STATE_NAMES,
  conflict: m.figures_page_conflict,
  mismatch: m.figures_page_mismatch,
};

export const SCOPE_NAMES: Record<FigureScope, () => string> = {
  all: m.figures_page_scope_all,
  todo: m.figures_page_scope_todo,
};

/** A period as people write it: `2021/2024` is 2021–2024, `2021/` since 2021. */
export function periodText(period: string): string {
  if (period.endsWith('/')) return m.figures_page_since({ period: period.slice(0, -1) });
  return period.replace('/', '–');
}
