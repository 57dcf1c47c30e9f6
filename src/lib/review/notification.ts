/** What people are told of one another's acts, as the server hands it to the page. */

/** From what most concerns a person to what least does: of one act they are told the first that applies. */
export const NOTIFICATION_KINDS = [
  'mentioned',
  'assigned',
  'stale',
  'replied',
  'resolved',
  'shared',
  'published',
  'withdrawn',
] as const;
export type NotificationKind = (typeof NOTIFICATION_KINDS)[number];

/** How a thread that somebody began was settled. */
export type Settlement = 'resolved' | 'accepted' | 'rejected';

export interface Notification {
  id: number;
  kind: NotificationKind;
  /** Of kind `resolved` alone. */
  settlement: Settlement | null;
  at: string;
  isRead: boolean;
  actor: { id: string; name: string; hue: number | null };
  /** `title` empty: it has none yet. */
  report: { id: string; title: string };
  threadId: string | null;
  /** Whether it is about figures of the report, and which, where that is one alone. */
  figures: { id: string | null } | null;
}

/** A page of somebody's notifications, the newest first; pages count from 1. */
export interface NotificationPage {
  notifications: Notification[];
  /** All that are not read, on whatever page. */
  unread: number;
  total: number;
  page: number;
  pages: number;
}

/** Which kinds a person wants to be told of, and where. */
export type NotificationSettings = Record<NotificationKind, { page: boolean; mail: boolean }>;

/** Where a notification leads, as a path of this site. */
export function notificationPath({
  report,
  threadId,
  figures,
}: Pick<Notification, 'report' | 'threadId' | 'figures'>): string {
  if (figures !== null)
    return figures.id === null ? `/reports/${report.id}#figures` : figurePath(report.id, figures.id);
  return threadId === null ? `/reports/${report.id}` : `/reports/${report.id}#thread=${threadId}`;
}

/** Where a figure stands in its report, as a path of this site. */
export function figurePath(reportId: string, figureId: string): string {
  return `/reports/${reportId}#figure=${figureId}`;
}
