import fc from 'fast-check';
import { expect, test } from 'vitest';
import { layoutCards } from './layout.ts';

const card = (wanted: number, height = 100) => ({ wanted, height });

test('cards far apart stand level with their words', () => {
  expect(layoutCards([card(10), card(500)], -1, 10)).toEqual([10, 500]);
});

test('cards of one line stand below one another', () => {
  expect(layoutCards([card(10), card(10), card(10)], -1, 10)).toEqual([10, 120, 230]);
});

test('the active card is level with its words, and the others give way on both sides', () => {
  expect(layoutCards([card(300), card(310), card(320)], 1, 10)).toEqual([200, 310, 420]);
});

test('the active card is level with its words, though those above it leave the column', () => {
  expect(layoutCards([card(0), card(20), card(30)], 2, 10)).toEqual([-190, -80, 30]);
});

test('without cards there is nothing to lay out', () => {
  expect(layoutCards([], 0, 10)).toEqual([]);
});

test('whatever the heights, none overlaps, and the active one is level; without one none is above the column', () => {
  const boxes = fc.array(
    fc.record({ wanted: fc.integer({ min: 0, max: 3_000 }), height: fc.integer({ min: 1, max: 400 }) }),
    { maxLength: 40 },
  );
  fc.assert(
    fc.property(boxes, fc.nat(45), fc.nat(20), (unsorted, active, gap) => {
      const cards = unsorted.toSorted((a, b) => a.wanted - b.wanted);
      const tops = layoutCards(cards, active, gap);
      expect(tops).toHaveLength(cards.length);
      tops.forEach((top, i) => {
        if (cards[active] === undefined) expect(top).toBeGreaterThanOrEqual(0);
        const next = tops[i + 1];
        if (next !== undefined) expect(next - top).toBeGreaterThanOrEqual((cards[i]?.height ?? 0) + gap);
      });
      expect(tops[active]).toBe(cards[active]?.wanted);
    }),
  );
});
