import type { Kysely } from 'kysely';
import type { Actor } from '#lib/review/permissions.ts';
import type { Events } from '../events.ts';
import type { KeeperDeps, Stale } from '../review/keeper.ts';
import type { Database } from '../store/tables.ts';

/** Tells the departments that figures they verified are others now: one event for each who made them so. */
export function tellStale(db: Kysely<Database>, events: Pick<Events, 'emit'>): KeeperDeps['onStale'] {
  return async (reportId, stale) => {
    const people = await peopleOf(db, stale);
    const groups = Map.groupBy(stale, ({ by, departmentId }) => `${by}/${departmentId}`);
    for (const group of groups.values()) {
      const [{ by, departmentId } = { by: '', departmentId: null }] = group;
      const actor = people.get(by);
      if (actor === undefined) continue;
      const figureIds = group.map(({ figureId }) => figureId);
      await events.emit({ type: 'figure.stale', actor, reportId, figureIds, departmentId });
    }
  };
}

async function peopleOf(db: Kysely<Database>, stale: readonly Stale[]): Promise<Map<string, Actor>> {
  const rows = await db
    .selectFrom('user')
    .select(['id', 'name', 'role', 'departmentId'])
    .where(
      'id',
      'in',
      stale.map(({ by }) => by),
    )
    .execute();
  return new Map(rows.map(({ id, ...rest }) => [id, { userId: id, ...rest }]));
}
