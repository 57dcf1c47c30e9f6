/** Where the rows of the log lie: those of a document together, in their order. */

const SEQS = 2 ** 32;

/**
 * The key of an update in the log. An integer, so that finding a row reads no other one: a key of two columns
 * lies in SQLite's index b-tree beside the bytes, and a search there reads each row it passes whole.
 *
 * `number` is a document's (below 2^21, where numbers end to be exact), `seq` below 2^32.
 */
export function placeOf(number: number, seq: number): number {
  const place = number * SEQS + seq;
  if (seq >= SEQS || !Number.isSafeInteger(place)) throw new RangeError(`no place for ${number}, ${seq}`);
  return place;
}
