import { beforeEach, expect, test } from 'vitest';
import * as Y from 'yjs';
import { bodyText, isStale, mentionsIn, readThreads, type Anchor, type CommentBody } from './thread.ts';
import {
  addComment,
  addThread,
  deleteComment,
  editComment,
  findComment,
  findThread,
  setAnchor,
  setReaction,
  setStatus,
  setUndo,
  type NewThread,
} from './write.ts';

const AT = '2024-03-01T09:00:00.000Z';
const LATER = '2024-03-01T10:00:00.000Z';
const ANCHOR: Anchor = {
  from: 'AA==',
  to: 'AQ==',
  exact: '春耕备播',
  prefix: '全县',
  suffix: '工作',
  bid: 'b1',
  section: '聚焦春耕',
  state: 'ok',
};
const THREAD: NewThread = {
  id: 't1',
  kind: 'comment',
  blocking: false,
  createdBy: 'li',
  department: 'stats',
  createdAt: AT,
  anchor: ANCHOR,
};
const says = (text: string): CommentBody => ({
  type: 'doc',
  content: [{ type: 'paragraph', content: [{ type: 'text', text }] }],
});

let doc: Y.Doc;
beforeEach(() => {
  doc = new Y.Doc();
});

function threadOf(id: string) {
  const thread = findThread(doc, id);
  if (thread === null) throw new Error(`no thread ${id}`);
  return thread;
}
function commentOf(id: string) {
  const comment = findComment(threadOf('t1'), id);
  if (comment === null) throw new Error(`no comment ${id}`);
  return comment;
}

test('a thread is read as it was written, also by someone who joined later', () => {
  addThread(doc, THREAD, { id: 'c1', by: 'li', at: AT, body: says('数据口径？') });
  const later = new Y.Doc();
  Y.applyUpdate(later, Y.encodeStateAsUpdate(doc));
  expect(readThreads(later)).toEqual([
    {
      ...THREAD,
      status: 'open',
      statusBy: null,
      statusAt: null,
      assignee: null,
      comments: [
        {
          id: 'c1',
          by: 'li',
          at: AT,
          editedAt: null,
          deletedAt: null,
          body: says('数据口径？'),
          mentions: [],
          reactions: {},
        },
      ],
    },
  ]);
});

test('threads come in the order they were made', () => {
  addThread(doc, { ...THREAD, id: 'b', createdAt: LATER }, null);
  addThread(doc, { ...THREAD, id: 'c' }, null);
  addThread(doc, { ...THREAD, id: 'a' }, null);
  expect(readThreads(doc).map(({ id }) => id)).toEqual(['a', 'c', 'b']);
});

test('replies, edits, reactions, deletions and statuses are read back', () => {
  addThread(doc, THREAD, { id: 'c1', by: 'li', at: AT, body: says('一') });
  addComment(threadOf('t1'), { id: 'c2', by: 'wang', at: AT, body: says('二') });
  editComment(commentOf('c2'), says('二改'), LATER);
  setReaction(commentOf('c2'), '👍', 'li', true);
  setReaction(commentOf('c2'), '👍', 'li', true);
  setReaction(commentOf('c2'), '👍', 'chen', true);
  setReaction(commentOf('c2'), '👍', 'li', false);
  deleteComment(commentOf('c1'), LATER);
  setStatus(threadOf('t1'), 'resolved', 'chen', LATER);
  setAnchor(threadOf('t1'), { ...ANCHOR, state: 'orphan' });
  const [thread] = readThreads(doc);
  expect(thread).toMatchObject({ status: 'resolved', statusBy: 'chen', statusAt: LATER });
  expect(thread?.anchor.state).toBe('orphan');
  expect(thread?.comments[0]).toMatchObject({ deletedAt: LATER, body: { content: [] }, reactions: {} });
  expect(thread?.comments[1]).toMatchObject({
    editedAt: LATER,
    body: says('二改'),
    reactions: { '👍': ['chen'] },
  });
  setReaction(commentOf('c2'), '👍', 'chen', false);
  expect(readThreads(doc)[0]?.comments[1]?.reactions).toEqual({});
});

test('a proposal is stale once the words it speaks of have changed; how it is undone is not told', () => {
  addThread(doc, { ...THREAD, kind: 'proposal', original: '春耕备播', replacement: '春耕' }, null);
  const read = () => {
    const [thread] = readThreads(doc);
    if (thread === undefined) throw new Error('no thread');
    return thread;
  };
  expect(isStale(read())).toBe(false);
  setAnchor(threadOf('t1'), { ...ANCHOR, exact: '春耕播种' });
  expect(isStale(read())).toBe(true);
  setAnchor(threadOf('t1'), { ...ANCHOR, state: 'orphan' });
  expect(isStale(read())).toBe(true);
  setStatus(threadOf('t1'), 'accepted', 'chen', LATER);
  setUndo(threadOf('t1'), { delta: [{ insert: '春耕备播' }], at: 'AA==' });
  expect(isStale(read())).toBe(false);
  expect(read()).not.toHaveProperty('undo');
});

test('a body gives its text and whom it mentions, each once', () => {
  const body: CommentBody = {
    type: 'doc',
    content: [
      {
        type: 'paragraph',
        content: [
          { type: 'text', text: '请' },
          { type: 'mention', attrs: { kind: 'person', id: 'wang' } },
          { type: 'hardBreak' },
          { type: 'mention', attrs: { kind: 'department', id: 'water' } },
        ],
      },
      { type: 'paragraph' },
      { type: 'paragraph', content: [{ type: 'mention', attrs: { kind: 'person', id: 'wang' } }] },
    ],
  };
  expect(mentionsIn(body)).toEqual([
    { kind: 'person', id: 'wang' },
    { kind: 'department', id: 'water' },
  ]);
  expect(bodyText(body, ({ id }) => `@${id}`)).toBe('请@wang\n@water\n\n@wang');
});
