import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { Haystack } from './quote.ts';

const quote = (exact: string) => ({ exact, prefix: '', suffix: '', near: null });

test('words of any length are found at every place where they stand', () => {
  const few = fc.string({ unit: fc.constantFrom('水', '火'), maxLength: 200 });
  fc.assert(
    fc.property(few, few, fc.nat({ max: 2 }), (text, pad, times) => {
      const words = '水火'.repeat(40) + pad;
      const whole = `${text}${words.repeat(times)}${text}`;
      const places = new Set<number>();
      new Haystack(whole).find(quote(words), ({ at }) => (places.add(at), false));
      const expected = [...whole].flatMap((_, at) => (whole.startsWith(words, at) ? [at] : []));
      expect([...places]).toEqual(expected.slice(0, 2_000));
      expect(new Haystack(whole).isSingle(words)).toBe(expected.length <= 1);
    }),
    { numRuns: 60 },
  );
});

test('in a million characters that repeat themselves words are looked for in linear time', () => {
  const many = new Haystack('水'.repeat(1_000_000));
  const half = '水'.repeat(2_500);
  const begun = performance.now();
  for (const words of [`${half}火`, `火${half}`, `${half}火${half}`, '水'.repeat(500_000)]) {
    const found = many.find(quote(words), () => true);
    expect(found === null).toBe(words.includes('火'));
    expect(many.isSingle(words)).toBe(words.includes('火'));
  }
  // Eight times over a million characters; when it was not linear each took some seconds.
  expect(performance.now() - begun).toBeLessThan(2_000);
});
