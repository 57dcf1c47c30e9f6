/** The commands of the register as they arrive: what a browser may say, and how much of it. */
import * as v from 'valibot';
import { Anchored, id, key } from '#lib/review/command.ts';
import { FIGURE_KINDS } from './figure.ts';
import type { FigureFields } from './register.ts';

/** The most of each, in UTF-16 units or in number. */
const LIMITS = { text: 500, url: 2_000, note: 2_000, reason: 500, field: 100, finding: 1_000, many: 500 };

const line = (most: number) => v.pipe(v.string(), v.trim(), v.maxLength(most), v.regex(/^[^\0\r\n]*$/));
const said = (most: number) => v.pipe(line(most), v.minLength(1));

const Source = v.strictObject({
  text: said(LIMITS.text),
  url: v.optional(v.pipe(v.string(), v.maxLength(LIMITS.url), v.url(), v.regex(/^https?:\/\//i))),
  attachment: v.optional(said(LIMITS.text)),
  asOf: v.optional(v.pipe(v.string(), v.isoDate())),
});

/** Null takes a person's word back: then it is as detected. */
const Fields = {
  object: v.optional(v.nullable(said(LIMITS.field))),
  scope: v.optional(v.nullable(said(LIMITS.field))),
  period: v.optional(v.nullable(v.pipe(v.string(), v.maxLength(32), v.regex(/^[\dHQ/-]+$/)))),
  modality: v.optional(v.nullable(v.picklist(['actual', 'plan']))),
};

const Settable = v.strictObject(Fields);

/** Whether a person could have set this. */
export const isSettable = (fields: FigureFields): boolean => v.is(Settable, fields);

/** What is known of a figure beside what the text says. */
const facts = {
  department: v.optional(v.nullable(id)),
  owner: v.optional(v.nullable(id)),
  source: v.optional(v.nullable(Source)),
  note: v.optional(v.nullable(v.pipe(v.string(), v.maxLength(LIMITS.note)))),
};

const Fact = v.strictObject({ ...facts, ...Fields });
export type FigureFactsInput = v.InferOutput<typeof Fact>;

const { stateVector, ...selection } = Anchored;

/** One figure, several, or `all` that are detected and not registered, but for years, periods and dates. */
export const NewFigures = v.union([
  v.strictObject({ key, stateVector, ...selection, fields: v.optional(Fact) }),
  v.strictObject({
    key,
    stateVector,
    figures: v.pipe(
      v.array(v.strictObject({ ...selection, fields: v.optional(Fact) })),
      v.minLength(1),
      v.maxLength(LIMITS.many),
    ),
  }),
  v.strictObject({
    key,
    stateVector,
    all: v.literal(true),
    kinds: v.optional(v.array(v.picklist(FIGURE_KINDS))),
    fields: v.optional(Fact),
  }),
]);
export type NewFiguresCommand = v.InferOutput<typeof NewFigures>;

/** All of it or nothing: a refusal means that nothing was changed. */
export const FigureChange = v.strictObject({
  key,
  ...facts,
  ...Fields,
  /** Puts it on another place of the text. */
  rebind: v.optional(v.strictObject(Anchored)),
});
export type FigureChangeCommand = v.InferOutput<typeof FigureChange>;

/** Gives several to one department. */
export const Assignment = v.strictObject({
  key,
  ids: v.pipe(v.array(id), v.minLength(1), v.maxLength(LIMITS.many)),
  department: v.nullable(id),
});
export type AssignmentCommand = v.InferOutput<typeof Assignment>;

const valueKey = v.pipe(v.string(), v.maxLength(2_000));

/** Without a key it may be repeated: then it says the same once more. */
export const Verify = v.strictObject({ key: v.optional(key), valueKey });
export type VerifyCommand = v.InferOutput<typeof Verify>;

export const VerifyMany = v.strictObject({
  key: v.optional(key),
  figures: v.pipe(v.array(v.strictObject({ id, valueKey })), v.minLength(1), v.maxLength(LIMITS.many)),
});
export type VerifyManyCommand = v.InferOutput<typeof VerifyMany>;

const finding = v.pipe(v.string(), v.minLength(1), v.maxLength(LIMITS.finding));

export const NewDismissal = v.strictObject({
  key,
  finding,
  rule: v.pipe(v.string(), v.regex(/^[a-z_]{1,40}$/)),
  reason: said(LIMITS.reason),
});
export type NewDismissalCommand = v.InferOutput<typeof NewDismissal>;

/** Takes a dismissal back. */
export const Restoration = v.strictObject({ key, finding });
export type RestorationCommand = v.InferOutput<typeof Restoration>;
