/**
 * The commands of the register of figures, the actor always first: what docs/figures.md says by number. Each
 * is carried out once for its `key`; who did it and when is the server's to say. To those who may not read a
 * report every one of these answers `not_found`.
 */
import type { FigurePage, FigureQuery } from '#lib/figures/query.ts';
import { readDismissals, readFigures, type Dismissal, type RegisteredFigure } from '#lib/figures/register.ts';
import type { Actor, ReportAction } from '#lib/review/permissions.ts';
import { done, refuse, type Outcome } from '../outcome.ts';
import { authorize } from '../reports/access.ts';
import { namesOf, type Names } from '../review/names.ts';
import { figureUnits, searchFigures } from './search.ts';
import { createChanging, type Changing } from './changing.ts';
import { createDismissing, type Dismissing } from './dismissing.ts';
import { createRegistering, type Registering } from './registering.ts';
import { createRegistrar, type FiguresDeps } from './registrar.ts';
import { createVerifying, type Verifying } from './verifying.ts';

export interface Register {
  figures: RegisteredFigure[];
  dismissals: Dismissal[];
  people: Names;
}

export interface Figures extends Registering, Changing, Verifying, Dismissing {
  /** In the order of the text; what is not in it comes last. */
  list(actor: Actor, reportId: string): Promise<Outcome<Register>>;
  /** The same for a file; recorded. */
  export(actor: Actor, reportId: string, format: 'csv' | 'xlsx'): Promise<Outcome<Register>>;
  /** Of all reports that the actor may read. */
  search(actor: Actor, query: FigureQuery): Promise<FigurePage>;
  /** The units of those, the most used first. */
  units(actor: Actor): Promise<string[]>;
}

export function createFigures(deps: FiguresDeps): Figures {
  const { db, access, events, keeping, sync } = deps;
  const registrar = createRegistrar(deps);

  async function readRegister(actor: Actor, reportId: string, action: ReportAction) {
    const allowed = await authorize(access, actor, reportId, action);
    if (!allowed.ok) return allowed;
    const read = await sync().readReview(reportId, (doc) => ({
      figures: readFigures(doc),
      dismissals: readDismissals(doc),
    }));
    if (read === null) return refuse('not_found');
    const places = (await keeping.of(reportId))?.anchors.places();
    const place = ({ id }: RegisteredFigure) => places?.get(id) ?? Number.MAX_SAFE_INTEGER;
    read.figures.sort((a, b) => place(a) - place(b));
    return done({ ...read, people: await namesOf(db, peopleIn(read.figures, read.dismissals)) });
  }

  return {
    search: (actor, query) => searchFigures(db, actor, query),
    units: (actor) => figureUnits(db, actor),
    list: (actor, reportId) => readRegister(actor, reportId, 'read'),
    async export(actor, reportId, format) {
      const register = await readRegister(actor, reportId, 'export');
      if (register.ok) await events.emit({ type: 'figure.exported', actor, reportId, format });
      return register;
    },
    ...createRegistering(deps, registrar),
    ...createChanging(deps, registrar),
    ...createVerifying(deps, registrar),
    ...createDismissing(deps, registrar),
  };
}

/** Everybody whose name it takes to show figures. */
function peopleIn(figures: readonly RegisteredFigure[], dismissals: readonly Dismissal[]): Set<string> {
  const people = new Set<string>(dismissals.map(({ by }) => by));
  for (const { owner, registeredBy, verifiedBy, history } of figures) {
    for (const id of [owner, registeredBy, verifiedBy, ...history.map(({ by }) => by)])
      if (id !== null) people.add(id);
  }
  return people;
}
