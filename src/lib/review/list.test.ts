import { expect, test } from 'vitest';
import { countThreads, isShown, isUnread, see, sortThreads } from './list.ts';
import type { Comment, Mention, Thread } from './thread.ts';

const me = { userId: 'me', departmentId: 'press' };
const comment = (by: string, at: string, mentions: Mention[] = []): Comment => ({
  id: `${by}${at}`,
  by,
  at,
  editedAt: null,
  deletedAt: null,
  body: { type: 'doc', content: [] },
  mentions,
  reactions: {},
});
const thread = (id: string, given: Partial<Thread> = {}): Thread => ({
  id,
  kind: 'comment',
  blocking: false,
  createdBy: 'li',
  department: 'statistics',
  createdAt: '2026-01-01T08:00:00.000Z',
  status: 'open',
  statusBy: null,
  statusAt: null,
  assignee: null,
  anchor: {
    from: '',
    to: '',
    exact: '',
    prefix: '',
    suffix: '',
    bid: null,
    section: null,
    state: 'ok',
  },
  comments: [comment('li', '2026-01-01T08:00:00.000Z')],
  ...given,
});

test('mine are those I began, wrote in or am mentioned in', () => {
  expect(isShown(thread('a'), 'mine', me)).toBe(false);
  expect(isShown(thread('a', { createdBy: 'me' }), 'mine', me)).toBe(true);
  expect(isShown(thread('a', { comments: [comment('me', '2')] }), 'mine', me)).toBe(true);
  const mentioned = comment('li', '2', [{ kind: 'person', id: 'me' }]);
  expect(isShown(thread('a', { comments: [mentioned] }), 'mine', me)).toBe(true);
  const deleted = { ...mentioned, deletedAt: '3' };
  expect(isShown(thread('a', { comments: [deleted] }), 'mine', me)).toBe(false);
});

test('a department has what is assigned to it; what is assigned to another it has no longer', () => {
  expect(isShown(thread('a', { assignee: 'press' }), 'department', me)).toBe(true);
  expect(isShown(thread('a', { department: 'press' }), 'department', me)).toBe(true);
  expect(isShown(thread('a', { department: 'press', assignee: 'water' }), 'department', me)).toBe(false);
  const asked = comment('li', '2', [{ kind: 'department', id: 'press' }]);
  expect(isShown(thread('a', { comments: [asked] }), 'department', me)).toBe(true);
});

test('somebody without a department has no department’s threads', () => {
  const nobody = { userId: 'me', departmentId: null };
  expect(isShown(thread('a', { department: null, assignee: null }), 'department', nobody)).toBe(false);
});

test('what is settled, however, is under resolved and nowhere else', () => {
  const threads = (['open', 'resolved', 'accepted', 'rejected'] as const).map((status, i) =>
    thread(String(i), { status, createdBy: 'me', assignee: 'press' }),
  );
  expect(countThreads(threads, me)).toEqual({ open: 1, mine: 1, department: 1, resolved: 3 });
});

test('threads stand as their words do, the older first at one place, and lost ones last', () => {
  const places: Record<string, number | null> = { lost: null, late: 90, early: 3, younger: 50, older: 50 };
  const threads = ['lost', 'late', 'younger', 'older', 'early'].map((id) =>
    thread(id, { createdAt: id === 'older' ? '2025' : '2026' }),
  );
  const sorted = sortThreads(threads, (id) => places[id] ?? null);
  expect(sorted.map(({ id }) => id)).toEqual(['early', 'older', 'younger', 'late', 'lost']);
});

test('a thread is news until it was looked at, and again when somebody else adds to it', () => {
  const one = thread('a');
  expect(isUnread(one, me, {})).toBe(true);
  const seen = see({}, [one], [one], me);
  expect(isUnread(one, me, seen)).toBe(false);
  const mine = { ...one, comments: [...one.comments, comment('me', '2026-01-02')] };
  expect(isUnread(mine, me, seen)).toBe(false);
  const theirs = { ...mine, comments: [...mine.comments, comment('wang', '2026-01-03')] };
  expect(isUnread(theirs, me, seen)).toBe(true);
});

test('one’s own thread is never news, until somebody else settles it', () => {
  const own = thread('a', { createdBy: 'me', comments: [comment('me', '2026-01-01')] });
  expect(isUnread(own, me, {})).toBe(false);
  expect(isUnread({ ...own, status: 'resolved', statusBy: 'li', statusAt: '2026-01-05' }, me, {})).toBe(true);
});

test('what was looked at is forgotten with its thread', () => {
  expect(see({ gone: '2026' }, [], [thread('a')], me)).toEqual({});
});
