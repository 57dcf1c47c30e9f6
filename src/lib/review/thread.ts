/**
 * Threads as the review document holds them: `threads: Y.Map<threadId, Y.Map>`. Only the server writes it
 * (`docs/review.md`), so what is read here is trusted. Names are never stored: whoever shows a thread looks
 * its people and departments up by id.
 */
import type * as Y from 'yjs';

/** The name of the Y.Map that holds the threads in the review document. */
export const THREADS_MAP = 'threads';

export type ThreadKind = 'comment' | 'proposal';

/** A comment is open or resolved; a proposal open, accepted or rejected. */
export type ThreadStatus = 'open' | 'resolved' | 'accepted' | 'rejected';

/**
 * `ok`: on the words it was made for. `moved`: found again by its words, so a person should look.
 * `orphan`: its words are gone; they are kept as the quote, and looked for whenever text is inserted.
 */
export type AnchorState = 'ok' | 'moved' | 'orphan';

/** Where a thread belongs in the content. Texts are as in `flat.ts`: blocks are parted by a newline. */
export interface Anchor {
  /** A Yjs relative position, encoded, in base64: before the first of the words; it moves with it. */
  from: string;
  /** The same, after the last of the words: what is typed behind it is outside. */
  to: string;
  /** The words; of an orphan those it was on last. */
  exact: string;
  /** What stands before and after them, at most {@link CONTEXT} UTF-16 units each. */
  prefix: string;
  suffix: string;
  /** The hint that names the block it begins in, when that has one. */
  bid: string | null;
  /** The title of the section it begins in; null before the first. */
  section: string | null;
  state: AnchorState;
  /**
   * Other words it had. While it has words: what they were before some were deleted, which it takes back when
   * they return. Of an orphan: the last that was left of `exact`.
   */
  was?: string;
}

/** How much text around an anchor's words is kept, in UTF-16 units on each side. */
export const CONTEXT = 32;

export interface Mention {
  kind: 'person' | 'department';
  id: string;
}

/** What a comment says: ProseMirror JSON of paragraphs with text (bold or not), mentions and line breaks. */
export interface CommentBody {
  type: 'doc';
  content: CommentParagraph[];
}
export interface CommentParagraph {
  type: 'paragraph';
  content?: CommentInline[];
}
export type CommentInline =
  | { type: 'text'; text: string; marks?: { type: 'bold' }[] }
  | { type: 'mention'; attrs: Mention }
  | { type: 'hardBreak' };

export interface Comment {
  id: string;
  /** The id of its author. */
  by: string;
  at: string;
  editedAt: string | null;
  /** Not null: its author took it back, and the body is empty. */
  deletedAt: string | null;
  body: CommentBody;
  /** Whom the body mentions, each once. */
  mentions: Mention[];
  /** Who reacted, by emoji. */
  reactions: Record<string, string[]>;
}

export interface Thread {
  id: string;
  kind: ThreadKind;
  /** Whether publishing waits for it. */
  blocking: boolean;
  createdBy: string;
  /** The department its author was in then. */
  department: string | null;
  createdAt: string;
  status: ThreadStatus;
  /** Who set the status last, and when; null: it is as it began. */
  statusBy: string | null;
  statusAt: string | null;
  /** The department it is assigned to. */
  assignee: string | null;
  anchor: Anchor;
  /** What a proposal puts in the place of its words; empty: it takes them away. */
  replacement?: string;
  /**
   * The words a proposal speaks of. While it is open and `anchor.exact` is not the same, the text below it
   * has changed: it is stale and cannot be accepted. Once accepted, `anchor` is on the replacement.
   */
  original?: string;
  /** In the order they were written; a proposal may have none. */
  comments: Comment[];
}

export type ThreadMap = Y.Map<unknown>;

export function threadsOf(doc: Y.Doc): Y.Map<ThreadMap> {
  return doc.getMap<ThreadMap>(THREADS_MAP);
}

/** All threads, the oldest first. */
export function readThreads(doc: Y.Doc): Thread[] {
  const threads: Thread[] = [];
  threadsOf(doc).forEach((map, id) => threads.push(readThread(map, id)));
  return threads.sort((a, b) => order(a.createdAt, b.createdAt) || order(a.id, b.id));
}

export function readThread(map: ThreadMap, id: string): Thread {
  const {
    comments,
    undo: _,
    ...facts
  } = map.toJSON() as Omit<Thread, 'id' | 'comments'> & {
    comments: Comment[];
    undo?: unknown;
  };
  return { id, ...facts, comments };
}

/** Whether the words an open proposal speaks of are not there any more as they were. */
export function isStale({ kind, status, anchor, original }: Thread): boolean {
  return kind === 'proposal' && status === 'open' && (anchor.state === 'orphan' || anchor.exact !== original);
}

function order(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

/** A comment's text; mentions are left to `nameOf`, a line break and the end of a paragraph are newlines. */
export function bodyText({ content }: CommentBody, nameOf: (mention: Mention) => string): string {
  return content.map((paragraph) => paragraphText(paragraph, nameOf)).join('\n');
}

function paragraphText({ content = [] }: CommentParagraph, nameOf: (mention: Mention) => string): string {
  return content
    .map((inline) => {
      switch (inline.type) {
        case 'text':
          return inline.text;
        case 'mention':
          return nameOf(inline.attrs);
        case 'hardBreak':
          return '\n';
        default:
          return inline satisfies never;
      }
    })
    .join('');
}

/** Whom a body mentions, each once, in the order of the text. */
export function mentionsIn({ content }: CommentBody): Mention[] {
  const found = new Map<string, Mention>();
  for (const { content: inlines = [] } of content) {
    for (const inline of inlines) {
      if (inline.type === 'mention')
        found.set(`${inline.attrs.kind}/${inline.attrs.id}`, { ...inline.attrs });
    }
  }
  return [...found.values()];
}
