/** Whether one document's rows, snapshots and what is derived from them fit together. Pure. */
import * as Y from 'yjs';
import { readFigures } from '#lib/figures/register.ts';
import { CONTENT_FRAGMENT } from '#lib/report/model.ts';
import { readTitle } from '#lib/report/title.ts';
import { FIGURES_PROJECTION, rowOf } from '../figures/row.ts';
import { sha256 } from '../store/digest.ts';
import { docOf } from '../store/snapshot.ts';
import type { FigureTable } from '../store/tables.ts';
import type { FaultCode } from './fault.ts';
import type { DocHead, HeldOwner, HeldRow, HeldRun, HeldSnapshot } from './holdings.ts';

/** All that is stored of one document. */
export interface HeldDoc {
  head: DocHead;
  /** The report's title and the sequence number it was read at; null: it mirrors no title. */
  title: { text: string; seq: number } | null;
  rows: readonly HeldRow[];
  snapshots: Iterable<HeldSnapshot>;
  owners: readonly HeldOwner[];
  runs: Iterable<HeldRun>;
  /** The index of the figures that it registers. */
  figures: readonly FigureTable[];
}

export interface DocFault {
  fault: FaultCode;
  detail: string;
}

interface Log {
  rows: readonly HeldRow[];
  /** Sequence numbers of rows that are no updates. */
  undecodable: Set<number>;
}

/** A state that was stored, at a sequence number. */
interface Base {
  seq: number;
  bytes: Uint8Array;
}

/** What is wrong with a document, in the order it was found. `people` are the ids of all there are. */
export function checkDocument(held: HeldDoc, people: ReadonlySet<string>): DocFault[] {
  const { head, rows } = held;
  const log: Log = {
    rows,
    undecodable: new Set(rows.filter(({ bytes }) => !isUpdate(bytes)).map(({ seq }) => seq)),
  };
  const faults: DocFault[] = [...log.undecodable].map((seq) => ({
    fault: 'undecodable',
    detail: `row ${seq}`,
  }));
  const { bases, newest, found } = checkSnapshots(held.snapshots, log);
  faults.push(...found, ...checkOrder(head, rows, newest), ...checkSizes(head, rows, newest.at(-1)));
  for (const author of strangers(rows, people)) faults.push({ fault: 'author', detail: `rows of ${author}` });
  faults.push(...checkProgress(head, held.title?.seq ?? 0));

  // What the server would begin with: see `load` in store/sqlite/docs.ts.
  const seen = head.kind === 'content' ? (head.projections.get('authorship') ?? 0) : head.headSeq;
  const base = bases.findLast(({ seq }) => seq <= seen) ?? null;
  const state = stateAt(base, log, head.headSeq);
  if (state === null) return [...faults, { fault: 'unloadable', detail: `from ${base?.seq ?? 0}` }];
  if (!isWhole(state)) faults.push({ fault: 'pending', detail: `at ${head.headSeq}` });
  faults.push(...checkTitle(held, state, bases, log));
  faults.push(...checkOwners(held, state, people), ...checkRuns(held, state, people));
  if (head.kind === 'review') faults.push(...checkFigures(held, state, bases, log));
  state.destroy();
  return faults;
}

function isUpdate(bytes: Uint8Array): boolean {
  try {
    Y.decodeUpdate(bytes);
    return true;
  } catch {
    // Whatever Yjs throws on bytes that are no update, they are no update.
    return false;
  }
}

function isWhole({ store }: Y.Doc): boolean {
  return store.pendingStructs === null && store.pendingDs === null;
}

/** The document at a sequence number, from a base and the rows after it; null: they do not give it. */
function stateAt(base: Base | null, { rows, undecodable }: Log, seq: number): Y.Doc | null {
  const from = base?.seq ?? 0;
  const between = rows.filter((row) => row.seq > from && row.seq <= seq);
  if (between.length !== seq - from || between.some((row) => undecodable.has(row.seq))) return null;
  try {
    return docOf(
      base?.bytes ?? null,
      between.map(({ bytes }) => bytes),
    );
  } catch {
    // Yjs throws on updates that decode and yet cannot be applied.
    return null;
  }
}

interface CheckedSnapshots {
  /** Those that can be read, oldest first. */
  bases: Base[];
  /** The last two, readable or not: row numbers and sizes. */
  newest: { seq: number; size: number }[];
  found: DocFault[];
}

function checkSnapshots(snapshots: Iterable<HeldSnapshot>, log: Log): CheckedSnapshots {
  let bases: Base[] = [];
  let newest: CheckedSnapshots['newest'] = [];
  const found: DocFault[] = [];
  for (const { seq, bytes, sha256: digest } of snapshots) {
    newest = [...newest.slice(-1), { seq, size: bytes.length }];
    const detail = `snapshot ${seq}`;
    if (sha256(bytes) !== digest) {
      found.push({ fault: 'digest', detail });
      continue;
    }
    const fault = checkSnapshot({ seq, bytes }, bases.at(-1) ?? null, log);
    if (fault !== null) found.push({ fault, detail });
    if (fault === 'undecodable') continue;
    // The server never goes further back than to the older of the last two; more of them may be large.
    bases = [...bases.slice(-1), { seq, bytes }];
  }
  return { bases, newest, found };
}

function checkSnapshot(snapshot: Base, before: Base | null, log: Log): FaultCode | null {
  const kept = isUpdate(snapshot.bytes) ? stateAt(snapshot, log, snapshot.seq) : null;
  if (kept === null) return 'undecodable';
  // Null where the rows are gone: those up to the older of the last two snapshots are.
  const derived = stateAt(before, log, snapshot.seq);
  const isSame = derived === null || isSameState(kept, derived);
  const fault = !isWhole(kept) ? 'pending' : isSame ? null : 'snapshotDiffers';
  kept.destroy();
  derived?.destroy();
  return fault;
}

/**
 * Whether two documents made of the same edits are the same. Their bytes nearly always are; Yjs may
 * still cut runs of structs differently, so then it is what was inserted, what was deleted and the text.
 */
function isSameState(a: Y.Doc, b: Y.Doc): boolean {
  if (Buffer.compare(Y.encodeStateAsUpdate(a), Y.encodeStateAsUpdate(b)) === 0) return true;
  const text = (doc: Y.Doc) => doc.getXmlFragment(CONTENT_FRAGMENT).toString();
  return Y.equalSnapshots(Y.snapshot(a), Y.snapshot(b)) && text(a) === text(b);
}

/** Rows follow one another from the older of the last two snapshots (or the beginning) up to the head. */
function checkOrder(
  { headSeq }: DocHead,
  rows: readonly HeldRow[],
  newest: readonly { seq: number }[],
): DocFault[] {
  const faults: DocFault[] = [];
  const begins = newest.length < 2 ? 1 : (newest[0]?.seq ?? 0) + 1;
  let next = Math.min(begins, rows[0]?.seq ?? begins);
  const missing = (upTo: number) => faults.push({ fault: 'gap', detail: `rows ${next}–${upTo}` });
  for (const { seq } of rows) {
    if (seq > next) missing(seq - 1);
    next = seq + 1;
  }
  if (next <= headSeq) missing(headSeq);
  else if (next > headSeq + 1) faults.push({ fault: 'gap', detail: `head ${headSeq}, row ${next - 1}` });
  return faults;
}

function checkSizes(
  { snapSeq, snapBytes, logBytes }: DocHead,
  rows: readonly HeldRow[],
  newest: { seq: number; size: number } = { seq: 0, size: 0 },
): DocFault[] {
  const faults: DocFault[] = [];
  if (newest.seq !== snapSeq || newest.size !== snapBytes) {
    faults.push({ fault: 'sizes', detail: `newest snapshot ${newest.seq}, said to be ${snapSeq}` });
  }
  const bytes = rows.reduce((sum, row) => sum + (row.seq > snapSeq ? row.bytes.length : 0), 0);
  if (bytes !== logBytes) {
    faults.push({ fault: 'sizes', detail: `${bytes} bytes of log, said to be ${logBytes}` });
  }
  return faults;
}

function checkProgress({ kind, headSeq, snapSeq, projections, pool }: DocHead, titleSeq: number): DocFault[] {
  const faults: DocFault[] = [];
  for (const [name, seq] of [['snapshot', snapSeq], ['title', titleSeq], ...projections] as const) {
    if (seq > headSeq) faults.push({ fault: 'projectionAhead', detail: `${name} ${seq}, head ${headSeq}` });
  }
  if (kind === 'content' && pool !== null && !isJson(pool)) faults.push({ fault: 'author', detail: 'pool' });
  return faults;
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    // What cannot be parsed is not JSON.
    return false;
  }
}

/** The list's title is what the text said at the moment that it was read. */
function checkTitle({ head, title }: HeldDoc, state: Y.Doc, bases: readonly Base[], log: Log): DocFault[] {
  if (title === null || title.seq > head.headSeq) return [];
  const base = bases.findLast(({ seq }) => seq <= title.seq) ?? null;
  const then = title.seq === head.headSeq ? state : stateAt(base, log, title.seq);
  // The rows of that moment may be gone; then it cannot be said.
  if (then === null || readTitle(then) === title.text) return [];
  return [{ fault: 'title', detail: `at ${title.seq}` }];
}

/** The index says what the register said at the moment that it was read. */
function checkFigures(
  { head, figures }: HeldDoc,
  state: Y.Doc,
  bases: readonly Base[],
  log: Log,
): DocFault[] {
  const seq = head.projections.get(FIGURES_PROJECTION) ?? 0;
  if (seq > head.headSeq) return [];
  const base = bases.findLast((one) => one.seq <= seq) ?? null;
  const then = seq === head.headSeq ? state : stateAt(base, log, seq);
  // The rows of that moment may be gone; then it cannot be said.
  if (then === null) return [];
  const meant = new Map(
    readFigures(then).map((figure) => [figure.id, stampOf(rowOf(head.reportId, figure))]),
  );
  const wrong = figures.filter((row) => meant.get(row.id) !== stampOf(row)).length;
  const missing = meant.size - (figures.length - wrong);
  return wrong === 0 && missing === 0 ? [] : [{ fault: 'figures', detail: `${wrong + missing} at ${seq}` }];
}

const stampOf = (row: FigureTable) =>
  JSON.stringify(Object.entries(row).sort(([a], [b]) => (a < b ? -1 : 1)));

function checkOwners({ head, owners }: HeldDoc, state: Y.Doc, people: ReadonlySet<string>): DocFault[] {
  return owners
    .filter(
      ({ clientId, userId, firstSeq }) =>
        !people.has(userId) ||
        firstSeq < 1 ||
        firstSeq > head.headSeq ||
        Y.getState(state.store, clientId) === 0,
    )
    .map(({ clientId }) => ({ fault: 'owner', detail: `client ${clientId}` }));
}

function checkRuns({ runs }: HeldDoc, state: Y.Doc, people: ReadonlySet<string>): DocFault[] {
  const clients = new Set<number>();
  for (const { client, clock, length, userId } of runs) {
    const isThere = clock >= 0 && length > 0 && clock + length <= Y.getState(state.store, client);
    if (!isThere || (userId !== null && !people.has(userId))) clients.add(client);
  }
  return [...clients].map((client) => ({ fault: 'author', detail: `client ${client}` }));
}

/** Authors of rows that are no people of this workspace. */
function strangers(rows: readonly HeldRow[], people: ReadonlySet<string>): Set<string> {
  const unknown = new Set<string>();
  for (const { userId } of rows) if (userId !== null && !people.has(userId)) unknown.add(userId);
  return unknown;
}
