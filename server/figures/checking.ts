/**
 * Checks reports after their text or their register changed, for the lists of figures across reports: what browsers
 * find while they show a report is to be found of those that nobody has open, too. It is derived from the content and
 * made anew whenever that is loaded, so nothing is lost in a crash.
 */
import type { Kysely } from 'kysely';
import type { Logger } from 'pino';
import { readDismissals } from '#lib/figures/register.ts';
import type { AppEvent } from '../event.ts';
import type { Keeping } from '../review/keeping.ts';
import { readSeen, writeSeen } from '../store/seen.ts';
import type { Database, FigureStandingTable } from '../store/tables.ts';
import type { Followed, Follower } from '../sync/follower.ts';
import type { SyncServer } from '../sync/sync.ts';
import { findingsOf } from './checkthread.ts';
import { sittingOf, standingsIn } from './standing.ts';

interface CheckerDeps {
  db: Kysely<Database>;
  log: Logger;
  keeping: Pick<Keeping, 'present'>;
  sync: () => Pick<SyncServer, 'read' | 'readReview' | 'isClosing'>;
}

const CHECKS = 'checks';
/** How long after a change a report is checked, in milliseconds. */
const DELAY_MS = 1_500;
/** At most this part of the time goes into checking one report. */
const SHARE = 1 / 20;
/** SQLite takes so many values in one statement and more; a row has four. */
const ROWS = 2_000;

/** What makes it worth checking a report again although its text is as it was. */
const CHANGES: readonly AppEvent['type'][] = [
  'figure.registered',
  'figure.changed',
  'figure.removed',
  'finding.dismissed',
  'finding.restored',
];

class ReportChecker implements Follower {
  readonly #content: Followed;
  readonly #deps: CheckerDeps;
  #isDue = true;
  #timer: NodeJS.Timeout | null = null;
  #writing: Promise<void> | null = null;
  #isStopped = false;
  /** How long it took last, in milliseconds. */
  #took = 0;

  constructor(content: Followed, deps: CheckerDeps) {
    this.#content = content;
    this.#deps = deps;
    content.doc.on('afterTransaction', this.touch);
    this.touch();
  }

  get isClean(): boolean {
    return !this.#isDue && this.#writing === null;
  }

  readonly touch = (): void => {
    this.#isDue = true;
    if (this.#isStopped || this.#timer !== null) return;
    const delay = Math.max(DELAY_MS, this.#took / SHARE);
    this.#timer = setTimeout(() => void this.flush(), delay).unref();
  };

  stop(): void {
    this.#isStopped = true;
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#content.doc.off('afterTransaction', this.touch);
  }

  async flush(): Promise<void> {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    while (this.#writing !== null) await this.#writing;
    if (!this.#isDue) return;
    this.#writing = this.#write().finally(() => (this.#writing = null));
    await this.#writing;
  }

  async #write(): Promise<void> {
    const { reportId } = this.#content;
    const { log, keeping, sync } = this.#deps;
    this.#isDue = false;
    try {
      const kept = await keeping.present(reportId)?.kept;
      const dismissals = await sync().readReview(reportId, readDismissals);
      if (kept === undefined || dismissals === null) return;
      const seq = this.#content.seq();
      const begun = performance.now();
      const sitting = sittingOf(kept);
      const findings = sitting === null ? [] : await findingsOf(sitting.report);
      const dismissed = new Set(dismissals.map(({ finding }) => finding));
      const standings = sitting === null ? [] : standingsIn(sitting, findings, dismissed);
      this.#took = performance.now() - begun;
      const rows = standings.map(({ figureId, place, wrong }): FigureStandingTable => ({
        reportId,
        figureId,
        place,
        wrong: wrong === null ? null : JSON.stringify(wrong),
      }));
      await this.#store(rows, seq);
    } catch (error) {
      log.warn({ err: error, report: reportId }, 'a report could not be checked yet');
      this.touch();
    }
  }

  async #store(rows: readonly FigureStandingTable[], seq: number): Promise<void> {
    const { reportId } = this.#content;
    const { db } = this.#deps;
    const about = { reportId, kind: 'content', name: CHECKS } as const;
    const known = await db
      .selectFrom('figureStanding')
      .selectAll()
      .where('reportId', '=', reportId)
      .orderBy('place')
      .execute();
    const isSame = JSON.stringify(known.map(stampOf)) === JSON.stringify(rows.map(stampOf));
    if (isSame && (rows.length === 0 || (await readSeen(db, about)) === seq)) return;
    await db.transaction().execute(async (tx) => {
      if (!isSame) {
        await tx.deleteFrom('figureStanding').where('reportId', '=', reportId).execute();
        for (let from = 0; from < rows.length; from += ROWS) {
          await tx
            .insertInto('figureStanding')
            .values(rows.slice(from, from + ROWS))
            .execute();
        }
      }
      await writeSeen(tx, about, seq);
    });
  }
}

const stampOf = ({ figureId, place, wrong }: FigureStandingTable) => [figureId, place, wrong];

export interface Checking {
  /** To be called with each report's content when it is loaded. */
  follow(content: Followed): Follower;
  /** To be called with what happened. */
  hear(events: readonly AppEvent[]): void;
  /** Checks those whose content is ahead of what was checked, as after a crash. */
  catchUp(): Promise<void>;
}

export function createChecking(deps: CheckerDeps): Checking {
  const { db, log, sync } = deps;
  const checkers = new Map<string, ReportChecker>();

  async function check(reportId: string): Promise<void> {
    try {
      // Whoever is made when the content is loaded checks it by itself.
      const checker = checkers.get(reportId);
      if (checker !== undefined) checker.touch();
      else if (!sync().isClosing) await sync().read(reportId, () => null);
    } catch (error) {
      log.warn({ err: error, report: reportId }, 'a report could not be loaded to be checked');
    }
  }

  return {
    follow(content) {
      const checker = new ReportChecker(content, deps);
      checkers.set(content.reportId, checker);
      return {
        get isClean() {
          return checker.isClean;
        },
        flush: () => checker.flush(),
        stop() {
          checker.stop();
          if (checkers.get(content.reportId) === checker) checkers.delete(content.reportId);
        },
      };
    },
    hear(events) {
      const changed = events.flatMap((event) =>
        CHANGES.includes(event.type) && 'reportId' in event && event.reportId !== null
          ? [event.reportId]
          : [],
      );
      for (const reportId of new Set(changed)) void check(reportId);
    },
    async catchUp() {
      const behind = await db
        .selectFrom('doc')
        .leftJoin('docProjection', (join) =>
          join.onRef('docProjection.docId', '=', 'doc.id').on('docProjection.name', '=', CHECKS),
        )
        .select('doc.reportId')
        .where('doc.kind', '=', 'content')
        // What has no registered figure is not listed anywhere.
        .where('doc.reportId', 'in', db.selectFrom('figure').select('reportId'))
        .where((where) =>
          where.or([
            where('docProjection.seq', '<', where.ref('doc.headSeq')),
            where('docProjection.seq', 'is', null),
          ]),
        )
        .execute();
      for (const { reportId } of behind) await check(reportId);
    },
  };
}
