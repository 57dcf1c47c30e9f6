/**
 * The checks that do sums: shares, partitions, differences, growth, products, fractions of change. A stated
 * number is wrong only when the numbers it belongs to are certain; where the words leave that open, only what
 * fits is told.
 */
import type { Finding } from './figure.ts';
import { changes, differences } from './change.ts';
import { breakdowns } from './breakdown.ts';
import { growths } from './growth.ts';
import { partitions, sums } from './partition.ts';
import { type Elsewhere, type Passage, sentencesOf } from './placed.ts';
import { products } from './product.ts';
import { shares } from './share.ts';

/** All arithmetic findings of one paragraph, and of what it needs from the report's other paragraphs. */
export function arithmeticOf(passage: Passage, elsewhere: Elsewhere): Finding[] {
  const told = sentencesOf(passage).flatMap((sentence) => {
    const done = [
      ...partitions(passage, sentence),
      ...sums(passage, sentence),
      ...differences(passage, sentence),
      ...growths(passage, sentence),
      ...changes(passage, sentence),
    ];
    return [
      ...shares(passage, sentence, elsewhere.before),
      ...products(passage, sentence, elsewhere),
      ...done,
    ];
  });
  return [...told, ...breakdowns(passage)];
}
