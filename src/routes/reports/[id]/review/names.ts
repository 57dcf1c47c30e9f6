/** Names of the people and departments that threads speak of. Threads hold ids only. */
import { m } from '#lib/paraglide/messages.js';
import type { Mention } from '#lib/review/thread.ts';

export interface Person {
  name: string;
  /** The name of their department; null: they have none. */
  department: string | null;
  hue: number | null;
}

export interface Department {
  name: string;
  hue: number | null;
}

export interface Names {
  people: Readonly<Record<string, Person>>;
  departments: Readonly<Record<string, Department>>;
}

export const NO_NAMES: Names = { people: {}, departments: {} };

/** Somebody whose name has not arrived, or whose account is gone. */
export function personOf(names: Names, id: string): Person {
  return names.people[id] ?? { name: m.review_unknown_person(), department: null, hue: null };
}

export function mentionName(names: Names, { kind, id }: Mention): string {
  return kind === 'person'
    ? personOf(names, id).name
    : (names.departments[id]?.name ?? m.review_unknown_department());
}

/** Words as a card quotes them: a picture among them is named. */
export const quoteText = (words: string): string => words.replaceAll('\ufffc', m.review_picture());
