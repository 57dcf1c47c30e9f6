/** Registering figures that stand in the text. */
import type * as Y from 'yjs';
import type { FigureFactsInput, NewFiguresCommand } from '#lib/figures/command.ts';
import type { DetectedFigure, FigureKind } from '#lib/figures/figure.ts';
import {
  addFigure,
  FIGURE_FIELDS,
  figuresOf,
  findFigure,
  MAX_FIGURES,
  type FigureFields,
} from '#lib/figures/register.ts';
import { sightOf } from '#lib/figures/sight.ts';
import type { Stretch } from '#lib/review/range.ts';
import type { Actor } from '#lib/review/permissions.ts';
import type { AppEvent } from '../event.ts';
import { done, refuse, type Outcome } from '../outcome.ts';
import { authorize } from '../reports/access.ts';
import { arrival, idFor } from '../review/command.ts';
import type { Keeper } from '../review/keeping.ts';
import { placeOf } from './place.ts';
import type { FiguresDeps, Registrar } from './registrar.ts';

/** What `all` leaves out unless it is asked for: these are listed apart. */
const CALENDAR: readonly FigureKind[] = ['year', 'period', 'date'];

/** A figure that stands in the text, and what a command says of it. */
interface Candidate {
  block: Stretch['block'];
  detected: DetectedFigure;
  facts: FigureFactsInput;
}

export interface Registering {
  /**
   * Answers the ids in the order of the command, of `all` in the order of the text; what is registered
   * already has the id it has. `conflict` (`stateVector`): the content that it speaks of has not arrived;
   * `invalid` (`exact`): no figure stands there.
   */
  register(actor: Actor, reportId: string, command: NewFiguresCommand): Promise<Outcome<{ ids: string[] }>>;
}

export function createRegistering(
  { access, now, keeping, sync, waitMs }: FiguresDeps,
  { command, checkNames }: Registrar,
): Registering {
  async function register(
    actor: Actor,
    reportId: string,
    input: NewFiguresCommand,
  ): Promise<Outcome<{ ids: string[] }>> {
    const allowed = await authorize(access, actor, reportId, 'registerFigure');
    if (!allowed.ok) return allowed;
    const given = 'figures' in input ? input.figures : [input];
    const named = new Map(
      given.map(({ fields = {} }) => [`${fields.department}/${fields.owner}`, fields] as const),
    );
    for (const fields of named.values()) {
      const checked = await checkNames(fields);
      if (!checked.ok) return checked;
    }
    const arrived = await arrival(sync(), reportId, input.stateVector, waitMs);
    if (!arrived.ok) return arrived;
    const keeper = await keeping.of(reportId);
    if (keeper === null) return refuse('not_found');
    const ids: string[] = [];
    const added: string[] = [];
    const outcome = await command<{ ids: string[] }>(
      actor,
      'registerFigure',
      reportId,
      input.key,
      (doc) => {
        const candidates = candidatesIn(keeper, input);
        if (!candidates.ok) return candidates;
        if (figuresOf(doc).size + candidates.value.length > MAX_FIGURES)
          return refuse('too_many', `${MAX_FIGURES}`);
        const at = now().toISOString();
        for (const [index, { block, detected, facts }] of candidates.value.entries()) {
          const known = keeper.sights.registered(block, detected);
          // What another command has just registered is kept from that moment on, and found here.
          if (known !== null && findFigure(doc, known) !== null) {
            ids.push(known);
            continue;
          }
          const anchor = keeper.anchors.anchorAt({ block, from: detected.start, to: detected.end });
          if (anchor === null) throw new Error('a figure of newlines alone');
          const id = idFor('figure', reportId, actor, `${input.key}/${index}`);
          const { now: value } = sightOf(block, detected);
          const { department = actor.departmentId, owner = actor.userId, source = null, note = null } = facts;
          const set = { ...fieldsOf(facts) };
          const who = { department, owner, source, note, by: actor.userId, at };
          addFigure(doc, { id, anchor, now: value, set, ...who });
          const map = findFigure(doc, id);
          if (map === null) throw new Error('a figure that was added is not there');
          // From now on, so that what happens until the commit is not missed.
          keeper.keeper.putFigure(id, map);
          ids.push(id);
          added.push(id);
        }
        const said: AppEvent[] = [];
        if (added.length > 0)
          said.push({ type: 'figure.registered', actor, reportId, figureIds: [...added] });
        const forOthers = Map.groupBy(added, (id) => readDepartmentOf(doc, id));
        for (const [departmentId, figureIds] of forOthers) {
          if (departmentId !== null && departmentId !== actor.departmentId)
            said.push({ type: 'figure.assigned', actor, reportId, figureIds, departmentId });
        }
        return done({ answer: { ids: [...ids] }, events: said });
      },
      (doc) => done({ ids: repeatedIds(doc, keeper, reportId, actor, input) }),
    );
    if (!outcome.ok) for (const id of added) keeper.keeper.remove(id);
    return outcome;
  }

  return { register };
}

function readDepartmentOf(doc: Y.Doc, id: string): string | null {
  return (findFigure(doc, id)?.get('department') as string | null | undefined) ?? null;
}

function candidatesIn(keeper: Keeper, input: NewFiguresCommand): Outcome<Candidate[]> {
  if ('all' in input) {
    const { kinds, fields = {} } = input;
    const isMeant = ({ kind }: DetectedFigure) => (kinds ? kinds.includes(kind) : !CALENDAR.includes(kind));
    const found = keeper.anchors.blocks.flatMap((block) =>
      keeper.sights
        .in(block)
        .filter((detected) => isMeant(detected))
        .map((detected) => ({ block, detected, facts: fields })),
    );
    return done(found);
  }
  const candidates: Candidate[] = [];
  for (const { fields = {}, ...selection } of 'figures' in input ? input.figures : [input]) {
    const found = placeOf(keeper, selection);
    if (!found.ok) return found;
    candidates.push({ ...found.value, facts: fields });
  }
  return done(candidates);
}

/** The ids that a command answered when it was carried out, as far as they are there. */
function repeatedIds(
  doc: Y.Doc,
  keeper: Keeper,
  reportId: string,
  actor: Actor,
  input: NewFiguresCommand,
): string[] {
  const idOf = (index: number) => idFor('figure', reportId, actor, `${input.key}/${index}`);
  if ('all' in input) {
    return Array.from({ length: MAX_FIGURES }, (_, index) => idOf(index)).filter(
      (id) => findFigure(doc, id) !== null,
    );
  }
  const given = 'figures' in input ? input.figures : [input];
  return given.flatMap((selection, index) => {
    const id = idOf(index);
    if (findFigure(doc, id) !== null) return [id];
    // It was registered before, by another command.
    const found = placeOf(keeper, selection);
    const known = found.ok ? keeper.sights.registered(found.value.block, found.value.detected) : null;
    return known === null ? [] : [known];
  });
}

/** What a person set; what is left out or null is as detected. */
function fieldsOf(facts: FigureFactsInput): FigureFields {
  const set: FigureFields = {};
  for (const name of FIGURE_FIELDS) {
    const value = facts[name];
    if (value !== undefined && value !== null) Object.assign(set, { [name]: value });
  }
  return set;
}
