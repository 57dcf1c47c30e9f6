/** A person's own notifications, as things stand now: of a report they may no longer read, nothing is shown. */
import type { Kysely } from 'kysely';
import type {
  Notification,
  NotificationPage,
  NotificationSettings,
  Settlement,
} from '#lib/review/notification.ts';
import type { Actor } from '#lib/review/permissions.ts';
import type { Database } from '../store/tables.ts';
import { readableReports } from '../reports/list.ts';
import { saveSettings, settingsOf } from './settings.ts';

export const NOTIFICATIONS_PER_PAGE = 30;

export interface Notifications {
  /** The newest first. */
  list(actor: Actor, query?: { page?: number; unreadOnly?: boolean }): Promise<NotificationPage>;
  unread(actor: Actor): Promise<number>;
  /** Those of these that are the actor's; without ids all. Answers how many are left unread. */
  markRead(actor: Actor, ids?: readonly number[]): Promise<number>;
  settings(actor: Actor): Promise<NotificationSettings>;
  saveSettings(actor: Actor, settings: NotificationSettings): Promise<void>;
  /** Calls back with the id of each person whose notifications were read. Answers a disposer. */
  onRead(listener: (userId: string) => void): () => void;
}

/** How a thread was settled, by the type of the event. */
export const SETTLEMENTS: Partial<Record<string, Settlement>> = {
  'thread.resolved': 'resolved',
  'thread.accepted': 'accepted',
  'thread.rejected': 'rejected',
};

/** Which figures a notification is about; null: it is about something else. */
export function figuresOf({ act, figureId }: { act: string; figureId: string | null }) {
  return act.startsWith('figure.') ? { id: figureId } : null;
}

/** The rows that a person may be shown. */
export async function visibleTo(db: Kysely<Database>, actor: Actor) {
  const reports = await db
    .selectFrom('notification')
    .select('reportId')
    .distinct()
    .where('userId', '=', actor.userId)
    .where('isShown', '=', 1)
    .execute();
  const readable = await readableReports(
    db,
    actor,
    reports.map(({ reportId }) => reportId),
  );
  return db
    .selectFrom('notification')
    .where('notification.userId', '=', actor.userId)
    .where('isShown', '=', 1)
    .where('notification.reportId', 'in', [...readable]);
}

export function openNotifications(db: Kysely<Database>, now: () => Date): Notifications {
  const listeners = new Set<(userId: string) => void>();

  type Visible = Awaited<ReturnType<typeof visibleTo>>;
  const count = async (visible: Visible): Promise<number> => {
    const { total } = await visible
      .select(({ fn }) => fn.countAll<number>().as('total'))
      .executeTakeFirstOrThrow();
    return total;
  };
  const unreadOf = (visible: Visible) => count(visible.where('readAt', 'is', null));

  return {
    async list(actor, { page: asked = 1, unreadOnly = false } = {}) {
      const visible = await visibleTo(db, actor);
      const wanted = unreadOnly ? visible.where('readAt', 'is', null) : visible;
      const total = await count(wanted);
      const pages = Math.max(1, Math.ceil(total / NOTIFICATIONS_PER_PAGE));
      const page = Math.min(pages, Math.max(1, Math.trunc(asked) || 1));
      const rows = await wanted
        .innerJoin('report', 'report.id', 'notification.reportId')
        .leftJoin('user', 'user.id', 'notification.actorId')
        .leftJoin('department', 'department.id', 'user.departmentId')
        .select(['notification.id', 'notification.kind', 'notification.act', 'notification.at'])
        .select(['notification.readAt', 'notification.threadId', 'notification.figureId'])
        .select('notification.actorId')
        .select(['report.id as reportId', 'report.title', 'user.name as actorName', 'department.hue'])
        .orderBy('notification.id', 'desc')
        .limit(NOTIFICATIONS_PER_PAGE)
        .offset((page - 1) * NOTIFICATIONS_PER_PAGE)
        .execute();
      const notifications = rows.map((row): Notification => ({
        id: row.id,
        kind: row.kind,
        settlement: SETTLEMENTS[row.act] ?? null,
        at: row.at,
        isRead: row.readAt !== null,
        actor: { id: row.actorId, name: row.actorName ?? row.actorId, hue: row.hue },
        report: { id: row.reportId, title: row.title },
        threadId: row.threadId,
        figures: figuresOf(row),
      }));
      return { notifications, unread: await unreadOf(visible), total, page, pages };
    },
    unread: async (actor) => unreadOf(await visibleTo(db, actor)),
    async markRead(actor, ids) {
      await db
        .updateTable('notification')
        .set({ readAt: now().toISOString() })
        .where('userId', '=', actor.userId)
        .where('readAt', 'is', null)
        .$if(ids !== undefined, (update) => update.where('id', 'in', [...(ids ?? [])]))
        .execute();
      for (const listener of listeners) listener(actor.userId);
      return unreadOf(await visibleTo(db, actor));
    },
    async settings(actor) {
      const settings = (await settingsOf(db, [actor.userId])).get(actor.userId);
      if (settings === undefined) throw new Error(`no settings of ${actor.userId}`);
      return settings;
    },
    saveSettings: (actor, settings) => saveSettings(db, actor.userId, settings),
    onRead(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}
