/** The words of the glossary, in the reader's language, and those that files use in any. */
import { m } from '#lib/paraglide/messages.js';
import { locales } from '#lib/paraglide/runtime.js';
import type { MeasureKind } from '#lib/figures/figure.ts';
import type { LineFault, TermWords } from '#lib/figures/term.ts';

type Message = (inputs?: object, options?: { locale: (typeof locales)[number] }) => string;

export const KIND_NAMES: Record<MeasureKind, Message> = {
  document: m.figures_glossary_kind_document,
  programme: m.figures_glossary_kind_programme,
  slogan: m.figures_glossary_kind_slogan,
};

export const COLUMN_NAMES = {
  name: m.figures_glossary_name,
  kind: m.figures_glossary_kind,
  definition: m.figures_glossary_definition,
  department: m.figures_glossary_department,
  note: m.figures_glossary_note,
} satisfies Record<string, Message>;

export const FAULT_NAMES: Record<LineFault, () => string> = {
  name: m.figures_glossary_fault_name,
  kind: m.figures_glossary_fault_kind,
  definition: m.figures_glossary_fault_definition,
  note: m.figures_glossary_fault_note,
  repeated: m.figures_glossary_fault_repeated,
  department: m.figures_glossary_fault_department,
  forbidden: m.figures_glossary_fault_forbidden,
};

const everywhere = (message: Message) => locales.map((locale) => message({}, { locale }));

/** A file may have been exported, or written, in any of our languages. */
export function termWords(): TermWords {
  const of = <K extends string>(names: Record<K, Message>) =>
    Object.fromEntries(
      Object.entries<Message>(names).map(([key, name]) => [key, everywhere(name)]),
    ) as Record<K, string[]>;
  return { columns: of(COLUMN_NAMES), kinds: of(KIND_NAMES) };
}
