/** The use cases of reports, the actor always first. */
import type { Kysely } from 'kysely';
import type { Actor } from '#lib/review/permissions.ts';
import type { Outcome } from '../outcome.ts';
import type { Database } from '../store/tables.ts';
import type { AccessReader } from './access.ts';
import { createReport, type NewReport } from './create.ts';

export interface Reports {
  /** What sync, pages and exports ask before `can()`. */
  access: AccessReader;
  create(actor: Actor, input: NewReport): Promise<Outcome<{ id: string }>>;
}

export interface ReportsDeps {
  db: Kysely<Database>;
  access: AccessReader;
  now: () => Date;
}

export function createReports({ db, access, now }: ReportsDeps): Reports {
  return {
    access,
    create: (actor, input) => createReport(db, actor, input, now()),
  };
}
