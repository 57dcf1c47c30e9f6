/** A finding as a sentence, in the reader's language. */
import { m } from '#lib/paraglide/messages.js';
import type { Finding } from './figure.ts';

/** All that a message about a finding may speak of; what it does not have is ''. */
const NOTHING = {
  stated: '',
  arithmetic: '',
  computed: '',
  object: '',
  found: '',
  better: '',
  count: '',
  common: '',
  first: '',
  second: '',
};
type Facts = typeof NOTHING;
type Options = { locale?: 'zh-CN' | 'en' };

const SENTENCES: Readonly<Record<string, (facts: Facts, options: Options) => string>> = {
  figures_finding_share_ok: m.figures_finding_share_ok,
  figures_finding_share_mismatch: m.figures_finding_share_mismatch,
  figures_finding_share_derived: m.figures_finding_share_derived,
  figures_finding_partition_ok: m.figures_finding_partition_ok,
  figures_finding_partition_query: m.figures_finding_partition_query,
  figures_finding_partition_mismatch: m.figures_finding_partition_mismatch,
  figures_finding_difference_ok: m.figures_finding_difference_ok,
  figures_finding_difference_mismatch: m.figures_finding_difference_mismatch,
  figures_finding_growth_ok: m.figures_finding_growth_ok,
  figures_finding_growth_mismatch: m.figures_finding_growth_mismatch,
  figures_finding_product_ok: m.figures_finding_product_ok,
  figures_finding_product_mismatch: m.figures_finding_product_mismatch,
  figures_finding_per_capita_ok: m.figures_finding_per_capita_ok,
  figures_finding_per_capita_mismatch: m.figures_finding_per_capita_mismatch,
  figures_finding_change_fraction_ok: m.figures_finding_change_fraction_ok,
  figures_finding_change_fraction_mismatch: m.figures_finding_change_fraction_mismatch,
  figures_finding_duration_ok: m.figures_finding_duration_ok,
  figures_finding_duration_mismatch: m.figures_finding_duration_mismatch,
  figures_finding_duration_query: m.figures_finding_duration_query,
  figures_finding_expansion_ok: m.figures_finding_expansion_ok,
  figures_finding_expansion_query: m.figures_finding_expansion_query,
  figures_finding_period_query: m.figures_finding_period_query,
  figures_finding_consistency_mismatch: m.figures_finding_consistency_mismatch,
  figures_finding_consistency_query: m.figures_finding_consistency_query,
  figures_finding_transposition_query: m.figures_finding_transposition_query,
  figures_finding_half_width: m.figures_finding_half_width,
  figures_finding_straight_quotes: m.figures_finding_straight_quotes,
  figures_finding_unpaired: m.figures_finding_unpaired,
  figures_finding_enumeration_comma: m.figures_finding_enumeration_comma,
  figures_finding_ellipsis: m.figures_finding_ellipsis,
  figures_finding_dash: m.figures_finding_dash,
  figures_finding_year_range: m.figures_finding_year_range,
  figures_finding_value_range: m.figures_finding_value_range,
  figures_finding_double_approximation: m.figures_finding_double_approximation,
  figures_finding_several_with_digits: m.figures_finding_several_with_digits,
  figures_finding_percent_change: m.figures_finding_percent_change,
  figures_finding_decrease_multiple: m.figures_finding_decrease_multiple,
  figures_finding_repeated_words: m.figures_finding_repeated_words,
  figures_finding_level_number: m.figures_finding_level_number,
  figures_finding_document_number: m.figures_finding_document_number,
  figures_finding_long_sentence: m.figures_finding_long_sentence,
  figures_finding_parallel_headings_halves: m.figures_finding_parallel_headings_halves,
  figures_finding_parallel_headings_unequal: m.figures_finding_parallel_headings_unequal,
  figures_finding_parallel_headings_opening: m.figures_finding_parallel_headings_opening,
  figures_finding_couplet: m.figures_finding_couplet,
  figures_finding_glossary: m.figures_finding_glossary,
};

/** In the language of the request or page, unless another is named. A key without a message is a bug and throws. */
export function describeFinding({ message }: Pick<Finding, 'message'>, options: Options = {}): string {
  const sentence = SENTENCES[message.key];
  if (sentence === undefined) throw new Error(`no message ${message.key}`);
  return sentence({ ...NOTHING, ...message.params }, options);
}
