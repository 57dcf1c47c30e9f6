/** Which threads a person sees, in which order, and which of them are news. */
import type { Comment, Thread } from './thread.ts';

/**
 * `open`: all that wait for something; `mine`: open ones that I began, wrote in or am mentioned in;
 * `department`: open ones assigned to my department, begun in it or mentioning it; `resolved`: what is
 * settled, however.
 */
export const THREAD_FILTERS = ['open', 'mine', 'department', 'resolved'] as const;
export type ThreadFilter = (typeof THREAD_FILTERS)[number];

export interface Me {
  userId: string;
  departmentId: string | null;
}

const mentions = ({ comments }: Thread, kind: 'person' | 'department', id: string) =>
  comments.some(
    (comment) =>
      comment.deletedAt === null && comment.mentions.some((one) => one.kind === kind && one.id === id),
  );

function isMine(thread: Thread, { userId }: Me): boolean {
  const wrote = thread.createdBy === userId || thread.comments.some(({ by }) => by === userId);
  return wrote || mentions(thread, 'person', userId);
}

function isOfDepartment(thread: Thread, { departmentId }: Me): boolean {
  if (departmentId === null) return false;
  if (thread.assignee !== null) return thread.assignee === departmentId;
  return thread.department === departmentId || mentions(thread, 'department', departmentId);
}

export function isShown(thread: Thread, filter: ThreadFilter, me: Me): boolean {
  const isOpen = thread.status === 'open';
  switch (filter) {
    case 'open':
      return isOpen;
    case 'mine':
      return isOpen && isMine(thread, me);
    case 'department':
      return isOpen && isOfDepartment(thread, me);
    case 'resolved':
      return !isOpen;
    default:
      return filter satisfies never;
  }
}

/** How many threads each filter shows. */
export function countThreads(threads: readonly Thread[], me: Me): Record<ThreadFilter, number> {
  const count = (filter: ThreadFilter) => threads.filter((thread) => isShown(thread, filter, me)).length;
  return {
    open: count('open'),
    mine: count('mine'),
    department: count('department'),
    resolved: count('resolved'),
  };
}

/**
 * In the order of the text; what has no place in it any more comes last. At the same place the older
 * thread is first.
 */
export function sortThreads<T extends Pick<Thread, 'id' | 'createdAt'>>(
  threads: readonly T[],
  positionOf: (id: string) => number | null,
): T[] {
  const place = (thread: T) => positionOf(thread.id) ?? Number.POSITIVE_INFINITY;
  return threads
    .map((thread) => ({ thread, at: place(thread) }))
    .sort((a, b) => {
      if (a.at !== b.at) return a.at < b.at ? -1 : 1;
      if (a.thread.createdAt !== b.thread.createdAt) return a.thread.createdAt < b.thread.createdAt ? -1 : 1;
      return a.thread.id < b.thread.id ? -1 : 1;
    })
    .map(({ thread }) => thread);
}

/** The newest thing that somebody else did to a thread, ISO 8601; null when all of it is one's own. */
function latestNews({ comments, createdBy, createdAt, statusBy, statusAt }: Thread, me: Me): string | null {
  const of = (by: string | null, at: string | null) => (by !== me.userId && at !== null ? [at] : []);
  const written = comments
    .filter(({ deletedAt }: Comment) => deletedAt === null)
    .flatMap(({ by, at }) => of(by, at));
  const times = [
    ...of(createdBy, createdAt),
    ...written,
    ...(statusBy === null ? [] : of(statusBy, statusAt)),
  ];
  return times.length === 0 ? null : times.reduce((a, b) => (a > b ? a : b));
}

/** When each thread was looked at last, by its id: the time of the newest thing that was there. */
export type Seen = Readonly<Record<string, string>>;

export function isUnread(thread: Thread, me: Me, seen: Seen): boolean {
  const news = latestNews(thread, me);
  return news !== null && news > (seen[thread.id] ?? '');
}

/** With these threads looked at, as they are now. What is no thread any more is forgotten. */
export function see(seen: Seen, looked: readonly Thread[], all: readonly Thread[], me: Me): Seen {
  const known = new Set(all.map(({ id }) => id));
  const kept = Object.entries(seen).filter(([id]) => known.has(id));
  const now = looked.flatMap((thread): [string, string][] => {
    const news = latestNews(thread, me);
    return news === null ? [] : [[thread.id, news]];
  });
  return Object.fromEntries([...kept, ...now]);
}
