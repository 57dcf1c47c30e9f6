/** What checking the report found, with where it stands in the editor's document. */
import type { Node as ProseMirrorNode } from '@tiptap/pm/model';
import { type Difference, mapRange, type Range } from '#lib/editor/difference.ts';
import { describeFinding } from '#lib/figures/describe.ts';
import { type Finding, type FindingRange, LANGUAGE_RULES } from '#lib/figures/figure.ts';
import { paragraphsIn, type ReadParagraph } from './paragraphs.ts';

export interface PlacedFinding {
  readonly finding: Finding;
  /** In the reader's language, with the arithmetic. */
  readonly sentence: string;
  /** About marks and wording rather than numbers. */
  readonly isLanguage: boolean;
  readonly ranges: readonly Range[];
  /** The words it is about. */
  readonly words: readonly string[];
  /** In the order of the text; null: there is no fix. */
  readonly fix: readonly (Range & { text: string })[] | null;
}

const LANGUAGE: ReadonlySet<string> = new Set(LANGUAGE_RULES);

const sentences = new WeakMap<Finding, string>();
function sentenceOf(finding: Finding): string {
  const known = sentences.get(finding) ?? describeFinding(finding);
  sentences.set(finding, known);
  return known;
}

/** Reads what it says when it is asked: of thousands of findings hardly any is, and all are placed after every check. */
class Placed implements PlacedFinding {
  readonly finding: Finding;
  readonly #paragraphs: readonly ReadParagraph[];

  constructor(finding: Finding, paragraphs: readonly ReadParagraph[]) {
    this.finding = finding;
    this.#paragraphs = paragraphs;
  }

  get sentence(): string {
    return sentenceOf(this.finding);
  }

  get isLanguage(): boolean {
    return LANGUAGE.has(this.finding.rule);
  }

  get ranges(): Range[] {
    return this.finding.ranges.flatMap((range) => this.#placed(range));
  }

  get words(): string[] {
    return this.finding.ranges.map(
      ({ block, start, end }) => this.#paragraphs[block]?.text.slice(start, end) ?? '',
    );
  }

  get fix(): (Range & { text: string })[] | null {
    const edits = this.finding.fix?.flatMap((one) =>
      this.#placed(one).map((range) => ({ ...range, text: one.text })),
    );
    return edits?.sort((a, b) => a.from - b.from) ?? null;
  }

  #placed({ block, start, end }: FindingRange): Range[] {
    const paragraph = this.#paragraphs[block];
    return paragraph === undefined ? [] : [{ from: paragraph.at + start, to: paragraph.at + end }];
  }
}

/** Where the findings of a document stand in it. */
export function placed(findings: readonly Finding[], doc: ProseMirrorNode): PlacedFinding[] {
  const paragraphs = paragraphsIn(doc, []);
  return findings.map((finding) => new Placed(finding, paragraphs));
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
    const { finding, sentence, isLanguage, words } = one;
    const ranges = moved(one.ranges);
    const fix = one.fix === null ? null : moved(one.fix);
    if (ranges === null || (fix === null && one.fix !== null)) return [];
    return [{ finding, sentence, isLanguage, words, ranges, fix }];
  });
}
