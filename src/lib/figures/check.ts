/** Checking the figures of a report against each other (核对). docs/figures.md has the rules. */
import type { Finding } from './figure.ts';
import { type AnyReport, asChecked } from './document.ts';
import { arithmeticOf } from './arithmetic.ts';
import { consistencyOf } from './consistency.ts';
import { passagesOf } from './placed.ts';
import { tablesOf } from './tablesums.ts';
import { wordsOf } from './words.ts';

/**
 * What the sums in a report come to: what is right, what is wrong, what a person should look at. A `mismatch`
 * is certain; where the words leave open what belongs to what, only what fits is told. In the order of the text.
 */
export function checkReport(input: AnyReport): Finding[] {
  const report = asChecked(input);
  const passages = passagesOf(report);
  const everything = passages.flatMap(({ figures }) => figures);
  const byUnit = Map.groupBy(everything, ({ unit }) => unit);
  let so = 0;
  const findings = [
    ...passages.flatMap((passage) => {
      const before = everything.slice(Math.max(0, so - NEAR), so);
      so += passage.figures.length;
      return passage.cell === undefined
        ? [...arithmeticOf(passage, { before, byUnit }), ...wordsOf(passage)]
        : [];
    }),
    ...tablesOf(report, passages),
    ...consistencyOf(passages),
  ];
  return distinct(findings).sort((a, b) => place(a) - place(b));
}

/** So many figures of the paragraphs before may be what a share is of. */
const NEAR = 400;

/** Blocks first, then offsets; no paragraph is longer than this. */
const place = ({ ranges: [first] }: Finding) =>
  first === undefined ? 0 : first.block * 10_000_000 + first.start;

/** One finding of a rule about the same words: the surest. */
function distinct(findings: readonly Finding[]): Finding[] {
  const byPlace = new Map<string, Finding>();
  for (const one of findings) {
    const [first] = one.ranges;
    const key = `${one.rule} ${first?.block} ${first?.start}`;
    const other = byPlace.get(key);
    if (other === undefined || (other.verdict !== 'ok' && one.verdict === 'ok')) byPlace.set(key, one);
  }
  return [...byPlace.values()];
}
