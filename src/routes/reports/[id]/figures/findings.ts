/** What checking the report found, with where it stands in the editor's document. */
import type { Node as ProseMirrorNode } from '@tiptap/pm/model';
import { type Difference, mapRange, type Range } from '#lib/editor/difference.ts';
import { describeFinding } from '#lib/figures/describe.ts';
import { type Finding, type FindingRange, LANGUAGE_RULES } from '#lib/figures/figure.ts';
import { paragraphsIn } from './paragraphs.ts';

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

/** Where the findings of a document stand in it. */
export function placed(findings: readonly Finding[], doc: ProseMirrorNode): PlacedFinding[] {
  const paragraphs = paragraphsIn(doc, []);
  const rangeOf = ({ block, start, end }: FindingRange): Range[] => {
    const paragraph = paragraphs[block];
    return paragraph === undefined ? [] : [{ from: paragraph.at + start, to: paragraph.at + end }];
  };
  return findings.map((finding) => ({
    finding,
    sentence: describeFinding(finding),
    isLanguage: LANGUAGE.has(finding.rule),
    ranges: finding.ranges.flatMap(rangeOf),
    words: finding.ranges.map(({ block, start, end }) => paragraphs[block]?.text.slice(start, end) ?? ''),
    fix:
      finding.fix
        ?.flatMap((one) => rangeOf(one).map((range) => ({ ...range, text: one.text })))
        .sort((a, b) => a.from - b.from) ?? null,
  }));
}

/** Takes findings along with a change of the text; those that it reached are gone. */
export function followed(found: readonly PlacedFinding[], change: Difference): PlacedFinding[] {
  const moved = <R extends Range>(ranges: readonly R[]): R[] | null => {
    const now = ranges.flatMap((range) => {
      const place = mapRange(range, change);
      return place === null ? [] : [{ ...range, ...place }];
    });
    return now.length === ranges.length ? now : null;
  };
  return found.flatMap((one) => {
    const ranges = moved(one.ranges);
    const fix = one.fix === null ? null : moved(one.fix);
    return ranges === null || (fix === null && one.fix !== null) ? [] : [{ ...one, ranges, fix }];
  });
}
