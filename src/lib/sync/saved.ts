/**
 * Whether what someone wrote is safe, from what the connection has seen. Pure: each event gives new
 * facts, and {@link savedState} reads them. "Saved" is said only when every frame of this socket is
 * committed and acknowledged and nothing waits in the browser.
 */
import { CLOSE, NACK, type NackCode } from './protocol.ts';

/** What people are told. `unsaved` counts changes that so far only this device has. */
export type SavedState =
  | { kind: 'connecting'; unsaved: number }
  | { kind: 'saving'; unsaved: number }
  | { kind: 'saved' }
  /** `kept` of them are in the browser's own copy; null: it keeps none. */
  | { kind: 'offline'; unsaved: number; kept: number | null }
  /** Connected, but the server cannot store: its disk is full, for example. */
  | { kind: 'notSaved'; unsaved: number }
  | { kind: 'readOnly' }
  /** The server did not take what was written here; it was put aside. */
  | { kind: 'refused'; code: NackCode }
  | { kind: 'signedOut'; unsaved: number }
  | { kind: 'forbidden'; unsaved: number }
  | { kind: 'gone'; unsaved: number }
  | { kind: 'clientTooOld'; unsaved: number }
  /** Too many windows have this open: it is tried again when one may have been closed. */
  | { kind: 'tooMany'; unsaved: number };

/** Closed for good, by the server's decision. */
type Ended = 'signedOut' | 'forbidden' | 'gone' | 'clientTooOld' | 'tooMany';

export interface Facts {
  socket: 'connecting' | 'open' | 'lost' | Ended;
  /** null before the server said so. */
  canWrite: boolean | null;
  storing: boolean;
  /** All changes made here that were not saved when this began, and since. */
  changes: number;
  /** How many of them are saved. */
  saved: number;
  /** How many of them were saved or in the browser's own copy when that was last written; null: there is none. */
  kept: number | null;
  /** What each sent frame of this socket covers: the number of changes up to it. */
  sent: number[];
  acked: number;
  /** Whether the answer to the server's state vector is among the sent frames: before that nothing is covered. */
  hasAnswered: boolean;
  /** Whether the server's state has arrived on this socket. */
  synced: boolean;
  refused: NackCode | null;
}

export type SavedEvent =
  /** The browser's copy is loaded, with so many changes that no server has. */
  | { type: 'loaded'; unsaved: number }
  | { type: 'connecting' }
  | { type: 'opened' }
  | { type: 'info'; canWrite: boolean; storing: boolean }
  | { type: 'synced' }
  | { type: 'changed' }
  /** The browser's copy has the first so many changes for certain; null: it could not be written. */
  | { type: 'kept'; changes: number | null }
  | { type: 'sent'; isAnswer: boolean }
  | { type: 'acked'; n: number }
  | { type: 'refused'; code: NackCode }
  | { type: 'closed'; code: number | null }
  /** What was refused has been seen. */
  | { type: 'dismissed' }
  /** A fresh document took the place of a refused one. */
  | { type: 'reset' }
  /** A fresh document that holds the same took the place of one of an older epoch. */
  | { type: 'renewed' };

export const INITIAL: Facts = {
  socket: 'connecting',
  canWrite: null,
  storing: true,
  changes: 0,
  saved: 0,
  kept: null,
  sent: [],
  acked: 0,
  hasAnswered: false,
  synced: false,
  refused: null,
};

const ENDED: Readonly<Record<number, Ended>> = {
  [CLOSE.unauthorized]: 'signedOut',
  [CLOSE.forbidden]: 'forbidden',
  [CLOSE.notFound]: 'gone',
  [CLOSE.clientTooOld]: 'clientTooOld',
  [CLOSE.tooMany]: 'tooMany',
};

const NO_FRAMES = { sent: [], acked: 0, hasAnswered: false, synced: false };

export function next(facts: Facts, event: SavedEvent): Facts {
  switch (event.type) {
    case 'loaded':
      // Only what the copy holds is known to be in it.
      return {
        ...facts,
        changes: facts.changes + event.unsaved,
        kept: facts.changes === 0 ? event.unsaved : null,
      };
    case 'connecting':
      return { ...facts, ...NO_FRAMES, socket: facts.socket === 'lost' ? 'lost' : 'connecting' };
    case 'opened':
      return { ...facts, ...NO_FRAMES, socket: 'open' };
    case 'info':
      return { ...facts, canWrite: event.canWrite, storing: event.storing };
    case 'synced':
      return { ...facts, synced: true };
    case 'changed':
      return { ...facts, changes: facts.changes + 1 };
    case 'kept':
      return { ...facts, kept: event.changes };
    case 'sent': {
      const hasAnswered = facts.hasAnswered || event.isAnswer;
      // What was written offline goes out with the answer only: earlier frames say nothing of it.
      const covered = hasAnswered ? facts.changes : facts.saved;
      return { ...facts, hasAnswered, sent: [...facts.sent, covered] };
    }
    case 'acked': {
      const covered = facts.sent[event.n - facts.acked - 1];
      if (covered === undefined) return facts;
      const sent = facts.sent.slice(event.n - facts.acked);
      return { ...facts, acked: event.n, sent, saved: Math.max(facts.saved, covered) };
    }
    case 'refused':
      return { ...facts, refused: event.code };
    case 'closed':
      return { ...facts, ...NO_FRAMES, socket: ENDED[event.code ?? 0] ?? 'lost' };
    case 'dismissed':
      return { ...facts, refused: null };
    case 'reset':
      return { ...INITIAL, refused: facts.refused };
    case 'renewed':
      return { ...INITIAL, refused: facts.refused, changes: unsavedChanges(facts) };
    default:
      return event satisfies never;
  }
}

export function unsavedChanges({ changes, saved }: Facts): number {
  return changes - saved;
}

/** How many changes that no server has would survive a closed window; null: none can. */
function keptChanges({ changes, saved, kept }: Facts): number | null {
  return kept === null ? null : Math.max(0, Math.min(kept, changes) - saved);
}

/** Whether something would be lost with the window: neither the server nor the browser's copy has it. */
export function wouldLose(facts: Facts): boolean {
  return unsavedChanges(facts) > (keptChanges(facts) ?? 0);
}

export function savedState(facts: Facts): SavedState {
  const unsaved = unsavedChanges(facts);
  const { socket, refused } = facts;
  switch (socket) {
    case 'signedOut':
    case 'forbidden':
    case 'gone':
    case 'clientTooOld':
    case 'tooMany':
      return { kind: socket, unsaved };
    case 'connecting':
    case 'lost':
      if (refused !== null) return { kind: 'refused', code: refused };
      if (socket === 'lost') return { kind: 'offline', unsaved, kept: keptChanges(facts) };
      return { kind: 'connecting', unsaved };
    case 'open':
      if (refused !== null) return { kind: 'refused', code: refused };
      if (facts.canWrite === null) return { kind: 'connecting', unsaved };
      if (!facts.canWrite) return { kind: 'readOnly' };
      if (!facts.storing && unsaved > 0) return { kind: 'notSaved', unsaved };
      if (facts.hasAnswered && facts.synced && facts.sent.length === 0 && unsaved === 0)
        return { kind: 'saved' };
      return { kind: 'saving', unsaved };
    default:
      return socket satisfies never;
  }
}

/** Whether a refusal is of what was written, so that sending it again could only be refused again. */
export function isOfContent(code: NackCode): boolean {
  return code !== NACK.tooFast;
}

/** The refusal behind a close code; null: the code is about something else. */
export function refusalOf(closeCode: number): NackCode | null {
  switch (closeCode) {
    case CLOSE.malformed:
      return NACK.malformed;
    case CLOSE.foreignClient:
      return NACK.foreignClient;
    case CLOSE.tooLarge:
      return NACK.tooLarge;
    default:
      return null;
  }
}
