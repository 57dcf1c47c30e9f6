/** Runs what it is given one after another, in the order it came; each answers, or fails, to whoever gave it. */
export type OneAtATime = <T>(work: () => Promise<T>) => Promise<T>;

export function oneAtATime(): OneAtATime {
  let last: Promise<unknown> = Promise.resolve();
  return (work) => {
    const result = last.then(work);
    // However it ends: that is told to whoever waits for `result`.
    last = result.then(
      () => {},
      () => {},
    );
    return result;
  };
}
