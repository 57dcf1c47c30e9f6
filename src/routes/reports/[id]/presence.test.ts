import { expect, test } from 'vitest';
import { presentPeople } from './presence.ts';

const state = (userId: string, name: string) => ({ user: { userId, name, department: '水务局', hue: 1 } });

test('a person with two windows is listed once, and I am listed first', () => {
  const people = presentPeople(
    new Map([
      [30, state('u2', '王岚')],
      [10, state('u1', '陈晓')],
      [20, state('u2', '王岚')],
      [5, state('u3', '李文静')],
    ]),
    'u2',
  );
  expect(people.map(({ name, clients, isMe }) => [name, clients, isMe])).toEqual([
    ['王岚', [20, 30], true],
    ['李文静', [5], false],
    ['陈晓', [10], false],
  ]);
});

test('a state that names nobody is left out, and a colour that is no number is none', () => {
  const odd = new Map<number, unknown>([
    [1, {}],
    [2, null],
    [3, { user: { userId: 'u1', name: '' } }],
    [4, { user: { userId: 'u1', name: '陈晓', department: 7, hue: 'red' } }],
  ]);
  expect(presentPeople(odd, 'u9')).toEqual([
    { userId: 'u1', name: '陈晓', department: null, hue: null, isMe: false, clients: [4] },
  ]);
});
