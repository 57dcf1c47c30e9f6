/** Changing what the register says of figures, giving them to departments, and taking them out of it. */
import type * as Y from 'yjs';
import type { AssignmentCommand, FigureChangeCommand, FigureFactsInput } from '#lib/figures/command.ts';
import {
  FIGURE_FIELDS,
  findFigure,
  readFigure,
  rebind,
  removeFigure,
  setDepartment,
  setFact,
  type FigureFields,
  type FigureMap,
  type RegisteredFigure,
} from '#lib/figures/register.ts';
import { sightOf } from '#lib/figures/sight.ts';
import type { PlainCommand } from '#lib/review/command.ts';
import { actionOnFigure, can, type Actor } from '#lib/review/permissions.ts';
import type { AppEvent } from '../event.ts';
import { done, refuse, type Outcome } from '../outcome.ts';
import { authorize } from '../reports/access.ts';
import { arrival } from '../review/command.ts';
import { placeOf } from './place.ts';
import type { FigurePath, FiguresDeps, Registrar } from './registrar.ts';

export interface Changing {
  change(actor: Actor, at: FigurePath, command: FigureChangeCommand): Promise<Outcome<RegisteredFigure>>;
  assign(
    actor: Actor,
    reportId: string,
    command: AssignmentCommand,
  ): Promise<Outcome<{ figures: RegisteredFigure[] }>>;
  remove(actor: Actor, at: FigurePath, command: PlainCommand): Promise<Outcome<null>>;
}

export function createChanging(
  { access, now, keeping, sync, waitMs }: FiguresDeps,
  { command, changeFigure, settled, keepAsWritten, checkNames }: Registrar,
): Changing {
  function change(actor: Actor, at: FigurePath, input: FigureChangeCommand) {
    const { key, rebind: place, department, ...facts } = input;
    return prepared(actor, at, input, () =>
      changeFigure(actor, at, 'edit', key, (map, keeper) => {
        const stamp = now().toISOString();
        const told: AppEvent[] = [];
        const about = { actor, reportId: at.reportId, figureIds: [at.figureId] };
        if (place !== undefined) {
          const found = placeOf(keeper, place);
          if (!found.ok) return found;
          const { anchor, block, detected } = found.value;
          const known = keeper.sights.registered(block, detected);
          if (known !== null && known !== at.figureId) return refuse('conflict', 'rebind');
          rebind(map, anchor, sightOf(block, detected), actor.userId, stamp);
        }
        if (department !== undefined && department !== map.get('department')) {
          setDepartment(map, department, actor.userId, stamp);
          told.push({ type: 'figure.assigned', departmentId: department, ...about });
        }
        const names = writeFacts(map, facts);
        if (place !== undefined) names.push('place');
        if (names.length > 0) told.push({ type: 'figure.changed', fields: names, ...about });
        return done(told);
      }),
    );
  }

  /** Waits for the content and the names that a change speaks of. */
  async function prepared<T>(
    actor: Actor,
    { reportId }: FigurePath,
    input: FigureChangeCommand,
    work: () => Promise<Outcome<T>>,
  ): Promise<Outcome<T>> {
    const allowed = await authorize(access, actor, reportId, 'registerFigure');
    if (!allowed.ok) return allowed;
    const checked = await checkNames(input);
    if (!checked.ok) return checked;
    if (input.rebind !== undefined) {
      const arrived = await arrival(sync(), reportId, input.rebind.stateVector, waitMs);
      if (!arrived.ok) return arrived;
    }
    return work();
  }

  async function assign(
    actor: Actor,
    reportId: string,
    { key, ids, department }: AssignmentCommand,
  ): Promise<Outcome<{ figures: RegisteredFigure[] }>> {
    const allowed = await authorize(access, actor, reportId, 'registerFigure');
    if (!allowed.ok) return allowed;
    const checked = await checkNames({ department });
    if (!checked.ok) return checked;
    if ((await settled(reportId)) === null) return refuse('not_found');
    const read = (doc: Y.Doc) =>
      done({
        figures: ids.flatMap((id) => {
          const map = findFigure(doc, id);
          return map === null ? [] : [readFigure(map, id)];
        }),
      });
    const outcome = await command<{ figures: RegisteredFigure[] }>(
      actor,
      'registerFigure',
      reportId,
      key,
      (doc) => {
        const maps: [string, FigureMap][] = [];
        for (const id of new Set(ids)) {
          const map = findFigure(doc, id);
          if (map === null) return refuse('not_found', id);
          if (!can(actor, actionOnFigure(actor, 'edit', readFigure(map, id)), allowed.value))
            return refuse('forbidden', id);
          if (map.get('department') !== department) maps.push([id, map]);
        }
        const at = now().toISOString();
        for (const [, map] of maps) setDepartment(map, department, actor.userId, at);
        const figureIds = maps.map(([id]) => id);
        const about = { actor, reportId, figureIds, departmentId: department };
        const { value } = read(doc) as { value: { figures: RegisteredFigure[] } };
        return done({
          answer: value,
          events: figureIds.length === 0 ? [] : [{ type: 'figure.assigned', ...about }],
        });
      },
      read,
    );
    if (outcome.ok) await keepAsWritten(reportId, ids);
    return outcome;
  }

  async function remove(actor: Actor, at: FigurePath, { key }: PlainCommand): Promise<Outcome<null>> {
    const { reportId, figureId } = at;
    const allowed = await authorize(access, actor, reportId, 'registerFigure');
    if (!allowed.ok) return allowed;
    const outcome = await command<null>(
      actor,
      'registerFigure',
      reportId,
      key,
      (doc) => {
        const map = findFigure(doc, figureId);
        if (map === null) return refuse('not_found');
        if (!can(actor, actionOnFigure(actor, 'edit', readFigure(map, figureId)), allowed.value))
          return refuse('forbidden');
        removeFigure(doc, figureId);
        return done({
          answer: null,
          events: [{ type: 'figure.removed', actor, reportId, figureIds: [figureId] }],
        });
      },
      () => done(null),
    );
    if (outcome.ok) keeping.present(reportId)?.remove(figureId);
    return outcome;
  }

  return { change, assign, remove };
}

/** Writes what changes; answers the names of that. */
function writeFacts(map: FigureMap, facts: FigureFactsInput): string[] {
  const changed: string[] = [];
  const isOther = (name: string, value: unknown) => JSON.stringify(map.get(name)) !== JSON.stringify(value);
  const { owner, source, note } = facts;
  if (owner !== undefined && isOther('owner', owner)) {
    setFact(map, 'owner', owner);
    changed.push('owner');
  }
  if (source !== undefined && isOther('source', source)) {
    setFact(map, 'source', source);
    changed.push('source');
  }
  if (note !== undefined && isOther('note', note)) {
    setFact(map, 'note', note);
    changed.push('note');
  }
  const before = (map.get('set') as FigureFields | undefined) ?? {};
  const set: Record<string, unknown> = { ...before };
  for (const name of FIGURE_FIELDS) {
    const value = facts[name];
    if (value === undefined || (value ?? undefined) === before[name]) continue;
    if (value === null) delete set[name];
    else set[name] = value;
    changed.push(name);
  }
  if (JSON.stringify(set) !== JSON.stringify(before)) setFact(map, 'set', set as FigureFields);
  return changed;
}
