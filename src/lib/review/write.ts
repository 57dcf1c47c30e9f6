/**
 * Changes of threads in the review document, one function a change. Who may make them, when, and whether
 * they make sense is decided before: see `server/review`. Nothing here reads a clock.
 */
import * as Y from 'yjs';
import {
  mentionsIn,
  threadsOf,
  type Anchor,
  type Comment,
  type CommentBody,
  type Thread,
  type ThreadMap,
  type ThreadStatus,
} from './thread.ts';

/** What a new thread is made of; the rest is the same for all. */
export type NewThread = Pick<
  Thread,
  | 'id'
  | 'kind'
  | 'blocking'
  | 'createdBy'
  | 'department'
  | 'createdAt'
  | 'anchor'
  | 'replacement'
  | 'original'
>;
export type NewComment = Pick<Comment, 'id' | 'by' | 'at' | 'body'>;

/** What it takes to take an accepted proposal back; nobody but the server reads it. */
export interface UndoRecord {
  /** The words that were replaced, with their formatting. */
  delta: { insert: string; attributes?: Record<string, unknown> }[];
  /** Where they stood: a relative position in base64. */
  at: string;
}

export function addThread(doc: Y.Doc, { id, ...thread }: NewThread, first: NewComment | null): void {
  const map = new Y.Map<unknown>();
  for (const [key, value] of Object.entries(thread)) if (value !== undefined) map.set(key, value);
  map.set('status', 'open' satisfies ThreadStatus);
  for (const key of ['statusBy', 'statusAt', 'assignee']) map.set(key, null);
  map.set('comments', Y.Array.from(first === null ? [] : [commentMap(first)]));
  threadsOf(doc).set(id, map);
}

function commentMap({ id, by, at, body }: NewComment): Y.Map<unknown> {
  return new Y.Map<unknown>(
    Object.entries({
      id,
      by,
      at,
      editedAt: null,
      deletedAt: null,
      body,
      mentions: mentionsIn(body),
      reactions: new Y.Map<string[]>(),
    }),
  );
}

/** Null: there is no such thread. */
export function findThread(doc: Y.Doc, id: string): ThreadMap | null {
  return threadsOf(doc).get(id) ?? null;
}

export function removeThread(doc: Y.Doc, id: string): void {
  threadsOf(doc).delete(id);
}

export function commentsOf(thread: ThreadMap): Y.Array<Y.Map<unknown>> {
  return thread.get('comments') as Y.Array<Y.Map<unknown>>;
}

/** Null: the thread has no such comment. */
export function findComment(thread: ThreadMap, id: string): Y.Map<unknown> | null {
  return (
    commentsOf(thread)
      .toArray()
      .find((comment) => comment.get('id') === id) ?? null
  );
}

export function addComment(thread: ThreadMap, comment: NewComment): void {
  commentsOf(thread).push([commentMap(comment)]);
}

export function editComment(comment: Y.Map<unknown>, body: CommentBody, at: string): void {
  comment.set('body', body);
  comment.set('mentions', mentionsIn(body));
  comment.set('editedAt', at);
}

/** What it said is gone for good; that there was a comment stays visible. */
export function deleteComment(comment: Y.Map<unknown>, at: string): void {
  comment.set('body', { type: 'doc', content: [] } satisfies CommentBody);
  comment.set('mentions', []);
  comment.set('reactions', new Y.Map());
  comment.set('deletedAt', at);
}

export function setReaction(comment: Y.Map<unknown>, emoji: string, userId: string, isOn: boolean): void {
  const reactions = comment.get('reactions') as Y.Map<string[]>;
  const before = reactions.get(emoji) ?? [];
  if (before.includes(userId) === isOn) return;
  const after = isOn ? [...before, userId] : before.filter((id) => id !== userId);
  if (after.length > 0) reactions.set(emoji, after);
  else reactions.delete(emoji);
}

export function setStatus(thread: ThreadMap, status: ThreadStatus, by: string, at: string): void {
  thread.set('status', status);
  thread.set('statusBy', by);
  thread.set('statusAt', at);
}

export function anchorOf(thread: ThreadMap): Anchor {
  return thread.get('anchor') as Anchor;
}

export function setAnchor(thread: ThreadMap, anchor: Anchor): void {
  thread.set('anchor', anchor);
}

export function setAssignee(thread: ThreadMap, departmentId: string | null): void {
  thread.set('assignee', departmentId);
}

export function setBlocking(thread: ThreadMap, blocking: boolean): void {
  thread.set('blocking', blocking);
}

export function setReplacement(thread: ThreadMap, replacement: string): void {
  thread.set('replacement', replacement);
}

export function setUndo(thread: ThreadMap, undo: UndoRecord | null): void {
  if (undo === null) thread.delete('undo');
  else thread.set('undo', undo);
}

export function undoOf(thread: ThreadMap): UndoRecord | null {
  return (thread.get('undo') as UndoRecord | undefined) ?? null;
}
