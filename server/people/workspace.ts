/** The workspace itself: its name, and whether there is one yet. */
import type { Kysely } from 'kysely';
import { canInWorkspace, type Actor } from '#lib/review/permissions.ts';
import type { Recording } from '../events.ts';
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

async function nameIn(db: Kysely<Database>): Promise<string | null> {
  const row = await db
    .selectFrom('setting')
    .select('value')
    .where('key', '=', WORKSPACE_NAME)
    .executeTakeFirst();
  return row?.value ?? null;
}

export function openWorkspace(db: Kysely<Database>, events: Recording): Workspace {
  return {
    name: () => nameIn(db),
    async rename(actor, name) {
      if (!canInWorkspace(actor, 'manageSettings')) return refuse('forbidden');
      const clean = cleanName(name);
      if (clean === null) return refuse('invalid', 'name');
      return events.transaction(async (tx, record) => {
        const from = await nameIn(tx);
        if (from === null) return refuse('not_found');
        await tx.updateTable('setting').set({ value: clean }).where('key', '=', WORKSPACE_NAME).execute();
        if (from !== clean) await record({ type: 'workspace.renamed', actor, from, to: clean });
        return done({ name: clean });
      });
    },
  };
}
