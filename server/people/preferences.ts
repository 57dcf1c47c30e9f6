/** What a person has chosen for themselves, each under a key. */
import type { Kysely } from 'kysely';
import type { Database } from '../store/tables.ts';

export async function setPreferences(
  db: Kysely<Database>,
  userId: string,
  values: Readonly<Record<string, string>>,
): Promise<void> {
  await db
    .insertInto('preference')
    .values(Object.entries(values).map(([key, value]) => ({ userId, key, value })))
    .onConflict((on) =>
      on.columns(['userId', 'key']).doUpdateSet((set) => ({ value: set.ref('excluded.value') })),
    )
    .execute();
}

/** The language people read the pages in, kept for what reaches them elsewhere. */
export const LANGUAGE = 'language';
