/** What checking the report found, with where it stands in the editor's document. */
import type { Node as ProseMirrorNode } from '@tiptap/pm/model';
import { checkReport } from '#lib/figures/check.ts';
import { describeFinding } from '#lib/figures/describe.ts';
import { checkedReport } from '#lib/figures/document.ts';
import { type Finding, type FindingRange, LANGUAGE_RULES } from '#lib/figures/figure.ts';
import { checkGlossary, type GlossaryTerm } from '#lib/figures/glossary.ts';
import { checkLanguage } from '#lib/figures/language.ts';
import { paragraphsIn } from './paragraphs.ts';

interface Range {
  from: number;
  to: number;
}

export interface PlacedFinding {
  finding: Finding;
  /** In the reader's language, with the arithmetic. */
  sentence: string;
  /** About marks and wording rather than numbers. */
  isLanguage: boolean;
  ranges: readonly Range[];
  /** The words it is about. */
  words: readonly string[];
  /** In the order of the text; null: there is no fix. */
  fix: readonly (Range & { text: string })[] | null;
}

const LANGUAGE: ReadonlySet<string> = new Set(LANGUAGE_RULES);

/** All that is found, in the order of the text: what is wrong with numbers, with names, with marks and wording. */
export function findingsIn(doc: ProseMirrorNode, terms: readonly GlossaryTerm[]): PlacedFinding[] {
  const paragraphs = paragraphsIn(doc, []);
  const report = checkedReport(doc.toJSON());
  const rangeOf = ({ block, start, end }: FindingRange): Range[] => {
    const paragraph = paragraphs[block];
    return paragraph === undefined ? [] : [{ from: paragraph.at + start, to: paragraph.at + end }];
  };
  return [...checkReport(report), ...checkGlossary(report, terms), ...checkLanguage(report)].map(
    (finding) => ({
      finding,
      sentence: describeFinding(finding),
      isLanguage: LANGUAGE.has(finding.rule),
      ranges: finding.ranges.flatMap(rangeOf),
      words: finding.ranges.map(({ block, start, end }) => paragraphs[block]?.text.slice(start, end) ?? ''),
      fix:
        finding.fix
          ?.flatMap((one) => rangeOf(one).map((range) => ({ ...range, text: one.text })))
          .sort((a, b) => a.from - b.from) ?? null,
    }),
  );
}
