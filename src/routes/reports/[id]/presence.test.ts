import { expect, test } from 'vitest';
import { presentPeople } from './presence.ts';

const person = (userId: string, name: string) => ({ userId, name, department: '水务局', hue: 1 });
const me = { client: 30, user: person('u2', '王岚') };

test('a person with two windows is listed once, and I am listed first', () => {
  const people = new Map([
    [10, person('u1', '陈晓')],
    [20, person('u2', '王岚')],
    [5, person('u3', '李文静')],
  ]);
  const present = presentPeople([30, 10, 20, 5], people, me);
  expect(present.map(({ name, clients, isMe }) => [name, clients, isMe])).toEqual([
    ['王岚', [20, 30], true],
    ['李文静', [5], false],
    ['陈晓', [10], false],
  ]);
});

test('whom the server has not named is left out; I need no naming', () => {
  expect(presentPeople([7, 30], new Map(), me)).toEqual([{ ...me.user, isMe: true, clients: [30] }]);
});

test('who is named but not present is left out', () => {
  expect(presentPeople([30], new Map([[10, person('u1', '陈晓')]]), me)).toHaveLength(1);
});
