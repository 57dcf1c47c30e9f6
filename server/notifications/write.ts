/** Who is told of what: the events of one transaction or command become at most one notification a person and thread. */
import type { Kysely } from 'kysely';
import { NOTIFICATION_KINDS, type NotificationKind } from '#lib/review/notification.ts';
import type { SubjectRef } from '#lib/review/subject.ts';
import { realEmail } from '../people/names.ts';
import { readersOf, type Among, type Reader } from '../reports/readers.ts';
import type { AppEvent } from '../event.ts';
import type { Database } from '../store/tables.ts';
import { settingsOf } from './settings.ts';

/** How long a notification may be read on the page before it is mailed, in milliseconds. */
export const MAIL_DELAY = 2 * 60_000;

/** How long notifications are kept, in milliseconds: half a year. */
const KEPT = 183 * 24 * 60 * 60_000;

interface Telling {
  kind: NotificationKind;
  among: Among;
  /** Of those named, who is not to be told after all. */
  except?: (reader: Reader) => boolean;
}

const nobody: Among = { people: [], departments: [] };

function amongOf(subjects: readonly SubjectRef[]): Among {
  const ids = (kind: SubjectRef['kind']) =>
    subjects.filter((subject) => subject.kind === kind).map(({ id }) => id);
  return { people: ids('person'), departments: ids('department') };
}

function tellingOf(event: AppEvent): Telling | null {
  switch (event.type) {
    case 'thread.mentioned':
      return { kind: 'mentioned', among: amongOf(event.mentions) };
    case 'thread.assigned':
      if (event.departmentId === null) return null;
      return { kind: 'assigned', among: { ...nobody, departments: [event.departmentId] } };
    case 'figure.assigned':
      if (event.departmentId === null) return null;
      return { kind: 'assigned', among: { ...nobody, departments: [event.departmentId] } };
    case 'figure.stale':
      if (event.departmentId === null) return null;
      return { kind: 'stale', among: { ...nobody, departments: [event.departmentId] } };
    case 'thread.replied':
      return { kind: 'replied', among: { ...nobody, people: event.participants } };
    case 'thread.resolved':
    case 'thread.accepted':
    case 'thread.rejected':
      return { kind: 'resolved', among: { ...nobody, people: [event.createdBy] } };
    case 'report.published':
    case 'report.withdrawn':
      return {
        kind: event.type === 'report.published' ? 'published' : 'withdrawn',
        among: amongOf(event.writers),
      };
    case 'report.shared': {
      const { kind, id } = event.subject;
      const isThis = (share: Reader['through'][number]) => share.kind === kind && share.id === id;
      return {
        kind: 'shared',
        among: kind === 'person' ? { ...nobody, people: [id] } : { ...nobody, departments: [id] },
        // Whoever had it already, by name or through their department, learns nothing new.
        except: ({ through }) => !through.every(isThis),
      };
    }
    default:
      return null;
  }
}

const rank = (kind: NotificationKind) => NOTIFICATION_KINDS.indexOf(kind);

interface Note {
  userId: string;
  kind: NotificationKind;
  act: string;
  reportId: string;
  threadId: string | null;
  /** The figure that it is about; null: it is about several, or none. */
  figureId: string | null;
  actorId: string;
}

async function notesOf(tx: Kysely<Database>, events: readonly AppEvent[]): Promise<Note[]> {
  const strongest = new Map<string, Note>();
  for (const event of events) {
    const telling = tellingOf(event);
    if (telling === null || !('reportId' in event) || event.reportId === null) continue;
    const { kind, among, except = () => false } = telling;
    const threadId = 'threadId' in event ? event.threadId : null;
    const figureIds = 'figureIds' in event ? event.figureIds : [];
    const figureId = figureIds.length === 1 ? (figureIds[0] ?? null) : null;
    const about = figureIds.length > 0 ? 'figures' : threadId;
    for (const reader of await readersOf(tx, event.reportId, among)) {
      const { userId } = reader;
      if (userId === event.actor.userId || except(reader)) continue;
      const key = `${userId} ${event.reportId} ${about}`;
      const known = strongest.get(key);
      if (known !== undefined && rank(known.kind) <= rank(kind)) continue;
      const { reportId } = event;
      strongest.set(key, {
        userId,
        kind,
        act: event.type,
        reportId,
        threadId,
        figureId,
        actorId: event.actor.userId,
      });
    }
  }
  return [...strongest.values()];
}

/** Somebody who edits a figure changes it again and again: who has not read that it changed is not told anew. */
async function withoutRepeats(tx: Kysely<Database>, notes: readonly Note[]): Promise<Note[]> {
  const stale = notes.filter(({ kind }) => kind === 'stale');
  if (stale.length === 0) return [...notes];
  const unread = await tx
    .selectFrom('notification')
    .select(['userId', 'reportId', 'figureId'])
    .where('kind', '=', 'stale')
    .where('readAt', 'is', null)
    .where('isShown', '=', 1)
    .where(
      'userId',
      'in',
      stale.map(({ userId }) => userId),
    )
    .execute();
  return notes.filter(
    (note) =>
      note.kind !== 'stale' ||
      !unread.some(
        ({ userId, reportId, figureId }) =>
          userId === note.userId && reportId === note.reportId && figureId === note.figureId,
      ),
  );
}

/** To be called once in the transaction that the events are of, after all else. Answers who was told on the page. */
export async function writeNotifications(
  tx: Kysely<Database>,
  events: readonly AppEvent[],
  now: Date,
): Promise<string[]> {
  const notes = await withoutRepeats(tx, await notesOf(tx, events));
  if (notes.length === 0) return [];
  const userIds = [...new Set(notes.map(({ userId }) => userId))];
  const settings = await settingsOf(tx, userIds);
  const addresses = await tx.selectFrom('user').select(['id', 'email']).where('id', 'in', userIds).execute();
  const reachable = new Set(addresses.flatMap(({ id, email }) => (realEmail(email) === null ? [] : [id])));
  const at = now.toISOString();
  const rows = notes.flatMap((note) => {
    const wanted = settings.get(note.userId)?.[note.kind];
    const isMailed = wanted?.mail === true && reachable.has(note.userId);
    if (wanted?.page !== true && !isMailed) return [];
    return [
      {
        ...note,
        at,
        isShown: wanted?.page === true ? (1 as const) : (0 as const),
        readAt: null,
        mailDue: isMailed ? new Date(now.getTime() + MAIL_DELAY).toISOString() : null,
        mailTries: 0,
      },
    ];
  });
  if (rows.length > 0) await tx.insertInto('notification').values(rows).execute();
  await tx
    .deleteFrom('notification')
    .where('userId', 'in', userIds)
    .where('at', '<', new Date(now.getTime() - KEPT).toISOString())
    .execute();
  return rows.flatMap(({ userId, isShown }) => (isShown === 1 ? [userId] : []));
}
