/** The commands of the glossary as they arrive. */
import * as v from 'valibot';
import { MEASURE_KINDS } from './figure.ts';
import { TERM_LIMITS } from './term.ts';

const text = (most: number) => v.pipe(v.string(), v.maxLength(most));

export const TermBody = v.strictObject({
  name: v.pipe(text(TERM_LIMITS.name), v.minLength(1)),
  kind: v.picklist(MEASURE_KINDS),
  definition: v.optional(text(TERM_LIMITS.definition), ''),
  departmentId: v.optional(v.nullable(text(64)), null),
  note: v.optional(text(TERM_LIMITS.note), ''),
});

export const DismissedMeasureBody = v.strictObject({
  name: v.pipe(text(TERM_LIMITS.name), v.minLength(1)),
  reason: v.optional(text(500), ''),
});
