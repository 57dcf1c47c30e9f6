/** A report's register as a table of a spreadsheet, in the language of the request. */
import { m } from '#lib/paraglide/messages.js';
import type { RegisteredFigure } from '#lib/figures/register.ts';
import type { Register } from '#server/figures/figures.ts';
import type { Cell } from '#server/xlsx.ts';
import { clockTime, KIND_NAMES, STATE_NAMES } from '../../../../figures/words.ts';

type People = Register['people'];

interface Column {
  head: () => string;
  /** In characters. */
  width: number;
  cell: (figure: RegisteredFigure, people: People) => Cell;
}

const nameOf = (id: string | null, { people }: People) => (id === null ? '' : (people[id]?.name ?? id));

const COLUMNS: readonly Column[] = [
  { head: m.figures_register_surface, width: 18, cell: ({ surface }) => surface },
  { head: m.figures_register_value, width: 16, cell: ({ value }) => ({ number: value }) },
  {
    head: m.figures_register_value_max,
    width: 12,
    cell: ({ valueMax }) => (valueMax === undefined ? '' : { number: valueMax }),
  },
  { head: m.figures_register_unit, width: 8, cell: ({ unit }) => unit },
  { head: m.figures_register_kind, width: 10, cell: ({ kind }) => KIND_NAMES[kind]() },
  { head: m.figures_register_object, width: 20, cell: ({ object = '' }) => object },
  { head: m.figures_register_scope, width: 12, cell: ({ scope = '' }) => scope },
  { head: m.figures_register_period, width: 12, cell: ({ period = '' }) => period },
  {
    head: m.figures_register_modality,
    width: 8,
    cell: ({ modality }) => (modality === 'plan' ? m.figures_register_plan() : m.figures_register_actual()),
  },
  {
    head: m.figures_register_department,
    width: 18,
    cell: ({ department }, { departments }) =>
      department === null ? '' : (departments[department]?.name ?? ''),
  },
  { head: m.figures_register_owner, width: 12, cell: ({ owner }, people) => nameOf(owner, people) },
  { head: m.figures_register_source, width: 28, cell: ({ source }) => source?.text ?? '' },
  { head: m.figures_register_source_url, width: 24, cell: ({ source }) => source?.url ?? '' },
  { head: m.figures_register_source_attachment, width: 16, cell: ({ source }) => source?.attachment ?? '' },
  { head: m.figures_register_source_as_of, width: 12, cell: ({ source }) => source?.asOf ?? '' },
  { head: m.figures_register_state, width: 14, cell: ({ state }) => STATE_NAMES[state]() },
  {
    head: m.figures_register_verified_by,
    width: 12,
    cell: ({ verifiedBy }, people) => nameOf(verifiedBy, people),
  },
  {
    head: m.figures_register_verified_at,
    width: 20,
    cell: ({ verifiedAt }) => (verifiedAt === null ? '' : clockTime(verifiedAt)),
  },
  { head: m.figures_register_section, width: 28, cell: ({ anchor }) => anchor.section ?? '' },
  { head: m.figures_register_note, width: 28, cell: ({ note }) => note ?? '' },
];

export function tableOf({ figures, people }: Pick<Register, 'figures' | 'people'>) {
  return {
    head: COLUMNS.map(({ head }) => head()),
    widths: COLUMNS.map(({ width }) => width),
    rows: figures.map((figure) => COLUMNS.map(({ cell }) => cell(figure, people))),
  };
}
