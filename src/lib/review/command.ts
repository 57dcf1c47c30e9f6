/** The commands of review as they arrive: what a browser may say, and how much of it. */
import * as v from 'valibot';

/** The most of each, in UTF-16 units (of base64 and text) or in number. */
const LIMITS = {
  position: 200,
  stateVector: 40_000,
  quote: 10_000,
  context: 200,
  body: 5_000,
  paragraphs: 100,
  inlines: 500,
  replacement: 5_000,
};

export const id = v.pipe(v.string(), v.regex(/^[\w-]{1,64}$/));
export const key = v.pipe(v.string(), v.regex(/^[\w-]{8,64}$/));
const base64 = (most: number) => v.pipe(v.string(), v.maxLength(most), v.regex(/^[A-Za-z0-9+/]*={0,2}$/));
const quote = v.pipe(v.string(), v.maxLength(LIMITS.quote));
const context = v.pipe(v.string(), v.maxLength(LIMITS.context));

/** Words of the content, as a browser has them, and the state of the content that it speaks of. */
export const Anchored = {
  from: base64(LIMITS.position),
  to: base64(LIMITS.position),
  exact: quote,
  prefix: context,
  suffix: context,
  stateVector: base64(LIMITS.stateVector),
};

const Inline = v.variant('type', [
  v.strictObject({
    type: v.literal('text'),
    text: v.pipe(v.string(), v.minLength(1), v.maxLength(LIMITS.body)),
    marks: v.optional(v.pipe(v.array(v.strictObject({ type: v.literal('bold') })), v.maxLength(1))),
  }),
  v.strictObject({
    type: v.literal('mention'),
    attrs: v.strictObject({ kind: v.picklist(['person', 'department']), id }),
  }),
  v.strictObject({ type: v.literal('hardBreak') }),
]);

const Body = v.pipe(
  v.strictObject({
    type: v.literal('doc'),
    content: v.pipe(
      v.array(
        v.strictObject({
          type: v.literal('paragraph'),
          content: v.optional(v.pipe(v.array(Inline), v.maxLength(LIMITS.inlines))),
        }),
      ),
      v.maxLength(LIMITS.paragraphs),
    ),
  }),
  v.check(({ content }) => sizeOf(content) <= LIMITS.body, 'too long'),
  v.check(({ content }) => content.some(says), 'empty'),
);

type Paragraph = { content?: v.InferOutput<typeof Inline>[] | undefined };

function sizeOf(content: readonly Paragraph[]): number {
  return content
    .flatMap((paragraph) => paragraph.content ?? [])
    .reduce((size, inline) => size + (inline.type === 'text' ? inline.text.length : 1), 0);
}

/** Whether a paragraph says something. */
function says({ content = [] }: Paragraph): boolean {
  return content.some(
    (inline) => inline.type === 'mention' || (inline.type === 'text' && inline.text.trim() !== ''),
  );
}

/** What a proposal puts in the place of words within one paragraph. */
const Replacement = v.pipe(v.string(), v.maxLength(LIMITS.replacement), v.regex(/^[^\n\r\0\ufffc]*$/));

export const NewThread = v.strictObject({
  key,
  ...Anchored,
  body: v.nullish(Body),
  replacement: v.nullish(Replacement),
  blocking: v.optional(v.boolean(), false),
});
export type NewThreadCommand = v.InferOutput<typeof NewThread>;

export const NewComment = v.strictObject({ key, body: Body });
export type NewCommentCommand = v.InferOutput<typeof NewComment>;

/** One change at a time: so a refusal always means that nothing was changed. */
export const ThreadChange = v.union([
  v.strictObject({ key, status: v.picklist(['open', 'resolved', 'rejected']) }),
  v.strictObject({ key, assignee: v.nullable(id) }),
  v.strictObject({ key, blocking: v.boolean() }),
  v.strictObject({ key, replacement: Replacement }),
]);
export type ThreadChangeCommand = v.InferOutput<typeof ThreadChange>;

const Emoji = v.pipe(v.string(), v.minLength(1), v.maxLength(16), v.regex(/^[^\p{L}\p{N}\p{Z}\p{C}]+$/u));

export const CommentChange = v.union([
  v.strictObject({ key, body: Body }),
  v.strictObject({ key, reaction: v.strictObject({ emoji: Emoji, on: v.boolean() }) }),
]);
export type CommentChangeCommand = v.InferOutput<typeof CommentChange>;

/** A command that says all by its address. */
export const Plain = v.strictObject({ key });
export type PlainCommand = v.InferOutput<typeof Plain>;
