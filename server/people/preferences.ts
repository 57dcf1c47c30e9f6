/** What a person has chosen for themselves, each under a key. */
import type { Kysely } from 'kysely';
import type { Database } from '../store/tables.ts';

/** The value that stands under the key; null: the person has chosen nothing. */
export async function preferenceOf(
  db: Kysely<Database>,
  userId: string,
  key: string,
): Promise<string | null> {
  const row = await db
    .selectFrom('preference')
    .select('value')
    .where('userId', '=', userId)
    .where('key', '=', key)
    .executeTakeFirst();
  return row?.value ?? null;
}

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
