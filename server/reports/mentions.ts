import type { Kysely } from 'kysely';
import type { Actor } from '#lib/review/permissions.ts';
import { done, type Outcome } from '../outcome.ts';
import { loadSyllables, normal, spelledAt, type Syllables } from '../people/pinyin.ts';
import type { Database } from '../store/tables.ts';
import { authorize, createAccess } from './access.ts';
import { readersOf } from './readers.ts';
import type { Subject } from './shares.ts';

/** The most that {@link findMentions} proposes. */
const MAX_MENTIONS = 20;

let syllables: Promise<Syllables> | null = null;

/**
 * Whom a comment on the report may mention: people who may read it, and departments that have such
 * people, found by name and by pinyin, the best match first. For those who may comment.
 */
export async function findMentions(
  db: Kysely<Database>,
  actor: Actor,
  reportId: string,
  text: string,
): Promise<Outcome<Subject[]>> {
  const allowed = await authorize(createAccess(db), actor, reportId, 'comment');
  if (!allowed.ok) return allowed;
  const readers = await readersOf(db, reportId);
  const people = readers.map(({ userId, name, department, hue }): Subject => ({
    kind: 'person',
    id: userId,
    name,
    department,
    hue,
  }));
  const departments = new Map<string, Subject>();
  for (const { departmentId, department, hue } of readers) {
    if (departmentId === null || department === null) continue;
    departments.set(departmentId, {
      kind: 'department',
      id: departmentId,
      name: department,
      department: null,
      hue,
    });
  }
  const read = await (syllables ??= loadSyllables());
  const typed = normal(text);
  const found = [...people, ...departments.values()].flatMap((subject) => {
    const rank = rankOf(subject, typed, read);
    return rank === null ? [] : [{ subject, rank }];
  });
  // Sorting is stable: what matches alike stays in the order of departments and names.
  found.sort((a, b) => a.rank - b.rank);
  return done(found.slice(0, MAX_MENTIONS).map(({ subject }) => subject));
}

/** 0 to 3, the lower the better: from the beginning or further on, as written or as spelled; null: no match. */
function rankOf({ kind, name }: Subject, typed: string, read: Syllables): number | null {
  const at = normal(name).indexOf(typed);
  if (at >= 0) return at === 0 ? 0 : 2;
  const spelled = spelledAt(read(name, kind), typed);
  if (spelled === null) return null;
  return spelled === 0 ? 1 : 3;
}
