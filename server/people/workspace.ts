/** The workspace itself: its name, and whether there is one yet. */
import type { Kysely } from 'kysely';
import { canInWorkspace, type Actor } from '#lib/review/permissions.ts';
import { done, refuse, type Outcome } from '../outcome.ts';
import type { Database } from '../store/tables.ts';
import { cleanName } from './names.ts';

export interface Workspace {
  /** Null as long as it has not been set up. */
  name(): Promise<string | null>;
  /** Administrators only. Refused with `forbidden` or `invalid`. */
  rename(actor: Actor, name: string): Promise<Outcome<{ name: string }>>;
}

/** The setting whose presence says that the workspace has been set up. */
export const WORKSPACE_NAME = 'workspace.name';

export function openWorkspace(db: Kysely<Database>): Workspace {
  return {
    async name() {
      const row = await db
        .selectFrom('setting')
        .select('value')
        .where('key', '=', WORKSPACE_NAME)
        .executeTakeFirst();
      return row?.value ?? null;
    },
    async rename(actor, name) {
      if (!canInWorkspace(actor, 'manageSettings')) return refuse('forbidden');
      const clean = cleanName(name);
      if (clean === null) return refuse('invalid', 'name');
      await db.updateTable('setting').set({ value: clean }).where('key', '=', WORKSPACE_NAME).execute();
      return done({ name: clean });
    },
  };
}
