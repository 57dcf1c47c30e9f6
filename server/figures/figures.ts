/**
 * The commands of the register of figures, the actor always first: what docs/figures.md says by number. Each
 * is carried out once for its `key`; who did it and when is the server's to say. To those who may not read a
 * report every one of these answers `not_found`.
 */
import type { Kysely } from 'kysely';
import type * as Y from 'yjs';
import type {
  AssignmentCommand,
  FigureChangeCommand,
  FigureFactsInput,
  NewDismissalCommand,
  NewFiguresCommand,
  RestorationCommand,
  VerifyCommand,
  VerifyManyCommand,
} from '#lib/figures/command.ts';
import type { FigurePage, FigureQuery } from '#lib/figures/query.ts';
import type { DetectedFigure, FigureKind } from '#lib/figures/figure.ts';
import {
  addFigure,
  clearVerified,
  dismiss,
  dismissalsOf,
  FIGURE_FIELDS,
  figuresOf,
  findFigure,
  readDismissals,
  readFigure,
  readFigures,
  rebind,
  removeFigure,
  restoreFinding,
  setDepartment,
  setFact,
  setVerified,
  valueKeyOf,
  type Dismissal,
  type FigureFields,
  type FigureMap,
  type RegisteredFigure,
} from '#lib/figures/register.ts';
import { sightOf } from '#lib/figures/sight.ts';
import type { Selection, Stretch } from '#lib/review/anchors.ts';
import type { PlainCommand } from '#lib/review/command.ts';
import { actionOnFigure, can, type Actor, type ReportAction } from '#lib/review/permissions.ts';
import type { Anchor } from '#lib/review/thread.ts';
import type { AppEvent } from '../event.ts';
import type { Events } from '../events.ts';
import { done, refuse, type Outcome } from '../outcome.ts';
import { authorize, type AccessReader } from '../reports/access.ts';
import { arrival, idFor } from '../review/command.ts';
import type { Keeper, Keeping } from '../review/keeping.ts';
import { namesOf, type Names } from '../review/names.ts';
import type { Database } from '../store/tables.ts';
import type { SyncServer } from '../sync/sync.ts';
import { figureUnits, searchFigures } from './search.ts';

export interface FigurePath {
  reportId: string;
  figureId: string;
}

export interface Register {
  figures: RegisteredFigure[];
  dismissals: Dismissal[];
  people: Names;
}

/** One of several that were to be verified, and why it was not. */
export interface Unverified {
  id: string;
  code: 'not_found' | 'forbidden' | 'conflict';
}

export interface Figures {
  /** In the order of the text; what is not in it comes last. */
  list(actor: Actor, reportId: string): Promise<Outcome<Register>>;
  /** The same for a file; recorded. */
  export(actor: Actor, reportId: string, format: 'csv' | 'xlsx'): Promise<Outcome<Register>>;
  /**
   * Answers the ids in the order of the command, of `all` in the order of the text; what is registered
   * already has the id it has. `conflict` (`stateVector`): the content that it speaks of has not arrived;
   * `invalid` (`exact`): no figure stands there.
   */
  register(actor: Actor, reportId: string, command: NewFiguresCommand): Promise<Outcome<{ ids: string[] }>>;
  change(actor: Actor, at: FigurePath, command: FigureChangeCommand): Promise<Outcome<RegisteredFigure>>;
  assign(
    actor: Actor,
    reportId: string,
    command: AssignmentCommand,
  ): Promise<Outcome<{ figures: RegisteredFigure[] }>>;
  remove(actor: Actor, at: FigurePath, command: PlainCommand): Promise<Outcome<null>>;
  /** `conflict` (`valueKey`): the text has not, or not any more, what the verifier saw. */
  verify(actor: Actor, at: FigurePath, command: VerifyCommand): Promise<Outcome<RegisteredFigure>>;
  /** Those that can be are verified, the others named. */
  verifyMany(
    actor: Actor,
    reportId: string,
    command: VerifyManyCommand,
  ): Promise<Outcome<{ verified: string[]; refused: Unverified[] }>>;
  /** Takes a verification back. */
  unverify(actor: Actor, at: FigurePath, command: PlainCommand): Promise<Outcome<RegisteredFigure>>;
  dismiss(actor: Actor, reportId: string, command: NewDismissalCommand): Promise<Outcome<Dismissal>>;
  restore(actor: Actor, reportId: string, command: RestorationCommand): Promise<Outcome<null>>;
  /** Of all reports that the actor may read. */
  search(actor: Actor, query: FigureQuery): Promise<FigurePage>;
  /** The units of those, the most used first. */
  units(actor: Actor): Promise<string[]>;
}

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

/** The most of each in one report. */
const MAX_FIGURES = 5_000;
const MAX_DISMISSALS = 5_000;

/** What `all` leaves out unless it is asked for: these are listed apart. */
const CALENDAR: readonly FigureKind[] = ['year', 'period', 'date'];

/** What a change of the review document answers, and what it leaves to be told. */
interface Done<T> {
  answer: T;
  events: AppEvent[];
}
/** A figure that stands in the text, and what a command says of it. */
interface Candidate {
  block: Stretch['block'];
  detected: DetectedFigure;
  facts: FigureFactsInput;
}

export function createFigures(deps: FiguresDeps): Figures {
  const { db, access, events, now, keeping, sync, waitMs } = deps;

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

  const verify = (actor: Actor, at: FigurePath, { key, valueKey }: VerifyCommand) =>
    changeFigure(actor, at, 'verify', key ?? null, (map, { sights }) => {
      const sight = sights.look(at.figureId);
      if (sight.now === null || valueKeyOf(sight.now) !== valueKey) return refuse('conflict', 'valueKey');
      setVerified(map, actor.userId, now().toISOString(), sight);
      return done([
        { type: 'figure.verified', actor, reportId: at.reportId, figureIds: [at.figureId] },
      ] satisfies AppEvent[]);
    });

  async function verifyMany(
    actor: Actor,
    reportId: string,
    { key, figures }: VerifyManyCommand,
  ): Promise<Outcome<{ verified: string[]; refused: Unverified[] }>> {
    const allowed = await authorize(access, actor, reportId, 'verifyOwnFigure');
    if (!allowed.ok) return allowed;
    const keeper = await settled(reportId);
    if (keeper === null) return refuse('not_found');
    const { sights } = keeper;
    const outcome = await command<{ verified: string[]; refused: Unverified[] }>(
      actor,
      'verifyOwnFigure',
      reportId,
      key ?? null,
      (doc) => {
        const at = now().toISOString();
        const verified: string[] = [];
        const refused: Unverified[] = [];
        for (const { id, valueKey } of figures) {
          const map = findFigure(doc, id);
          const sight = map === null ? null : sights.look(id);
          if (map === null || sight === null) refused.push({ id, code: 'not_found' });
          else if (!can(actor, actionOnFigure(actor, 'verify', readFigure(map, id)), allowed.value))
            refused.push({ id, code: 'forbidden' });
          else if (sight.now === null || valueKeyOf(sight.now) !== valueKey)
            refused.push({ id, code: 'conflict' });
          else {
            setVerified(map, actor.userId, at, sight);
            verified.push(id);
          }
        }
        const about = { actor, reportId, figureIds: verified };
        return done({
          answer: { verified, refused },
          events: verified.length === 0 ? [] : [{ type: 'figure.verified', ...about }],
        });
      },
      () => done({ verified: figures.map(({ id }) => id), refused: [] }),
    );
    if (outcome.ok) await keepAsWritten(reportId, outcome.value.verified);
    return outcome;
  }

  const unverify = (actor: Actor, at: FigurePath, { key }: PlainCommand) =>
    changeFigure(actor, at, 'verify', key, (map) => {
      if (map.get('verified') === undefined) return refuse('conflict', 'state');
      clearVerified(map, actor.userId, now().toISOString());
      return done([
        { type: 'figure.unverified', actor, reportId: at.reportId, figureIds: [at.figureId] },
      ] satisfies AppEvent[]);
    });

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
    register,
    change,
    assign,
    remove,
    verify,
    verifyMany,
    unverify,
    async dismiss(actor, reportId, { key, ...said }) {
      const allowed = await authorize(access, actor, reportId, 'dismissFinding');
      if (!allowed.ok) return allowed;
      const dismissal: Dismissal = { ...said, by: actor.userId, at: now().toISOString() };
      return command<Dismissal>(
        actor,
        'dismissFinding',
        reportId,
        key,
        (doc) => {
          if (dismissalsOf(doc).size >= MAX_DISMISSALS) return refuse('too_many', `${MAX_DISMISSALS}`);
          dismiss(doc, dismissal);
          return done({
            answer: dismissal,
            events: [{ type: 'finding.dismissed', rule: said.rule, actor, reportId }],
          });
        },
        (doc) => {
          const known = readDismissals(doc).find(({ finding }) => finding === said.finding);
          return known === undefined ? refuse('not_found') : done(known);
        },
      );
    },
    async restore(actor, reportId, { key, finding }) {
      const allowed = await authorize(access, actor, reportId, 'dismissFinding');
      if (!allowed.ok) return allowed;
      return command<null>(
        actor,
        'dismissFinding',
        reportId,
        key,
        (doc) => {
          if (!dismissalsOf(doc).has(finding)) return refuse('not_found');
          restoreFinding(doc, finding);
          return done({ answer: null, events: [{ type: 'finding.restored', actor, reportId }] });
        },
        () => done(null),
      );
    },
  };
}

function figureIn(doc: Y.Doc, id: string): Outcome<RegisteredFigure> {
  const map = findFigure(doc, id);
  return map === null ? refuse('not_found') : done(readFigure(map, id));
}

function readDepartmentOf(doc: Y.Doc, id: string): string | null {
  return (findFigure(doc, id)?.get('department') as string | null | undefined) ?? null;
}

/** Where a browser's selection is, and the figure that stands there. */
function placeOf(
  { anchors, sights }: Keeper,
  selection: Selection,
): Outcome<{ anchor: Anchor; block: Stretch['block']; detected: DetectedFigure }> {
  const located = anchors.locate(selection);
  for (const stretch of located.state === 'orphan' ? [] : anchors.stretchesOn(located)) {
    const detected = sights.at(stretch);
    if (detected === null) continue;
    const { block } = stretch;
    const anchor = anchors.anchorAt({ block, from: detected.start, to: detected.end });
    if (anchor !== null) return done({ anchor, block, detected });
  }
  return refuse('invalid', 'exact');
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

/** Everybody whose name it takes to show figures. */
function peopleIn(figures: readonly RegisteredFigure[], dismissals: readonly Dismissal[]): Set<string> {
  const people = new Set<string>(dismissals.map(({ by }) => by));
  for (const { owner, registeredBy, verifiedBy, history } of figures) {
    for (const id of [owner, registeredBy, verifiedBy, ...history.map(({ by }) => by)])
      if (id !== null) people.add(id);
  }
  return people;
}
