/**
 * The register of a report's figures as its review document holds it: `figures: Y.Map<id, Y.Map>`, written by
 * the server alone (docs/figures.md, G1…), so what is read here is trusted. Names are never stored: whoever
 * shows a figure looks people and departments up by id.
 */
import * as Y from 'yjs';
import type { Anchor } from '#lib/review/thread.ts';
import type { DetectedFigure } from './figure.ts';

/** The names of the Y.Maps in the review document. */
export const FIGURES_MAP = 'figures';
export const DISMISSALS_MAP = 'dismissals';

/** The most that are registered of one report. */
export const MAX_FIGURES = 5_000;

/**
 * `registered`: nobody has vouched for it yet. `verified`: somebody of its department has, and it is as they
 * saw it. `stale`: it is another than they saw. `orphan`: it is not in the text; it is looked for whenever
 * text is inserted.
 */
export const FIGURE_STATES = ['registered', 'verified', 'stale', 'orphan'] as const;
export type FigureState = (typeof FIGURE_STATES)[number];

/** What a figure says, wherever it stands. */
export type FigureValue = Omit<DetectedFigure, 'start' | 'end'>;

/** What a person may know better than detection. */
export const FIGURE_FIELDS = ['object', 'scope', 'period', 'modality'] as const;
export type FigureFields = Partial<Pick<DetectedFigure, (typeof FIGURE_FIELDS)[number]>>;

export interface FigureSource {
  /** What one would look it up in: 2024年水利统计年报, 表3. */
  text: string;
  /** http or https. */
  url?: string;
  /** The name or number of a file. */
  attachment?: string;
  /** The day of the data, `2024-03-01`. */
  asOf?: string;
}

/** What happened to a figure, oldest first. */
export interface FigureEntry {
  act: 'registered' | 'changed' | 'verified' | 'unverified' | 'assigned' | 'rebound';
  /** Null: that is not known, as when the text changed while nobody looked. */
  by: string | null;
  /** ISO 8601, UTC. */
  at: string;
  /** What it was then, as it was written. */
  surface: string;
  value: string;
  valueMax?: string;
  unit: string;
  /** Only of `assigned`: to which department; null: to none. */
  department?: string | null;
}

/** Who vouched for what. */
interface Verification {
  by: string;
  at: string;
  /** {@link valueKeyOf} of what they saw. */
  key: string;
  /** What stood around it. */
  around: string;
}

export interface RegisteredFigure extends FigureValue {
  id: string;
  anchor: Anchor;
  state: FigureState;
  /** Verified, and only the words around it are others. */
  reworded: boolean;
  /** What it says as the text has it, for verifying: {@link valueKeyOf} without what people set. */
  valueKey: string;
  /** Those of its fields that people set; the rest is as detected. */
  set: FigureFields;
  department: string | null;
  /** Who answers for it. */
  owner: string | null;
  source: FigureSource | null;
  note: string | null;
  registeredBy: string;
  registeredAt: string;
  verifiedBy: string | null;
  verifiedAt: string | null;
  verifiedKey: string | null;
  history: FigureEntry[];
}

/** A finding that somebody looked at and let stand. */
export interface Dismissal {
  /** {@link Finding.key}. */
  finding: string;
  rule: string;
  reason: string;
  by: string;
  at: string;
}

export type FigureMap = Y.Map<unknown>;

export function figuresOf(doc: Y.Doc): Y.Map<FigureMap> {
  return doc.getMap<FigureMap>(FIGURES_MAP);
}

/** All figures, the oldest first. */
export function readFigures(doc: Y.Doc): RegisteredFigure[] {
  const figures: RegisteredFigure[] = [];
  figuresOf(doc).forEach((map, id) => figures.push(readFigure(map, id)));
  return figures.sort((a, b) => order(a.registeredAt, b.registeredAt) || order(a.id, b.id));
}

export function readFigure(map: FigureMap, id: string): RegisteredFigure {
  const now = nowOf(map);
  const set = (map.get('set') as FigureFields | undefined) ?? {};
  const verified = verificationOf(map);
  return {
    id,
    ...now,
    ...set,
    anchor: map.get('anchor') as Anchor,
    state: map.get('state') as FigureState,
    reworded: map.get('reworded') === true,
    valueKey: valueKeyOf(now),
    set,
    department: map.get('department') as string | null,
    owner: map.get('owner') as string | null,
    source: map.get('source') as FigureSource | null,
    note: map.get('note') as string | null,
    registeredBy: map.get('registeredBy') as string,
    registeredAt: map.get('registeredAt') as string,
    verifiedBy: verified?.by ?? null,
    verifiedAt: verified?.at ?? null,
    verifiedKey: verified?.key ?? null,
    history: historyOf(map).toArray(),
  };
}

/** All dismissals, by the finding's key. */
export function readDismissals(doc: Y.Doc): Dismissal[] {
  const dismissals: Dismissal[] = [];
  dismissalsOf(doc).forEach((facts, finding) => dismissals.push({ finding, ...facts }));
  return dismissals.sort((a, b) => order(a.at, b.at) || order(a.finding, b.finding));
}

/** Names what a figure says: two that differ in value, unit, qualifier, kind or object have different keys. */
export function valueKeyOf(value: FigureValue): string {
  const { value: number, valueMax = null, unit, qualifier = null, op, kind, object = null } = value;
  return JSON.stringify([number, valueMax, unit, qualifier, op, kind, object]);
}

/** Whether two say the same, down to what is told by the words around them. */
export function sameValue(a: FigureValue, b: FigureValue): boolean {
  return (
    a.surface === b.surface &&
    valueKeyOf(a) === valueKeyOf(b) &&
    (['unitClass', 'step', 'scope', 'period', 'trend', 'basis', 'per', 'modality'] as const).every(
      (key) => a[key] === b[key],
    )
  );
}

/** How a figure stands. `now` null: no figure is where it was. */
export function stateOf(now: FigureValue | null, verifiedKey: string | null): FigureState {
  if (now === null) return 'orphan';
  if (verifiedKey === null) return 'registered';
  return valueKeyOf(now) === verifiedKey ? 'verified' : 'stale';
}

/** So long must what a figure is of be to tell by itself, without place or time, what it is about: 学校 does not. */
const TELLING_OBJECT = 4;

/**
 * Names what a figure is about, so that two reports with different values of one topic contradict each other;
 * null: that cannot be said. Changes, bounds, ranges and dates are not compared.
 */
export function topicOf(figure: FigureValue): string | null {
  const { object, scope = '', period = '', per = '', unit, unitClass, kind, op, modality } = figure;
  if (object === undefined || object === '' || op !== 'eq' || figure.valueMax !== undefined) return null;
  if (scope === '' && period === '' && object.length < TELLING_OBJECT) return null;
  if (figure.trend !== undefined || figure.basis !== undefined) return null;
  if (unitClass === 'calendar' || kind === 'ordinal' || kind === 'period') return null;
  return JSON.stringify([kind, unit, object, scope, period, per, modality]);
}

/* What the server writes. */

/** What a new entry of the register is made of. */
export interface NewFigure {
  id: string;
  anchor: Anchor;
  now: FigureValue;
  set: FigureFields;
  department: string | null;
  owner: string | null;
  source: FigureSource | null;
  note: string | null;
  by: string;
  at: string;
}

/** The most that is remembered of one figure. */
const MOST_ENTRIES = 100;
/** Changes by the same person within so long are one entry, in milliseconds. */
const ONE_CHANGE_MS = 5 * 60_000;

export function addFigure(doc: Y.Doc, { id, by, at, ...facts }: NewFigure): void {
  const map: FigureMap = new Y.Map<unknown>(Object.entries(facts));
  map.set('state', 'registered' satisfies FigureState);
  map.set('registeredBy', by);
  map.set('registeredAt', at);
  map.set('history', Y.Array.from([entryOf('registered', by, at, facts.now)]));
  figuresOf(doc).set(id, map);
}

/** Null: there is no such figure. */
export function findFigure(doc: Y.Doc, id: string): FigureMap | null {
  return figuresOf(doc).get(id) ?? null;
}

export function removeFigure(doc: Y.Doc, id: string): void {
  figuresOf(doc).delete(id);
}

export function nowOf(map: FigureMap): FigureValue {
  return map.get('now') as FigureValue;
}

export function verificationOf(map: FigureMap): Verification | null {
  return (map.get('verified') as Verification | undefined) ?? null;
}

/** How the text has a figure now. */
export interface Sight {
  now: FigureValue | null;
  /** What stands around it. */
  around: string;
}

/** Writes how the text has a figure now; answers its state before and after. `by` null: not known. */
export function setSight(
  map: FigureMap,
  { now, around }: Sight,
  by: string | null,
  at: string,
): { before: FigureState; after: FigureState } {
  const before = map.get('state') as FigureState;
  const known = nowOf(map);
  const verified = verificationOf(map);
  const after = stateOf(now, verified?.key ?? null);
  if (now !== null && !sameValue(now, known)) {
    map.set('now', now);
    if (now.surface !== known.surface || valueKeyOf(now) !== valueKeyOf(known)) {
      note(map, entryOf('changed', by, at, now));
    }
  }
  if (before !== after) map.set('state', after);
  const reworded = after === 'verified' && verified !== null && verified.around !== around;
  if (reworded !== (map.get('reworded') === true)) map.set('reworded', reworded);
  return { before, after };
}

export function setVerified(map: FigureMap, by: string, at: string, { now, around }: Sight): void {
  if (now === null) throw new Error('a figure that is not in the text cannot be verified');
  map.set('verified', { by, at, key: valueKeyOf(now), around } satisfies Verification);
  note(map, entryOf('verified', by, at, now));
  setSight(map, { now, around }, by, at);
}

export function clearVerified(map: FigureMap, by: string, at: string): void {
  if (verificationOf(map) === null) return;
  map.delete('verified');
  map.set('reworded', false);
  const state = map.get('state') as FigureState;
  if (state !== 'orphan') map.set('state', 'registered' satisfies FigureState);
  note(map, entryOf('unverified', by, at, nowOf(map)));
}

/** Gives a figure to a department; what another one vouched for does not hold for it. */
export function setDepartment(map: FigureMap, department: string | null, by: string, at: string): void {
  clearVerified(map, by, at);
  map.set('department', department);
  note(map, { ...entryOf('assigned', by, at, nowOf(map)), department });
}

/** What is kept of a figure beside its place, its value and its department. */
export interface FigureFacts {
  owner: string | null;
  source: FigureSource | null;
  note: string | null;
  set: FigureFields;
}

export function setFact<K extends keyof FigureFacts>(map: FigureMap, key: K, value: FigureFacts[K]): void {
  map.set(key, value);
}

/** Puts a figure on another place of the text. */
export function rebind(map: FigureMap, anchor: Anchor, sight: Sight, by: string, at: string): void {
  map.set('anchor', anchor);
  if (sight.now !== null) {
    map.set('now', sight.now);
    note(map, entryOf('rebound', by, at, sight.now));
  }
  setSight(map, sight, by, at);
}

export function dismiss(doc: Y.Doc, { finding, ...facts }: Dismissal): void {
  dismissalsOf(doc).set(finding, facts);
}

/** Answers whether it was dismissed. */
export function restoreFinding(doc: Y.Doc, finding: string): boolean {
  const dismissals = dismissalsOf(doc);
  const was = dismissals.has(finding);
  dismissals.delete(finding);
  return was;
}

export function dismissalsOf(doc: Y.Doc): Y.Map<Omit<Dismissal, 'finding'>> {
  return doc.getMap(DISMISSALS_MAP);
}

function historyOf(map: FigureMap): Y.Array<FigureEntry> {
  return map.get('history') as Y.Array<FigureEntry>;
}

function entryOf(
  act: FigureEntry['act'],
  by: string | null,
  at: string,
  { surface, value, valueMax, unit }: FigureValue,
): FigureEntry {
  return { act, by, at, surface, value, ...(valueMax !== undefined && { valueMax }), unit };
}

/** Remembers what happened. Somebody who types a number changes it with every key: that is one change. */
function note(map: FigureMap, entry: FigureEntry): void {
  const history = historyOf(map);
  const last = history.length === 0 ? null : history.get(history.length - 1);
  const isSameChange =
    last !== null &&
    last.act === 'changed' &&
    entry.act === 'changed' &&
    last.by === entry.by &&
    Date.parse(entry.at) - Date.parse(last.at) < ONE_CHANGE_MS;
  if (isSameChange) history.delete(history.length - 1);
  // The first says who registered it.
  else if (history.length >= MOST_ENTRIES) history.delete(1);
  history.push([entry]);
}

function order(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
