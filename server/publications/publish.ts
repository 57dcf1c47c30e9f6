/** Publishing a report: rendered in every format, then kept in one transaction, or not at all. */
import type { Kysely, Transaction } from 'kysely';
import { checklistGroups, type ChecklistGroup } from '#lib/figures/checklist.ts';
import { toArticle, type Article } from '#lib/publish/article.ts';
import { FORMAT_TABLE, FORMATS, renderFile } from '#lib/publish/formats.ts';
import type { ArticleMeta } from '#lib/publish/meta.ts';
import type { PublishCommand } from '#lib/review/publication.ts';
import type { Actor } from '#lib/review/permissions.ts';
import type { SubjectRef } from '#lib/review/subject.ts';
import type { Recording } from '../events.ts';
import { done, refuse, type Outcome } from '../outcome.ts';
import { authorize, createAccess, raiseAccessEpoch } from '../reports/access.ts';
import { chinaDay } from '../reports/export.ts';
import { sha256 } from '../store/digest.ts';
import type { Database, RenderingTable } from '../store/tables.ts';
import { newestRevisions } from './revision.ts';
import { surveyReport, type Survey, type SurveyDeps } from './survey.ts';
import { indexedWords } from './words.ts';

export interface PublishDeps extends SurveyDeps {
  events: Recording;
  now: () => Date;
  /** Where readers find the site, without a trailing slash; null: that is not known. */
  origin: string | null;
  siteName: () => Promise<string | null>;
}

/** What a publisher sees before publishing. */
export interface Checklist {
  /** Names all of this; to be sent with the command. */
  seen: string;
  groups: ChecklistGroup[];
  title: string;
  /** What is proposed. */
  byline: string;
  /** The department that it is published for; '' for none. */
  department: string;
  /** Today in China. */
  date: string;
  /** What was published of it before; null: nothing. */
  article: {
    number: number;
    revision: number;
    isWithdrawn: boolean;
    publishedBy: { id: string; name: string };
    publishedAt: string;
    /** Whether the text is the published one. */
    isSame: boolean;
  } | null;
}

export interface Published {
  number: number;
  revision: number;
}

/** Six digits. */
const FIRST_NUMBER = 100_001;

export async function readChecklist(
  deps: PublishDeps,
  actor: Actor,
  reportId: string,
): Promise<Outcome<Checklist>> {
  const allowed = await authorize(createAccess(deps.db), actor, reportId, 'publish');
  if (!allowed.ok) return allowed;
  const survey = await surveyReport(deps, reportId);
  if (!survey.ok) return survey;
  const { report, items, contentHash } = survey.value;
  const before = await publishedBefore(deps.db, reportId);
  const { author, department } = await authorOf(deps.db, reportId);
  return done({
    seen: seenOf(survey.value, before),
    groups: checklistGroups(items),
    title: report.title,
    byline: before?.byline ?? author ?? '',
    department: department?.name ?? '',
    date: chinaDay(deps.now().toISOString()),
    article:
      before === null
        ? null
        : {
            number: before.number,
            revision: before.revision,
            isWithdrawn: before.isWithdrawn === 1,
            publishedBy: { id: before.publishedBy, name: before.publisherName },
            publishedAt: before.publishedAt,
            isSame: before.contentHash === contentHash,
          },
  });
}

/**
 * Publishes what the publisher saw, as the first or the next revision of the report's article. `conflict`
 * says what is another than they saw: `content`, `checklist`, or `published` when somebody published meanwhile.
 * `invalid` (`reason`): something stops it and no reason was given. Done once for its key.
 */
export async function publishReport(
  deps: PublishDeps,
  actor: Actor,
  reportId: string,
  command: PublishCommand,
): Promise<Outcome<Published>> {
  const { db, events, now } = deps;
  const allowed = await authorize(createAccess(db), actor, reportId, 'publish');
  if (!allowed.ok) return allowed;
  const repeated = await publishedAs(db, actor, reportId, command.key);
  if (repeated !== null) return done(repeated);
  const survey = await surveyReport(deps, reportId);
  if (!survey.ok) return survey;
  const before = await publishedBefore(db, reportId);
  const news = newsSince(command.seen, seenOf(survey.value, before));
  if (news !== null) return refuse('conflict', news);
  const groups = checklistGroups(survey.value.items);
  const isStopped = groups.some(({ stops }) => stops);
  if (isStopped && command.reason === undefined) return refuse('invalid', 'reason');

  const { department } = await authorOf(db, reportId);
  const number = before?.number ?? (await nextNumber(db));
  const revision = (before?.revision ?? 0) + 1;
  const meta: ArticleMeta = {
    author: command.byline === '' ? null : command.byline,
    department: department?.name ?? null,
    date: command.date,
    number: String(number),
    canonical: deps.origin === null ? null : `${deps.origin}/articles/${number}`,
    siteName: await deps.siteName(),
  };
  const article = toArticle(survey.value.report, meta);
  const renderings = renderAll(survey.value, meta);
  const at = now().toISOString();
  const reason = isStopped ? (command.reason ?? null) : null;

  const outcome = await events.transaction<Outcome<Published>>(async (tx, record) => {
    const still = await authorize(createAccess(tx), actor, reportId, 'publish');
    if (!still.ok) return still;
    // What was rendered bears this number and is the revision after the one that was seen.
    const current = await publishedBefore(tx, reportId);
    const isNext = before === null ? current === null && (await nextNumber(tx)) === number : true;
    if (!isNext || current?.revision !== before?.revision || current?.isWithdrawn !== before?.isWithdrawn) {
      return refuse('conflict', 'published');
    }
    const row = { departmentId: department?.id ?? null, revision, date: command.date, changedAt: at };
    if (before === null) {
      await tx
        .insertInto('article')
        .values({ number, reportId, isWithdrawn: 0, ...row })
        .execute();
    } else {
      await tx
        .updateTable('article')
        .set({ isWithdrawn: 0, ...row })
        .where('number', '=', number)
        .execute();
    }
    await tx
      .insertInto('publication')
      .values({
        number,
        revision,
        title: article.title,
        byline: command.byline,
        department: meta.department ?? '',
        date: command.date,
        description: article.description,
        words: article.words,
        minutes: article.minutes,
        contentSeq: survey.value.seq,
        contentHash: survey.value.contentHash,
        figures: JSON.stringify(survey.value.figures),
        correction: command.correction ?? '',
        findings: JSON.stringify(Object.fromEntries(groups.map(({ kind, count }) => [kind, count]))),
        reason,
        publishedBy: actor.userId,
        publishedAt: at,
        key: command.key,
      })
      .execute();
    for (const rendering of renderings) {
      await tx
        .insertInto('rendering')
        .values({ number, revision, ...rendering })
        .execute();
    }
    await indexText(tx, number, article, renderings);
    await tx
      .updateTable('report')
      .set({ status: 'published', updatedAt: at, updatedBy: actor.userId })
      .where('id', '=', reportId)
      .execute();
    await raiseAccessEpoch(tx, reportId);
    const writers = await writersOf(tx, reportId);
    await record({ type: 'report.published', actor, reportId, number, revision, reason, writers });
    return done({ number, revision });
  });
  return outcome;
}

type Rendering = Pick<RenderingTable, 'format' | 'mime' | 'sha256' | 'bytes'>;

function renderAll({ report }: Survey, meta: ArticleMeta): Rendering[] {
  return FORMATS.map((format) => {
    const bytes = renderFile(format, report, meta);
    return { format, mime: FORMAT_TABLE[format].mime, sha256: sha256(bytes), bytes };
  });
}

/** Puts an article's words into the index, in the place of what was there. */
async function indexText(
  tx: Transaction<Database>,
  number: number,
  { title, meta }: Article,
  renderings: readonly Rendering[],
): Promise<void> {
  const text = renderings.find(({ format }) => format === 'text');
  if (text === undefined) throw new Error('an article is not rendered as text');
  const words = [title, meta.author ?? '', new TextDecoder().decode(text.bytes)].map(indexedWords);
  await unindexText(tx, number);
  await tx
    .insertInto('articleText')
    .values({ rowid: number, words: words.join(' / ') })
    .execute();
}

/** Takes an article from the index. */
export async function unindexText(tx: Kysely<Database>, number: number): Promise<void> {
  await tx.deleteFrom('articleText').where('rowid', '=', number).execute();
}

/** What a publisher saw, in a line: the text, the checklist, and what was published before. */
function seenOf({ contentHash, items }: Survey, before: Before | null): string {
  const checklist = sha256(new TextEncoder().encode(JSON.stringify(items)));
  return [
    contentHash.slice(0, 32),
    checklist.slice(0, 32),
    `${before?.revision ?? 0}${before?.isWithdrawn === 1 ? 'w' : ''}`,
  ].join('.');
}

/** What is not as it was seen; null: all is. What somebody else published comes first: it explains the rest. */
function newsSince(seen: string, now: string): 'published' | 'content' | 'checklist' | null {
  const [content, checklist, revision] = seen.split('.');
  const [contentNow, checklistNow, revisionNow] = now.split('.');
  if (revision !== revisionNow) return 'published';
  if (content !== contentNow) return 'content';
  return checklist === checklistNow ? null : 'checklist';
}

type Before = NonNullable<Awaited<ReturnType<typeof publishedBefore>>>;

/** The newest revision of a report's article; null: it was never published. */
async function publishedBefore(db: Kysely<Database>, reportId: string) {
  const row = await newestRevisions(db)
    .innerJoin('user', 'user.id', 'publication.publishedBy')
    .select([
      'article.number',
      'article.revision',
      'article.isWithdrawn',
      'publication.byline',
      'publication.contentHash',
      'publication.publishedAt',
      'publication.publishedBy',
      'user.name as publisherName',
    ])
    .where('article.reportId', '=', reportId)
    .executeTakeFirst();
  return row ?? null;
}

/** What the same command published before; null: it was not carried out. */
async function publishedAs(
  db: Kysely<Database>,
  { userId }: Actor,
  reportId: string,
  key: string,
): Promise<Published | null> {
  const row = await db
    .selectFrom('publication')
    .innerJoin('article', 'article.number', 'publication.number')
    .select(['publication.number', 'publication.revision'])
    .where('publication.publishedBy', '=', userId)
    .where('publication.key', '=', key)
    .where('article.reportId', '=', reportId)
    .executeTakeFirst();
  return row ?? null;
}

/** Rows of articles are never removed, so that no number is given twice. */
async function nextNumber(db: Kysely<Database>): Promise<number> {
  const { last } = await db
    .selectFrom('article')
    .select(({ fn }) => fn.max('number').as('last'))
    .executeTakeFirstOrThrow();
  return last === null ? FIRST_NUMBER : last + 1;
}

/** Whose report it is: its owners and editors. */
export async function writersOf(db: Kysely<Database>, reportId: string): Promise<SubjectRef[]> {
  return db
    .selectFrom('reportShare')
    .select(['subjectKind as kind', 'subjectId as id'])
    .where('reportId', '=', reportId)
    .where('role', 'in', ['owner', 'editor'])
    .execute();
}

/** Who began the report, and for which department. */
async function authorOf(db: Kysely<Database>, reportId: string) {
  const row = await db
    .selectFrom('report')
    .leftJoin('user', 'user.id', 'report.createdBy')
    .leftJoin('department', 'department.id', 'report.departmentId')
    .select(['user.name as author', 'department.id', 'department.name'])
    .where('report.id', '=', reportId)
    .executeTakeFirst();
  const { author = null, id = null, name = null } = row ?? {};
  return { author, department: id === null || name === null ? null : { id, name } };
}
