/** The commands of publishing as they arrive, and what a revision is to those who may read its report. */
import * as v from 'valibot';
import { key } from './command.ts';

/** The most of each, in UTF-16 units. */
const LIMITS = { byline: 100, note: 500, reason: 500, seen: 200 };

const line = (most: number) => v.pipe(v.string(), v.trim(), v.maxLength(most), v.regex(/^[^\0\r\n]*$/));
const text = (most: number) => v.pipe(v.string(), v.trim(), v.minLength(1), v.maxLength(most));

export const Publish = v.strictObject({
  key,
  /** What the publisher saw: `seen` of the checklist. */
  seen: v.pipe(v.string(), v.maxLength(LIMITS.seen)),
  /** May be empty. */
  byline: line(LIMITS.byline),
  /** The day that the article bears. */
  date: v.pipe(v.string(), v.isoDate()),
  /** What readers are told was corrected; of a new revision only. */
  correction: v.optional(text(LIMITS.note)),
  /** Why it is published in spite of what stops. Internal. */
  reason: v.optional(text(LIMITS.reason)),
});
export type PublishCommand = v.InferOutput<typeof Publish>;

export const Withdraw = v.strictObject({
  /** What readers are told in the place of the article. */
  note: text(LIMITS.note),
});
export type WithdrawCommand = v.InferOutput<typeof Withdraw>;

/** One revision of a report's article. */
export interface Revision {
  number: number;
  /** From 1. */
  revision: number;
  title: string;
  byline: string;
  date: string;
  words: number;
  publishedAt: string;
  publishedBy: { id: string; name: string };
  correction: string;
  reason: string | null;
  /** That it was taken from readers. */
  withdrawn: { at: string; by: { id: string; name: string }; note: string } | null;
}
