/** Publishing and withdrawing, the actor first. What readers see is in articles.ts. */
import type { Format } from '#lib/publish/formats.ts';
import type { Actor } from '#lib/review/permissions.ts';
import { canInWorkspace } from '#lib/review/permissions.ts';
import type { PublishCommand, Revision, WithdrawCommand } from '#lib/review/publication.ts';
import type { SyncServer } from '../sync/sync.ts';
import { oneAtATime } from '../oneatatime.ts';
import { done, refuse, type Outcome } from '../outcome.ts';
import { authorize, createAccess, raiseAccessEpoch } from '../reports/access.ts';
import { fileOf, type Rendered } from './revision.ts';
import {
  publishReport,
  readChecklist,
  unindexText,
  writersOf,
  type Checklist,
  type Published,
  type PublishDeps,
} from './publish.ts';

export interface Publications {
  /** What there is to know before publishing, for those who may publish the report. */
  checklist(actor: Actor, reportId: string): Promise<Outcome<Checklist>>;
  /** See {@link publishReport}. */
  publish(actor: Actor, reportId: string, command: PublishCommand): Promise<Outcome<Published>>;
  /**
   * Takes an article from readers, who are told why; publishing it again brings it back. Its report, if there is
   * one, is ready again. Publishers only, whether they may read the report or not: it may be in the trash.
   * `conflict`: it was withdrawn before.
   */
  withdraw(actor: Actor, number: number, command: WithdrawCommand): Promise<Outcome<null>>;
  /** What was published of a report, the newest first, for those who may read it. */
  revisions(actor: Actor, reportId: string): Promise<Outcome<Revision[]>>;
  /** A revision as it was published, newest or not, withdrawn or not, for those who may export the report. */
  rendered(actor: Actor, reportId: string, revision: number, format: Format): Promise<Outcome<Rendered>>;
}

export interface PublicationsDeps extends Omit<PublishDeps, 'sync'> {
  sync: PublishDeps['sync'] & Pick<SyncServer, 'reportChanged'>;
}

export function createPublications(deps: PublicationsDeps): Publications {
  const { db, events, sync, now } = deps;
  /** Rendering holds a report in every format: one is published after another. */
  const alone = oneAtATime();

  async function withdraw(
    actor: Actor,
    number: number,
    { note }: WithdrawCommand,
  ): Promise<Outcome<string | null>> {
    if (!canInWorkspace(actor, 'withdrawArticle')) return refuse('forbidden');
    const at = now().toISOString();
    return events.transaction(async (tx, record) => {
      const article = await tx
        .selectFrom('article')
        .select(['reportId', 'revision', 'isWithdrawn'])
        .where('number', '=', number)
        .executeTakeFirst();
      if (article === undefined) return refuse('not_found');
      if (article.isWithdrawn === 1) return refuse('conflict', 'withdrawn');
      const { reportId, revision } = article;
      await tx
        .insertInto('withdrawal')
        .values({ number, revision, note, withdrawnBy: actor.userId, withdrawnAt: at })
        .execute();
      await tx
        .updateTable('article')
        .set({ isWithdrawn: 1, changedAt: at })
        .where('number', '=', number)
        .execute();
      await unindexText(tx, number);
      if (reportId !== null) {
        await tx
          .updateTable('report')
          .set({ status: 'ready', updatedAt: at, updatedBy: actor.userId })
          .where('id', '=', reportId)
          .execute();
        await raiseAccessEpoch(tx, reportId);
      }
      const writers = reportId === null ? [] : await writersOf(tx, reportId);
      await record({ type: 'report.withdrawn', actor, reportId, number, revision, writers });
      return done(reportId);
    });
  }

  async function rendered(
    actor: Actor,
    reportId: string,
    revision: number,
    format: Format,
  ): Promise<Outcome<Rendered>> {
    const allowed = await authorize(createAccess(db), actor, reportId, 'export');
    if (!allowed.ok) return allowed;
    const article = await db
      .selectFrom('article')
      .select('number')
      .where('reportId', '=', reportId)
      .executeTakeFirst();
    const file = article && (await fileOf(db, { ...article, revision }, format));
    return file ? done(file) : refuse('not_found');
  }

  return {
    rendered,
    checklist: (actor, reportId) => readChecklist(deps, actor, reportId),
    async publish(actor, reportId, command) {
      const outcome = await alone(() => publishReport(deps, actor, reportId, command));
      if (outcome.ok) sync.reportChanged(reportId);
      return outcome;
    },
    async withdraw(actor, number, command) {
      const outcome = await withdraw(actor, number, command);
      if (!outcome.ok) return outcome;
      if (outcome.value !== null) sync.reportChanged(outcome.value);
      return done(null);
    },
    async revisions(actor, reportId) {
      const allowed = await authorize(createAccess(db), actor, reportId, 'read');
      if (!allowed.ok) return allowed;
      const rows = await db
        .selectFrom('publication')
        .innerJoin('article', 'article.number', 'publication.number')
        .innerJoin('user as publisher', 'publisher.id', 'publication.publishedBy')
        .leftJoin('withdrawal', (join) =>
          join
            .onRef('withdrawal.number', '=', 'publication.number')
            .onRef('withdrawal.revision', '=', 'publication.revision'),
        )
        .leftJoin('user as withdrawer', 'withdrawer.id', 'withdrawal.withdrawnBy')
        .select([
          'publication.number',
          'publication.revision',
          'publication.title',
          'publication.byline',
          'publication.date',
          'publication.words',
          'publication.publishedAt',
          'publication.publishedBy',
          'publication.correction',
          'publication.reason',
          'publisher.name as publisherName',
          'withdrawal.withdrawnAt',
          'withdrawal.withdrawnBy',
          'withdrawal.note',
          'withdrawer.name as withdrawerName',
        ])
        .where('article.reportId', '=', reportId)
        .orderBy('publication.revision', 'desc')
        .execute();
      return done(
        rows.map(
          ({ publishedBy, publisherName, withdrawnAt, withdrawnBy, withdrawerName, note, ...row }) => ({
            ...row,
            publishedBy: { id: publishedBy, name: publisherName },
            withdrawn:
              withdrawnAt === null || withdrawnBy === null
                ? null
                : { at: withdrawnAt, by: { id: withdrawnBy, name: withdrawerName ?? '' }, note: note ?? '' },
          }),
        ),
      );
    },
  };
}
