/**
 * The one channel of what happens in the workspace: it writes what an event leaves behind (a line of the
 * audit log, notifications), then tells those who listen.
 */
import type { Kysely, Transaction } from 'kysely';
import type { Logger } from 'pino';
import { writeAudit } from './audit/write.ts';
import { writeNotifications } from './notifications/write.ts';
import type { AppEvent } from './event.ts';
import type { Database } from './store/tables.ts';

/** `notified`: the ids of those whose notifications are more by these events. */
type EventListener = (events: readonly AppEvent[], notified: readonly string[]) => void;

export interface Events {
  /**
   * A transaction that leaves events: what they leave behind is written with what they tell of, all or
   * nothing; listeners hear of them once it is committed.
   */
  transaction<T>(
    work: (tx: Transaction<Database>, record: (event: AppEvent) => Promise<void>) => Promise<T>,
  ): Promise<T>;
  /**
   * For what was committed in another way (a document's log, better-auth's sessions) or only read: writes
   * after the fact, the events of one command together. Never rejects, since the act has happened: what
   * could not be written is logged.
   */
  emit(...events: AppEvent[]): Promise<void>;
  /** Calls back after the events of a transaction or command were written. Answers a disposer. */
  on(listener: EventListener): () => void;
}

/** All that a use case needs whose every change is in one transaction. */
export type Recording = Pick<Events, 'transaction'>;

export function createEvents(db: Kysely<Database>, log: Logger, now: () => Date): Events {
  const listeners = new Set<EventListener>();

  const transaction: Events['transaction'] = async (work) => {
    const events: AppEvent[] = [];
    const { answer, notified } = await db.transaction().execute(async (tx) => {
      const answer = await work(tx, async (event) => {
        await writeAudit(tx, event, now());
        events.push(event);
      });
      return { answer, notified: await writeNotifications(tx, events, now()) };
    });
    if (events.length > 0) for (const listener of listeners) listener(events, notified);
    return answer;
  };

  return {
    transaction,
    async emit(...events) {
      try {
        await transaction(async (_tx, record) => {
          for (const event of events) await record(event);
        });
      } catch (error) {
        log.error({ err: error, events: events.map(({ type }) => type) }, 'an event could not be recorded');
      }
    },
    on(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}
