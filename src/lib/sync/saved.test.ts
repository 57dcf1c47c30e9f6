import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { INITIAL, next, savedState, unsavedChanges, wouldLose, type SavedEvent } from './saved.ts';

const after = (...events: SavedEvent[]) => events.reduce(next, INITIAL);
const opened: SavedEvent[] = [
  { type: 'loaded', unsaved: 0 },
  { type: 'opened' },
  { type: 'info', canWrite: true, storing: true },
  { type: 'synced' },
];
const answer: SavedEvent = { type: 'sent', isAnswer: true };
const update: SavedEvent = { type: 'sent', isAnswer: false };
const changed: SavedEvent = { type: 'changed' };
const acked = (n: number): SavedEvent => ({ type: 'acked', n });
const kindAfter = (...events: SavedEvent[]) => savedState(after(...events)).kind;

test('saved needs the answer to the server, its acknowledgement, and the server’s state', () => {
  expect(kindAfter()).toBe('connecting');
  expect(kindAfter(...opened)).toBe('saving');
  expect(kindAfter(...opened, answer)).toBe('saving');
  expect(kindAfter(...opened, answer, acked(1))).toBe('saved');
  expect(kindAfter(...opened.slice(0, 3), answer, acked(1))).toBe('saving');
});

test('a frame sent before the answer does not cover what was written offline', () => {
  const offline: SavedEvent[] = [{ type: 'loaded', unsaved: 3 }, ...opened.slice(1)];
  expect(savedState(after(...offline, changed, update, acked(1)))).toEqual({ kind: 'saving', unsaved: 4 });
  expect(kindAfter(...offline, changed, update, acked(1), answer, acked(2))).toBe('saved');
});

test('a lost connection forgets frames, and keeps changes', () => {
  const lost = after(...opened, answer, acked(1), changed, update, { type: 'closed', code: 1006 });
  expect(savedState(lost)).toEqual({ kind: 'offline', unsaved: 1, kept: 0 });
  const again = [{ type: 'opened' }, { type: 'synced' }, acked(1)] as const;
  expect(savedState([...again].reduce(next, lost))).toEqual({ kind: 'saving', unsaved: 1 });
});

test('offline, what the browser has written down for certain is told from what only the window holds', () => {
  const offline: SavedEvent[] = [
    ...opened,
    answer,
    acked(1),
    { type: 'closed', code: 1006 },
    changed,
    changed,
  ];
  expect(savedState(after(...offline))).toEqual({ kind: 'offline', unsaved: 2, kept: 0 });
  const kept = (changes: number | null): SavedEvent => ({ type: 'kept', changes });
  expect(savedState(after(...offline, kept(2)))).toEqual({ kind: 'offline', unsaved: 2, kept: 2 });
  expect(savedState(after(...offline, kept(2), changed))).toEqual({ kind: 'offline', unsaved: 3, kept: 2 });
  expect(savedState(after(...offline, kept(2), changed, kept(null)))).toMatchObject({ kept: null });
  const lost = [[], [kept(2)], [kept(2), changed], [kept(2), changed, kept(null)]];
  expect(lost.map((more) => wouldLose(after(...offline, ...more)))).toEqual([true, false, true, true]);
  // What the server has is not lost with the window.
  expect(wouldLose(after(...opened, answer, acked(1), changed, update, acked(2)))).toBe(false);
});

test('the server’s closing words are told apart', () => {
  const kinds = [4401, 4403, 4404, 4426, 4429, 4503, 1006].map((code) =>
    kindAfter(...opened, { type: 'closed', code }),
  );
  expect(kinds).toEqual(['signedOut', 'forbidden', 'gone', 'clientTooOld', 'tooMany', 'offline', 'offline']);
});

test('a server that cannot write is not saving, and a refusal stays until it was seen', () => {
  const full: SavedEvent[] = [...opened, answer, acked(1), { type: 'info', canWrite: true, storing: false }];
  expect(kindAfter(...full)).toBe('saved');
  expect(kindAfter(...full, changed, update)).toBe('notSaved');
  const refused: SavedEvent[] = [
    ...opened,
    { type: 'refused', code: 2 },
    { type: 'reset' },
    ...opened,
    answer,
    acked(1),
  ];
  expect(savedState(after(...refused))).toEqual({ kind: 'refused', code: 2 });
  expect(kindAfter(...refused, { type: 'dismissed' })).toBe('saved');
  expect(kindAfter(...opened.slice(0, 2), { type: 'info', canWrite: false, storing: true })).toBe('readOnly');
});

test('a document that is taken over from an older epoch keeps what was not saved, and is saved anew', () => {
  const [info, synced] = [opened[2] as SavedEvent, opened[3] as SavedEvent];
  const offline = after(
    ...opened,
    answer,
    acked(1),
    changed,
    update,
    { type: 'closed', code: 1006 },
    changed,
  );
  const again: SavedEvent[] = [{ type: 'renewed' }, { type: 'opened' }, info, synced];
  expect(savedState([...again].reduce(next, offline))).toEqual({ kind: 'saving', unsaved: 2 });
  expect(savedState([...again, answer].reduce(next, offline)).kind).toBe('saving');
  expect(savedState([...again, answer, acked(1)].reduce(next, offline)).kind).toBe('saved');
});

test('whatever happens, saved is never said of a change that no acknowledgement covers', () => {
  const event = fc.oneof(
    fc.constant(changed),
    fc.constant('send' as const),
    fc.constant('answer' as const),
    fc.constant('ack' as const),
    fc.constant('close' as const),
    fc.constant('open' as const),
  );
  fc.assert(
    fc.property(fc.array(event, { maxLength: 40 }), (events) => {
      let facts = after({ type: 'loaded', unsaved: 0 });
      // The truth: what each frame of this socket holds, and what the server has.
      let frames: number[] = [];
      let isOpen = false;
      let answered = false;
      let made = 0;
      let safe = 0;
      const see = (one: SavedEvent) => (facts = next(facts, one));
      for (const one of events) {
        if (typeof one === 'object') {
          made++;
          see(one);
          if (!isOpen) continue;
          frames.push(answered ? made : safe);
          see(update);
        } else if (one === 'open' && !isOpen) {
          [isOpen, answered, frames] = [true, false, []];
          for (const begun of opened.slice(1)) see(begun);
        } else if (one === 'answer' && isOpen) {
          answered = true;
          frames.push(made);
          see(answer);
        } else if (one === 'ack' && isOpen && frames.length > 0) {
          safe = Math.max(safe, ...frames);
          see(acked(frames.length));
        } else if (one === 'close' && isOpen) {
          isOpen = false;
          see({ type: 'closed', code: 1006 });
        }
        if (savedState(facts).kind === 'saved') expect(safe).toBe(made);
        expect(unsavedChanges(facts)).toBeGreaterThanOrEqual(made - safe);
      }
    }),
    { numRuns: 500 },
  );
});
