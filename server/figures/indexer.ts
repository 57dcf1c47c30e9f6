/**
 * Keeps the index of all reports' figures up to date: each review document's, a moment after it changed. Lost
 * in a crash, it is made anew from the document, by the sequence number that it is as of.
 */
import type { Kysely } from 'kysely';
import type { Logger } from 'pino';
import * as Y from 'yjs';
import { figuresOf, readFigure } from '#lib/figures/register.ts';
import { readSeen, writeSeen } from '../store/seen.ts';
import type { Database } from '../store/tables.ts';
import type { Followed, Follower } from '../sync/follower.ts';
import type { SyncServer } from '../sync/sync.ts';
import { FIGURES_PROJECTION, rowOf } from './row.ts';

interface IndexerDeps {
  db: Kysely<Database>;
  log: Logger;
}

const DERIVED = { kind: 'review', name: FIGURES_PROJECTION } as const;
/** How long after a change the index is written, in milliseconds. */
const DELAY_MS = 500;
/** SQLite takes so many values in one statement and more; a row has nineteen. */
const ROWS = 500;

/** Which figures are to be written: all, or these. */
type Due = 'all' | Set<string>;

export class FigureIndexer implements Follower {
  readonly #review: Followed;
  readonly #deps: IndexerDeps;
  readonly #loaded: Promise<void>;
  #due: Due = new Set();
  /** The sequence number that is written; null: not known yet. */
  #seen: number | null = null;
  #timer: NodeJS.Timeout | null = null;
  #writing: Promise<void> | null = null;
  #isStopped = false;

  constructor(review: Followed, deps: IndexerDeps) {
    this.#review = review;
    this.#deps = deps;
    review.doc.on('afterTransaction', this.#observe);
    this.#loaded = this.#load();
  }

  get isClean(): boolean {
    return this.#writing === null && this.#seen === this.#review.seq();
  }

  stop(): void {
    this.#isStopped = true;
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#review.doc.off('afterTransaction', this.#observe);
  }

  async flush(): Promise<void> {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    await this.#loaded;
    while (this.#writing !== null) await this.#writing;
    this.#writing = this.#write().finally(() => (this.#writing = null));
    await this.#writing;
  }

  readonly #observe = ({ changed }: Y.Transaction): void => {
    const figures = figuresOf(this.#review.doc) as Y.AbstractType<unknown>;
    for (const [type, keys] of changed as Map<Y.AbstractType<unknown>, Set<string | null>>) {
      if (type === figures) for (const key of keys) this.#isDue(key);
      else if (type.parent === figures) this.#isDue(type._item?.parentSub ?? null);
    }
    this.#touch();
  };

  #isDue(id: string | null): void {
    if (id !== null && this.#due !== 'all') this.#due.add(id);
  }

  #stillDue(due: Due): void {
    if (due === 'all') this.#due = 'all';
    else for (const id of due) this.#isDue(id);
  }

  #touch(): void {
    if (this.#isStopped) return;
    this.#timer ??= setTimeout(() => void this.flush(), DELAY_MS).unref();
  }

  async #load(): Promise<void> {
    const { reportId } = this.#review;
    try {
      const seen = await readSeen(this.#deps.db, { reportId, ...DERIVED });
      // What was committed meanwhile is noted as it comes.
      if (seen === this.#review.seq()) this.#seen = seen;
      else this.#due = 'all';
    } catch (error) {
      this.#due = 'all';
      this.#deps.log.warn({ err: error, report: reportId }, 'the figures’ index could not be read');
    }
    if (!this.isClean) this.#touch();
  }

  async #write(): Promise<void> {
    if (this.#seen === this.#review.seq()) return;
    const { reportId, doc } = this.#review;
    const seq = this.#review.seq();
    const due = this.#due;
    this.#due = new Set();
    const figures = figuresOf(doc);
    const ids = due === 'all' ? [...figures.keys()] : [...due];
    const rows = ids.flatMap((id) => {
      const map = figures.get(id);
      return map === undefined ? [] : [rowOf(reportId, readFigure(map, id))];
    });
    try {
      await this.#deps.db.transaction().execute(async (tx) => {
        await tx
          .deleteFrom('figure')
          .where('reportId', '=', reportId)
          .$if(due !== 'all', (remove) => remove.where('id', 'in', ids))
          .execute();
        for (let from = 0; from < rows.length; from += ROWS) {
          await tx
            .insertInto('figure')
            .values(rows.slice(from, from + ROWS))
            .execute();
        }
        await writeSeen(tx, { reportId, ...DERIVED }, seq);
      });
      this.#seen = seq;
    } catch (error) {
      this.#stillDue(due);
      this.#deps.log.warn({ err: error, report: reportId }, 'the figures’ index is not written yet');
    }
    if (this.#seen !== this.#review.seq()) this.#touch();
  }
}

/** Makes the index of those reports anew whose review document is ahead of it, as after a crash. */
export async function catchUpIndex(
  { db, log }: IndexerDeps,
  sync: Pick<SyncServer, 'readReview' | 'isClosing'>,
): Promise<void> {
  try {
    const behind = await db
      .selectFrom('doc')
      .leftJoin('docProjection', (join) =>
        join.onRef('docProjection.docId', '=', 'doc.id').on('docProjection.name', '=', FIGURES_PROJECTION),
      )
      .select('doc.reportId')
      .where('doc.kind', '=', 'review')
      .where((where) =>
        where.or([
          where('docProjection.seq', '<', where.ref('doc.headSeq')),
          where.and([where('docProjection.seq', 'is', null), where('doc.headSeq', '>', 0)]),
        ]),
      )
      .execute();
    for (const { reportId } of behind) {
      if (sync.isClosing) return;
      // Whoever follows the document sees by itself that it is behind.
      await sync.readReview(reportId, () => null);
    }
  } catch (error) {
    log.warn({ err: error }, 'the figures’ index could not be brought up to date');
  }
}
