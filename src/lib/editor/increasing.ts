/** The places (indexes into `values`) of one longest strictly increasing subsequence, in O(n log n). */
export function longestIncreasing(values: readonly number[]): Set<number> {
  /** `ends[k]`: the place of the smallest value that ends a subsequence of length k + 1. */
  const ends: number[] = [];
  const previous: (number | undefined)[] = [];
  const valueAt = (place: number | undefined) =>
    place === undefined ? -Infinity : (values[place] ?? Infinity);
  values.forEach((value, place) => {
    let low = 0;
    let high = ends.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (valueAt(ends[middle]) < value) low = middle + 1;
      else high = middle;
    }
    previous[place] = low > 0 ? ends[low - 1] : undefined;
    ends[low] = place;
  });
  const found = new Set<number>();
  for (let place = ends.at(-1); place !== undefined; place = previous[place]) found.add(place);
  return found;
}
