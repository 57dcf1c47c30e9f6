/** Which kinds of notifications a person wants on the page and by e-mail: all, until they say otherwise. */
import type { Kysely } from 'kysely';
import {
  NOTIFICATION_KINDS,
  type NotificationKind,
  type NotificationSettings,
} from '#lib/review/notification.ts';
import { setPreferences } from '../people/preferences.ts';
import type { Database } from '../store/tables.ts';

type Place = 'page' | 'mail';

const keyOf = (kind: NotificationKind, place: Place) => `notify.${kind}.${place}`;

/** The settings of each of these people. */
export async function settingsOf(
  db: Kysely<Database>,
  userIds: readonly string[],
): Promise<Map<string, NotificationSettings>> {
  const rows = await db
    .selectFrom('preference')
    .select(['userId', 'key', 'value'])
    .where('userId', 'in', [...userIds])
    .execute();
  const off = new Set(rows.flatMap(({ userId, key, value }) => (value === '0' ? [`${userId} ${key}`] : [])));
  const of = (userId: string): NotificationSettings => {
    const wants = (kind: NotificationKind, place: Place) => !off.has(`${userId} ${keyOf(kind, place)}`);
    const both = (kind: NotificationKind) => ({ page: wants(kind, 'page'), mail: wants(kind, 'mail') });
    return {
      mentioned: both('mentioned'),
      assigned: both('assigned'),
      stale: both('stale'),
      replied: both('replied'),
      resolved: both('resolved'),
      shared: both('shared'),
      published: both('published'),
      withdrawn: both('withdrawn'),
    };
  };
  return new Map(userIds.map((userId) => [userId, of(userId)]));
}

export async function saveSettings(
  db: Kysely<Database>,
  userId: string,
  settings: NotificationSettings,
): Promise<void> {
  const values: Record<string, string> = {};
  for (const kind of NOTIFICATION_KINDS) {
    for (const place of ['page', 'mail'] as const) {
      values[keyOf(kind, place)] = settings[kind][place] ? '1' : '0';
    }
  }
  await setPreferences(db, userId, values);
}
