import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocket, WebSocketServer } from 'ws';
import { SCHEMA_VERSION } from '#lib/report/model.ts';
import { CLOSE, MAX_UPDATE_BYTES, ROOM_PATH } from '#lib/sync/protocol.ts';
import type { DocKind } from '../store/docs.ts';

/** What a socket asked for. */
export interface Knock {
  reportId: string;
  kind: DocKind;
  extended: boolean;
}

/** A frame's fields beside the update itself. */
const OVERHEAD_BYTES = 1024;

class SyncSocket extends WebSocket {
  // ws closes an oversized message with 1009, after which the stock client would send it again for ever.
  override close(code?: number, reason?: string | Buffer): void {
    super.close(code === 1009 ? CLOSE.tooLarge : code, reason);
  }
}

export interface UpgradeOptions {
  /** Whether an Origin header names this server, which was reached under the given Host. */
  isOwnOrigin: (origin: string, host: string | undefined) => boolean;
  /** A socket that passed; it is paused, so that nothing is read before someone listens. */
  accept: (ws: WebSocket, request: IncomingMessage, knock: Knock) => void;
}

export interface Upgrade {
  /** Takes what is meant for `/sync/…`, and leaves the rest (false). */
  handle(request: IncomingMessage, socket: Duplex, head: Buffer): boolean;
  /** Every open socket. */
  readonly sockets: ReadonlySet<WebSocket>;
}

/**
 * Completes the handshake in every case and refuses with a close code: after an HTTP status the client
 * would try again for ever.
 */
export function createUpgrade({ isOwnOrigin, accept }: UpgradeOptions): Upgrade {
  const server = new WebSocketServer({
    noServer: true,
    perMessageDeflate: false,
    maxPayload: MAX_UPDATE_BYTES + OVERHEAD_BYTES,
    WebSocket: SyncSocket,
  });
  return {
    sockets: server.clients,
    handle(request, socket, head) {
      const url = request.url ?? '';
      if (!url.startsWith('/sync/')) return false;
      server.handleUpgrade(request, socket, head, (ws) => {
        // A peer that resets the connection is closed by ws; there is nothing else to do about it.
        ws.on('error', () => {});
        const answer = examine(request, isOwnOrigin);
        if (typeof answer === 'number') return ws.close(answer);
        ws.pause();
        accept(ws, request, answer);
      });
      return true;
    },
  };
}

/** The room that is asked for, or the code to refuse with. */
function examine(request: IncomingMessage, isOwnOrigin: UpgradeOptions['isOwnOrigin']): Knock | number {
  const { pathname, searchParams } = new URL(request.url ?? '', 'http://localhost');
  const { origin, host } = request.headers;
  // Browsers always say which page opens a socket; what says nothing is no browser, and has no cookies to misuse.
  if (origin !== undefined && !isOwnOrigin(origin, host)) return CLOSE.forbidden;
  const [, reportId, kind] = ROOM_PATH.exec(pathname) ?? [];
  if (reportId === undefined || (kind !== 'content' && kind !== 'review')) return CLOSE.notFound;
  const schema = searchParams.get('schema');
  if (schema !== null && schema !== String(SCHEMA_VERSION)) return CLOSE.clientTooOld;
  return { reportId, kind, extended: searchParams.get('ext') === '1' };
}
