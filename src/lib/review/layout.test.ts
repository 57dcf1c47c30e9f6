import fc from 'fast-check';
import { expect, test } from 'vitest';
import { layoutCards, roomAbove } from './layout.ts';

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

test('the active card is level with its words, though those above it need room above the column', () => {
  const tops = layoutCards([card(0), card(20), card(30)], 2, 10);
  expect(tops).toEqual([-190, -80, 30]);
  expect(roomAbove(tops)).toBe(190);
});

test('cards that stand below the top of the column need no room above it', () => {
  expect(roomAbove(layoutCards([card(10), card(20)], -1, 10))).toBe(0);
  expect(roomAbove(layoutCards([card(200), card(210)], 1, 10))).toBe(0);
  expect(roomAbove([])).toBe(0);
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
      expect(Math.min(...tops, 0) + roomAbove(tops)).toBe(0);
    }),
  );
});
