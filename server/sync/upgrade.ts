import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer, type ServerOptions } from 'ws';
import { SCHEMA_VERSION } from '#lib/report/model.ts';
import { CLOSE, MAX_UPDATE_BYTES, ROOM_PATH } from '#lib/sync/protocol.ts';
import type { DocKind } from '../store/docs.ts';
import { Cap } from './cap.ts';
import { SyncSocket } from './socket.ts';

/** What a socket asked for. */
export interface Knock {
  reportId: string;
  kind: DocKind;
  extended: boolean;
}

/** A frame's fields beside the update itself. */
const OVERHEAD_BYTES = 1024;
/** How long a peer may take to go after it was told to, in milliseconds. */
const GOODBYE_MS = 2_000;

export interface UpgradeOptions {
  /** Whether an Origin header names this server, which was reached under the given Host. */
  isOwnOrigin: (origin: string, host: string | undefined) => boolean;
  /** Where a request came from. */
  addressOf: (request: IncomingMessage) => string;
  /** A socket is refused. */
  onRefused: (code: number) => void;
  /** How many sockets may be on their way in or out, and open from one address. */
  mostKnocks: number;
  mostPerAddress: number;
  /**
   * A socket that passed; it is paused, so that nothing is read before someone listens. It counts as a knock
   * until `admit` is called.
   */
  accept: (ws: SyncSocket, request: IncomingMessage, knock: Knock, admit: () => void) => void;
}

export interface Upgrade {
  /** Takes what is meant for `/sync/…`, and leaves the rest (false). */
  handle(request: IncomingMessage, socket: Duplex, head: Buffer): boolean;
  /** Every open socket. */
  readonly sockets: ReadonlySet<SyncSocket>;
}

/**
 * Completes the handshake in every case and refuses with a close code: after an HTTP status the client
 * would try again for ever. Only when far too many knock at once they are not heard at all.
 */
export function createUpgrade(options: UpgradeOptions): Upgrade {
  const { isOwnOrigin, addressOf, mostKnocks, onRefused, accept } = options;
  const addresses = new Cap(options.mostPerAddress);
  /** Sockets that are not admitted: being asked about, or on their way out. */
  let knocking = 0;
  // The types do not know closeTimeout yet.
  const settings: ServerOptions<typeof SyncSocket> & { closeTimeout: number } = {
    noServer: true,
    perMessageDeflate: false,
    maxPayload: MAX_UPDATE_BYTES + OVERHEAD_BYTES,
    closeTimeout: GOODBYE_MS,
    WebSocket: SyncSocket,
  };
  const server = new WebSocketServer<typeof SyncSocket>(settings);

  function greet(ws: SyncSocket, request: IncomingMessage, stream: Duplex): void {
    ws.stream = stream;
    // What a peer breaks is closed by ws: an oversized message with a code, the rest without a word.
    ws.on('error', (error: Error & { code?: string }) => {
      if (error.code === 'WS_ERR_UNSUPPORTED_MESSAGE_LENGTH') onRefused(CLOSE.tooLarge);
    });
    const address = addressOf(request);
    const hasPlace = addresses.enter(address);
    let isKnocking = true;
    knocking++;
    const admit = () => {
      if (isKnocking) knocking--;
      isKnocking = false;
    };
    ws.on('close', () => {
      admit();
      if (hasPlace) addresses.leave(address);
    });
    const answer = hasPlace ? examine(request, isOwnOrigin) : CLOSE.tooMany;
    if (typeof answer === 'number') {
      onRefused(answer);
      return ws.close(answer);
    }
    ws.pause();
    accept(ws, request, answer, admit);
  }

  return {
    sockets: server.clients,
    handle(request, socket, head) {
      const url = request.url ?? '';
      if (!url.startsWith('/sync/')) return false;
      if (knocking >= mostKnocks) socket.destroy();
      else server.handleUpgrade(request, socket, head, (ws) => greet(ws, request, socket));
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
