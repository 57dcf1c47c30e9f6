/** What the rest of the server knows of the sync server. */
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import type * as Y from 'yjs';
import type { Actor } from '#lib/review/permissions.ts';
import type { Outcome } from '../outcome.ts';

export interface SyncServer {
  /** Takes a WebSocket upgrade for `/sync/…`; anything else is left to others (answers false). */
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): boolean;

  /** Reads a report's committed content. The doc must not be changed or kept. Null: no such report. */
  read<T>(reportId: string, reader: (doc: Y.Doc, at: { seq: number; epoch: number }) => T): Promise<T | null>;

  /**
   * One forward edit by the server on an actor's behalf: `change` runs on a copy, what it changed is
   * committed, attributed to the actor and broadcast. Rights have been checked by the caller and are
   * checked again at the commit. Refused with `not_found`, `forbidden` or `storage_full`.
   */
  edit(actor: Actor, reportId: string, change: (doc: Y.Doc) => void): Promise<Outcome<{ seq: number }>>;

  /** Whether a socket that may write is open on the report's content. */
  hasWriter(reportId: string): boolean;

  /** Rights on a report changed (share, status, trash): its sockets are judged anew, within a second. */
  reportChanged(reportId: string): void;

  /** A person's role, department or being changed: all their sockets are judged anew, within a second. */
  personChanged(userId: string): void;

  /** Flushes what is queued, closes every socket, and stops. */
  close(): Promise<void>;
}
