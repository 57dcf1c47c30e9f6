/** How a socket becomes a session of a room: who it is, whether there is a place, and how its bytes get there. */
import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import type { Logger } from 'pino';
import { CLOSE } from '#lib/sync/protocol.ts';
import { Cap } from './cap.ts';
import type { Records } from './judge.ts';
import type { Rooms } from './rooms.ts';
import { Session, type Floor, type Socket } from './session.ts';
import type { SyncSocket } from './socket.ts';
import { Unfinished } from './unfinished.ts';
import { createUpgrade, type Knock, type Upgrade, type UpgradeOptions } from './upgrade.ts';

export interface DoorOptions extends Pick<UpgradeOptions, 'isOwnOrigin' | 'addressOf'> {
  log: Logger;
  rooms: Rooms;
  floor: Floor;
  authenticate: Records['authenticate'];
  /** Whether nobody comes in any more. */
  isClosing: () => boolean;
}

/** Takes upgrades, and brings who may come to their room. */
export function openDoor(options: DoorOptions): Upgrade {
  const { log, rooms, floor, authenticate, isOwnOrigin, addressOf, isClosing } = options;
  const { limits, meter } = floor;
  const users = new Cap(limits.sockets.perUser);
  const documents = new Cap(limits.sockets.perDocument);
  const unfinished = new Unfinished(limits.unfinishedBytes);

  function turnAway(ws: SyncSocket, code: number, reason: string): void {
    meter.closed(code);
    ws.close(code, reason);
  }

  async function accept(
    ws: SyncSocket,
    request: IncomingMessage,
    knock: Knock,
    admit: () => void,
  ): Promise<void> {
    const { cookie } = request.headers;
    // Kept for as long as the socket: no more of the request than what signs it in.
    const credentials: IncomingHttpHeaders = cookie === undefined ? {} : { cookie };
    const signedIn = await authenticate(credentials);
    if (ws.readyState !== ws.OPEN) return;
    if (signedIn === null) return turnAway(ws, CLOSE.unauthorized, 'not signed in');
    const { userId } = signedIn.actor;
    const document = `${knock.reportId}/${knock.kind}`;
    if (!users.enter(userId)) return turnAway(ws, CLOSE.tooMany, 'too many sockets of one person');
    ws.on('close', () => users.leave(userId));
    if (!documents.enter(document)) return turnAway(ws, CLOSE.tooMany, 'too many sockets on one document');
    ws.on('close', () => documents.leave(document));
    const { extended } = knock;
    const session = new Session({ socket: socketOf(ws), userId, extended, credentials, floor });
    listen(ws, session, unfinished);
    const entered = await rooms.use(knock.reportId, knock.kind, async (room) => {
      await room.join(session);
      return true;
    });
    if (entered === null) session.close(CLOSE.notFound, 'no such report');
    if (session.isClosed) return;
    // Nobody comes in while everybody is being sent away.
    if (isClosing()) return session.close(CLOSE.reconnect, 'the server is stopping');
    admit();
    ws.resume();
  }

  return createUpgrade({
    isOwnOrigin,
    addressOf,
    onRefused: (code) => meter.closed(code),
    mostKnocks: limits.knocks,
    mostPerAddress: limits.sockets.perAddress,
    accept(ws, request, knock, admit) {
      if (isClosing()) return turnAway(ws, CLOSE.reconnect, 'the server is stopping');
      accept(ws, request, knock, admit).catch((error: unknown) => {
        log.error({ err: error, report: knock.reportId }, 'a document could not be opened');
        turnAway(ws, CLOSE.reconnect, 'the document could not be opened');
      });
    },
  });
}

function socketOf(ws: SyncSocket): Socket {
  return {
    get bufferedBytes() {
      return ws.bufferedAmount;
    },
    send: (message, taken) => ws.sendMessage(message, taken),
    pause: () => ws.pause(),
    resume: () => ws.resume(),
    close: (code, reason) => ws.close(code, reason),
    ping: () => ws.ping(),
    terminate: () => ws.terminate(),
  };
}

/** Tells a session what comes over its socket. */
function listen(ws: SyncSocket, session: Session, unfinished: Unfinished): void {
  const { userId } = session;
  ws.on('close', () => session.closed());
  ws.stream?.on('drain', () => session.drained());
  ws.on('pong', () => session.sawLife());
  // What came since the last message; of the chunk that it ended in the rest is not counted.
  let begun = 0;
  const forget = () => {
    unfinished.drop(userId, begun);
    begun = 0;
  };
  ws.on('close', forget);
  // Before ws hears of it, which ends a message.
  ws.stream?.prependListener('data', (chunk: Buffer) => {
    begun += chunk.length;
    if (!unfinished.add(userId, chunk.length)) session.cut();
  });
  ws.on('message', (data: Buffer, isBinary) => {
    forget();
    // A copy: ws hands out views of a buffer that holds other people's frames as well.
    if (isBinary) session.receive(new Uint8Array(data));
    else session.close(CLOSE.malformed, 'text is not spoken here');
  });
}
