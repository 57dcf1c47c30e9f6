/** The use cases of reports, the actor always first. */
import type { Kysely } from 'kysely';
import type { ReportQuery } from '#lib/review/query.ts';
import type { Actor, ReportRole, SettableStatus } from '#lib/review/permissions.ts';
import type { SubjectRef } from '#lib/review/subject.ts';
import type { Events } from '../events.ts';
import type { Outcome } from '../outcome.ts';
import type { Pictures } from '../pictures/pictures.ts';
import type { Keeping } from '../review/keeping.ts';
import type { Database } from '../store/tables.ts';
import type { SyncServer } from '../sync/sync.ts';
import type { AccessReader } from './access.ts';
import { restoreReport, setStatus, trashReport } from './change.ts';
import { putContent } from './content.ts';
import { createReport, type NewReport } from './create.ts';
import { duplicateReport } from './duplicate.ts';
import { getReport, listReports, type ReportPage, type ReportSummary } from './list.ts';
import { findMentions } from './mentions.ts';
import { renameReport } from './rename.ts';
import { findSubjects, listShares, removeShare, setShare, type Share, type Subject } from './shares.ts';

/** To those who may not read a report every one of these answers `not_found`, as if there were none. */
export interface Reports {
  /** What sync, pages and exports ask before `can()`. */
  access: AccessReader;
  list(actor: Actor, query: ReportQuery): Promise<ReportPage>;
  get(actor: Actor, reportId: string): Promise<Outcome<ReportSummary>>;
  create(actor: Actor, input: NewReport): Promise<Outcome<{ id: string }>>;
  duplicate(actor: Actor, reportId: string): Promise<Outcome<{ id: string }>>;
  rename(actor: Actor, reportId: string, title: string): Promise<Outcome<{ seq: number }>>;
  /** Our JSON in place of the content, as one forward edit. */
  putContent(actor: Actor, reportId: string, json: unknown): Promise<Outcome<{ seq: number }>>;
  setStatus(actor: Actor, reportId: string, status: SettableStatus): Promise<Outcome<null>>;
  trash(actor: Actor, reportId: string): Promise<Outcome<null>>;
  restore(actor: Actor, reportId: string): Promise<Outcome<null>>;
  shares(actor: Actor, reportId: string): Promise<Outcome<Share[]>>;
  share(actor: Actor, reportId: string, subject: SubjectRef, role: ReportRole): Promise<Outcome<null>>;
  unshare(actor: Actor, reportId: string, subject: SubjectRef): Promise<Outcome<null>>;
  /** Whom else it could be shared with. */
  findSubjects(actor: Actor, reportId: string, text: string): Promise<Outcome<Subject[]>>;
  /** Whom a comment on it may mention. */
  findMentions(actor: Actor, reportId: string, text: string): Promise<Outcome<Subject[]>>;
}

export interface ReportsDeps {
  db: Kysely<Database>;
  events: Events;
  access: AccessReader;
  sync: Pick<SyncServer, 'edit' | 'read' | 'readReview' | 'hasWriter' | 'reportChanged'>;
  keeping: Pick<Keeping, 'of'>;
  pictures: Pictures;
  now: () => Date;
}

export function createReports(deps: ReportsDeps): Reports {
  const { db, events, access, sync, now } = deps;

  /** The sockets of a report whose rights changed are judged anew. */
  async function told(reportId: string, change: Promise<Outcome<null>>): Promise<Outcome<null>> {
    const outcome = await change;
    if (outcome.ok) sync.reportChanged(reportId);
    return outcome;
  }

  return {
    access,
    list: (actor, query) => listReports(db, actor, query),
    get: (actor, id) => getReport(db, actor, id),
    create: (actor, input) => createReport(events, actor, input, now()),
    duplicate: (actor, id) => duplicateReport(deps, actor, id),
    rename: (actor, id, title) => renameReport(deps, actor, id, title),
    putContent: (actor, id, json) => putContent(deps, actor, id, json),
    setStatus: (actor, id, status) => told(id, setStatus(events, actor, id, status, now())),
    trash: (actor, id) => told(id, trashReport(events, actor, id, now())),
    restore: (actor, id) => told(id, restoreReport(events, actor, id)),
    shares: (actor, id) => listShares(db, actor, id),
    share: (actor, id, subject, role) => told(id, setShare(events, actor, id, subject, role)),
    unshare: (actor, id, subject) => told(id, removeShare(events, actor, id, subject)),
    findSubjects: (actor, id, text) => findSubjects(db, actor, id, text),
    findMentions: (actor, id, text) => findMentions(db, actor, id, text),
  };
}
