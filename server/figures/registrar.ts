/** How a command of the register becomes a change of the review document, whatever it is about. */
import type { Kysely } from 'kysely';
import type * as Y from 'yjs';
import type { FigureFactsInput } from '#lib/figures/command.ts';
import { findFigure, readFigure, type FigureMap, type RegisteredFigure } from '#lib/figures/register.ts';
import { actionOnFigure, can, type Actor, type ReportAction } from '#lib/review/permissions.ts';
import type { AppEvent } from '../event.ts';
import type { Events } from '../events.ts';
import { done, refuse, type Outcome } from '../outcome.ts';
import { authorize, type AccessReader } from '../reports/access.ts';
import type { Keeper, Keeping } from '../review/keeping.ts';
import type { Database } from '../store/tables.ts';
import type { SyncServer } from '../sync/sync.ts';

export interface FiguresDeps {
  db: Kysely<Database>;
  access: AccessReader;
  events: Events;
  now: () => Date;
  keeping: Keeping;
  /** Where documents are; asked for late, since that is made with {@link FiguresDeps.keeping}. */
  sync: () => Pick<SyncServer, 'readReview' | 'annotate' | 'until'>;
  /** How long a command waits for the content that it speaks of, in milliseconds. */
  waitMs?: number | undefined;
}

/** What a change of the review document answers, and what it leaves to be told. */
export interface Done<T> {
  answer: T;
  events: AppEvent[];
}

export interface FigurePath {
  reportId: string;
  figureId: string;
}

/** What all commands of the register do with: who may, what is as of now, and one change that is told. */
export type Registrar = ReturnType<typeof createRegistrar>;

export function createRegistrar({ db, access, events, keeping, sync }: FiguresDeps) {
  async function told<T>(outcome: Outcome<Done<T>>): Promise<Outcome<T>> {
    if (!outcome.ok) return outcome;
    if (outcome.value.events.length > 0) await events.emit(...outcome.value.events);
    return done(outcome.value.answer);
  }

  /** One change of the review document, told to those who listen when it is committed. */
  async function command<T>(
    actor: Actor,
    action: ReportAction,
    reportId: string,
    key: string | null,
    change: (doc: Y.Doc) => Outcome<Done<T>>,
    repeated: (doc: Y.Doc) => Outcome<T>,
  ): Promise<Outcome<T>> {
    const nothingNew = (doc: Y.Doc): Outcome<Done<T>> => {
      const outcome = repeated(doc);
      return outcome.ok ? done({ answer: outcome.value, events: [] }) : outcome;
    };
    return told(await sync().annotate({ actor, action, key }, reportId, change, nothingNew));
  }

  /** A figure as those may see it who may do this. */
  async function find(
    actor: Actor,
    { reportId, figureId }: FigurePath,
    action: ReportAction,
  ): Promise<Outcome<RegisteredFigure>> {
    const allowed = await authorize(access, actor, reportId, action);
    if (!allowed.ok) return allowed;
    return (await sync().readReview(reportId, (doc) => figureIn(doc, figureId))) ?? refuse('not_found');
  }

  /** Changes one figure. The right to is judged for the figure as it is when it is committed. */
  async function changeFigure(
    actor: Actor,
    at: FigurePath,
    what: 'edit' | 'verify',
    key: string | null,
    change: (map: FigureMap, keeper: Keeper, doc: Y.Doc) => Outcome<AppEvent[]>,
  ): Promise<Outcome<RegisteredFigure>> {
    const found = await find(actor, at, 'read');
    if (!found.ok) return found;
    const action = actionOnFigure(actor, what, found.value);
    const allowed = await authorize(access, actor, at.reportId, action);
    if (!allowed.ok) return allowed;
    const keeper = await settled(at.reportId);
    if (keeper === null) return refuse('not_found');
    const outcome = await command<RegisteredFigure>(
      actor,
      action,
      at.reportId,
      key,
      (doc) => {
        const map = findFigure(doc, at.figureId);
        if (map === null) return refuse('not_found');
        // It may have been given to another department meanwhile.
        const figure = readFigure(map, at.figureId);
        if (!can(actor, actionOnFigure(actor, what, figure), allowed.value)) return refuse('forbidden');
        const changed = change(map, keeper, doc);
        if (!changed.ok) return changed;
        return done({ answer: readFigure(map, at.figureId), events: changed.value });
      },
      (doc) => figureIn(doc, at.figureId),
    );
    if (outcome.ok) await keepAsWritten(at.reportId, [at.figureId]);
    return outcome;
  }

  /** What is kept of a report, when what the text changed of it is written. */
  async function settled(reportId: string): Promise<Keeper | null> {
    const found = await keeping.of(reportId);
    await found?.keeper.settle();
    return found;
  }

  /** Lets the keeper know what a command wrote. */
  async function keepAsWritten(reportId: string, ids: readonly string[]): Promise<void> {
    await sync().readReview(reportId, (doc) => {
      for (const id of ids) {
        const map = findFigure(doc, id);
        if (map === null) keeping.present(reportId)?.remove(id);
        else keeping.present(reportId)?.putFigure(id, map);
      }
    });
  }

  /** Whether the departments and people that a command names are there. */
  async function checkNames({ department, owner }: FigureFactsInput): Promise<Outcome<null>> {
    if (department !== undefined && department !== null) {
      const row = await db
        .selectFrom('department')
        .select('id')
        .where('id', '=', department)
        .executeTakeFirst();
      if (row === undefined) return refuse('invalid', 'department');
    }
    if (owner !== undefined && owner !== null) {
      const row = await db.selectFrom('user').select('id').where('id', '=', owner).executeTakeFirst();
      if (row === undefined) return refuse('invalid', 'owner');
    }
    return done(null);
  }

  return { command, changeFigure, settled, keepAsWritten, checkNames };
}

function figureIn(doc: Y.Doc, id: string): Outcome<RegisteredFigure> {
  const map = findFigure(doc, id);
  return map === null ? refuse('not_found') : done(readFigure(map, id));
}
